"""
Moderation: what people report, and what moderators decide about it.

Owns: reports and decisions.
Promises: every decision has a reason the writer can read; a report is closed once, by a person we can name.
"""
