"""
Accounts: people, the organisations they speak for, signing in, and who may do what.

Owns: people, organisations, roles, sign-in tokens.
Promises: nobody acts as somebody else; a token works once; every permission comes from one table in `rules.py`.
"""
