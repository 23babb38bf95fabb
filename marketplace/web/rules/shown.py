"""Of what pages for everybody are made."""

SHOWN_TO_ANYBODY = frozenset(
    {
        # What is offered, where, for how much, and by whom.
        "also_listed",
        "category",
        "cqc_location",
        "offer",
        "offer_access",
        "offer_council",
        "offer_language",
        "offer_payment",
        "offer_time",
        "organisation",
        "photo",
        "price",
        "provider",
        "safety_check",
        "source",
        # Where it is found.
        "search_document",
        "search_key",
        "search_mark",
        "search_rating",
        "search_shelf",
        "search_word",
        # What people say of it. `person` has the names of those who answered, if nothing else that is shown.
        "addition",
        "answer_rating",
        "category_rating",
        "criterion",
        "criterion_answer",
        "criterion_category",
        "criterion_vote",
        "ledger_line",
        "offer_rating",
        "outcome",
        "outcome_answer",
        "outcome_meaning",
        "outcome_scheme",
        "person",
        "point_change",
        "point_vote",
        "quality_check",
        "quality_correction",
        "quality_finding",
        "reply",
        "review",
        "review_point",
        "voice_note",
        # Who clubs together.
        "interest",
        "pledge",
        "pool",
        "pool_member",
        "pool_step",
        "pool_story",
        "pool_tier",
        # What councils and advisers say.
        "independence",
        "library_piece",
        "market_signal",
        "release",
        "release_download",
        "release_file",
        "signpost",
    }
)
"""
The tables that pages for everybody are made of. A page that reads any other is never kept for the next visitor.

Each has a number that counts its changes. What is not here costs nothing more to change.
"""
