"""
Demo: a fictional town, so that a newcomer finds a marketplace with life in it.

Owns: nothing of its own; it asks the other packages to make everything.
Promises: every row is made by the services that people use; nobody in it is real; it is never built in production.
"""
