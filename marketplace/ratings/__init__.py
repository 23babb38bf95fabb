"""
Ratings: what people who used something say about it, and what providers answer.

Owns: reviews and replies.
Promises: only somebody who used it reviews it, once per arrangement; a provider never reviews itself; good and bad
are treated alike; no average below three people.
"""
