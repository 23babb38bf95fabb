"""
Kit: tools that a shop for bicycles would need too.

Owns: money, the session and its transactions, places on the map, safe text, messages to send, the audit trail.
Promises: it knows no care word, and nothing but `kit/db.py` commits.
"""
