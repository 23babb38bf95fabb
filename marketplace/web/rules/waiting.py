"""What can wait for somebody on the home page, the most pressing first. Pure."""

import enum

SOON = 7
"""Days ahead in which a visit is one to come."""


class Waits(enum.StrEnum):
    """One kind of thing that waits for a person, for those they speak for, or for those who work here."""

    ASKED = "asked"
    QUERIES = "queries"
    CHANGES_ASKED = "changes_asked"
    VISITS_TO_CONFIRM = "visits_to_confirm"
    CHANGES = "changes"
    QUESTIONS = "questions"
    QUOTES = "quotes"
    DECISIONS = "decisions"
    CONSENTS = "consents"
    HELP_ASKED = "help_asked"
    HELPED = "helped"
    VISITS_TO_COME = "visits_to_come"
    REVIEWS = "reviews"
    OFFERS = "offers"
    APPEALS = "appeals"
    REPORTS = "reports"
    REVIEWS_TO_READ = "reviews_to_read"
    OBJECTIONS = "objections"
    DISPUTES = "disputes"
    FLAGS = "flags"
    STORIES = "stories"
    VOICE_NOTES = "voice_notes"
    INVOICES = "invoices"
    NEW_OFFERS = "new_offers"
    SUGGESTIONS = "suggestions"
