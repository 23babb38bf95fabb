"""
Accounts: people, the organisations they speak for, signing in, and who may do what.

Owns: people, organisations, roles, emailed links.
Promises: nobody acts as somebody else; a link works once; every permission comes from one table in `rules.py`.
"""
