"""
Ratings: what people who used something say about it, and what providers answer.

Owns: criteria, outcomes, reviews, replies, changes, review cards, quality checks, and the moderation ledger.
Promises: only somebody who used it reviews it, once per arrangement; a provider never reviews itself; good and bad
are treated alike; no average below three people; what is counted always equals counting anew.
"""
