"""
Demand: what a council learns about what people in its area look for and buy.

Owns: releases.
Promises: no person can be found in a release, alone or by comparing it with another; a release is built once, after
its quarter has closed, and its bytes never change.
"""
