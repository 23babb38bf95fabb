"""Which kinds of facts are kept for counting? The facts themselves are in `facts`."""

import enum

ANY_CATEGORY = "none"
"""Where something counts that is about no one category."""


class FactKind(enum.StrEnum):
    """What happened. `who` is a person, but in the last group; `provider` says whose offer it was about, if it was."""

    # Buying. `amount`: pence in all (agreed, bought), pence for one unit (priced). `facet`: funding stream, unit.
    ASKED = "asked"
    AGREED = "agreed"
    PRICED = "priced"
    BOUGHT = "bought"
    VISITED = "visited"
    # Wanting and not finding.
    SEARCHED_IN_VAIN = "searched_in_vain"
    SHORTLISTED = "shortlisted"
    WAITING = "waiting"
    # Pools: one fact for each member. `facet` of a failed one: why.
    POOL_OPENED = "pool_opened"
    POOL_MET = "pool_met"
    POOL_FAILED = "pool_failed"
    # Briefs.
    BRIEF_OPENED = "brief_opened"
    BRIEF_AWARDED = "brief_awarded"
    BRIEF_UNANSWERED = "brief_unanswered"
    # What people say. `amount`: hundredths of a star or of a point. `facet`: the criterion or outcome.
    RATED = "rated"
    CRITERION_SCORED = "criterion_scored"
    OUTCOME_SCORED = "outcome_scored"
    # What moderators decided about a review. `facet`: approved, refused, held, released.
    MODERATED = "moderated"
    # `who` is a provider here. `facet`: why they sent no quote; how much space they have; how old what they say is.
    NO_QUOTE = "no_quote"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
