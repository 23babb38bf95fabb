"""What happened, in words that somebody understands who only knows the pages."""

import re

from marketplace.kit.sentences import worded

NOUNS = {
    "addition": "what was added to a review",
    "appeal": "an appeal",
    "arrangement": "something arranged",
    "brief": "a request for quotes",
    "budget": "a budget",
    "card_batch": "review cards",
    "checklist": "a checklist",
    "criterion": "something to rate by",
    "decision_pack": "a decision pack",
    "delegation": "a consent",
    "demand_token": "a key for the figures of councils",
    "dispute": "a dispute",
    "flag": "a pattern in reviews",
    "help_request": "a request for help with a plan",
    "independence": "who pays an organisation",
    "invitation": "an invitation to act for a council",
    "invoice": "an invoice",
    "library_piece": "a story in the library",
    "likeness": "what you are like, to see reviews of people like you",
    "market_signal": "what a council says",
    "offer": "an offer",
    "organisation": "an organisation",
    "payment": "a payment",
    "person": "an account",
    "plan": "a plan",
    "pool": "a pool",
    "pool_agreement": "the agreement of a pool",
    "pool_member": "a member of a pool",
    "pool_message": "what was said in a pool",
    "pool_proposal": "a question to a pool",
    "provider": "a provider",
    "quality_check": "a check by peers",
    "quote": "a quote",
    "release": "figures for councils",
    "reply": "a reply to a review",
    "report": "a report",
    "review": "a review",
    "review_point": "a point of a review",
    "saved_card": "a card",
    "screening": "how a review was read",
    "shared visit": "a shared visit",
    "signpost": "where free help is",
    "suggestion": "a suggestion",
    "visit": "a visit",
}

# Where the verb and the noun alone would say it badly, or say it twice.
_WHOLE = {
    ("appeal", "voted"): "voted on an appeal",
    ("arrangement", "accepted"): "said yes to what was asked for",
    ("arrangement", "declined"): "said no to what was asked for",
    ("arrangement", "withdrew"): "took back what was asked for",
    ("arrangement", "marked as done"): "marked something arranged as done",
    ("arrangement", "arranged by pool"): "arranged what a pool buys",
    ("arrangement", "arranged on a quote"): "arranged support on a quote",
    ("arrangement", "asked for"): "asked a provider for support",
    ("arrangement", "cancelled by pool"): "cancelled what a pool was to buy",
    ("arrangement", "changed how to pay"): "changed how something arranged is paid",
    ("arrangement", "confirmed by pool"): "confirmed what a pool buys",
    ("arrangement", "invoiced by pool"): "sent an invoice for what a pool buys",
    ("arrangement", "planned visits"): "planned visits",
    ("arrangement", "repriced by pool"): "lowered the price of what a pool buys",
    ("arrangement", "sent an invoice"): "sent an invoice",
    ("brief", "began a brief"): "began a request for quotes",
    ("brief", "asked about"): "asked something about a request for quotes",
    ("brief", "awarded"): "chose a quote",
    ("brief", "declined"): "said that they will not quote",
    ("brief", "went on without the others"): "went on with the quotes without the others",
    ("brief", "withdrew"): "took back a request for quotes",
    ("budget", "carried over"): "carried money over from a budget",
    ("delegation", "accepted consent"): "said yes to a consent",
    ("delegation", "ended consent"): "ended a consent",
    ("delegation", "gave consent by asking"): "gave consent by asking for help",
    ("delegation", "offered consent"): "offered somebody a consent",
    ("demand_token", "ended a token"): "ended a key for the figures of councils",
    ("demand_token", "made a token"): "made a key for the figures of councils",
    ("dispute", "asked a moderator about"): "asked a moderator about a dispute",
    ("help_request", "accepted a request"): "said yes to a request for help",
    ("help_request", "asked for help"): "asked an organisation for help",
    ("help_request", "declined a request"): "said no to a request for help",
    ("help_request", "took back a request"): "took back a request for help",
    ("invoice", "began a charge"): "began to charge a card for an invoice",
    ("invoice", "could not charge a card"): "could not charge a card for an invoice",
    ("invoice", "sent a credit note"): "sent a credit note",
    ("likeness", "forgot"): "deleted what was said of yourself",
    ("likeness", "said"): "said something of yourself",
    ("payment", "began a refund"): "began to give money back",
    ("payment", "could not give back"): "could not give money back",
    ("payment", "found a refund"): "found that money was given back",
    ("payment", "gave money back"): "gave money back",
    ("pool", "answered"): "answered a pool",
    ("pool", "asked about a dearer price"): "asked about a dearer price in a pool",
    ("pool", "asked for help"): "asked for help with a pool",
    ("pool", "asked providers"): "asked providers for a pool",
    ("pool", "became champion"): "became champion of a pool",
    ("pool", "began a brief"): "began a request for quotes for a pool",
    ("pool", "changed a pledge"): "changed a pledge to a pool",
    ("pool", "changed how to pay"): "changed how to pay in a pool",
    ("pool", "chose a quote"): "chose a quote for a pool",
    ("pool", "is short of people"): "noted that a pool is short of people",
    ("pool", "made a new link"): "made a new link to a pool",
    ("pool", "opened for pledges"): "opened a pool for pledges",
    ("pool", "planned visits"): "planned visits of a pool",
    ("pool", "pledged"): "pledged to a pool",
    ("pool", "stepped down"): "stepped down as champion of a pool",
    ("pool", "took back a pledge"): "took back a pledge to a pool",
    ("pool", "was released from"): "let a pledge to a pool go",
    ("pool", "withdrew an answer"): "took back an answer to a pool",
    ("pool", "agreed to a dearer price"): "agreed to a dearer price in a pool",
    ("pool_member", "made champion"): "made somebody champion of a pool",
    ("offer", "lapsed"): "took an offer down that nobody confirmed",
    ("offer", "unlisted by letter"): "took an offer down by letter",
    ("pool_agreement", "came into force"): "put the agreement of a pool into force",
    ("plan", "put back to a version"): "put a plan back to an earlier version",
    ("plan", "shared by link"): "made a link to a plan",
    ("plan", "took back a link"): "took back a link to a plan",
    ("quote", "answered a question"): "answered a question about a quote",
    ("quote", "not chosen"): "told a provider that its quote was not chosen",
    ("quote", "took back a quote"): "took back a quote",
    ("review", "added to"): "added to a review",
    ("review", "changed a reply"): "changed a reply to a review",
    ("review", "objected"): "objected to a review",
    ("review", "replied"): "replied to a review",
    ("review", "took back an addition"): "took back an addition to a review",
    ("review", "withdrew"): "took back a review",
    ("review_point", "said if it changed"): "said whether something changed",
    ("review_point", "took down a change"): "took down what a provider says it changed",
    ("saved_card", "saved a card"): "saved a card",
    ("saved_card", "took a card away"): "took a card away",
    ("screening", "appealed"): "asked the panel to look at a review again",
    ("visit", "called a visit off"): "called a visit off",
    ("visit", "claimed a visit"): "said that a visit took place",
    ("visit", "confirmed a visit"): "confirmed a visit",
    ("visit", "queried a visit"): "said that a visit was not quite right",
}

# What is done to an account says it all.
_OF_ITSELF = frozenset({"person", "organisation", "independence"})
_ROLE = re.compile(r"(granted|took away) ([a-z_]+)")


def phrase(*, did: str, to_kind: str) -> str:
    """Return what was done as the end of a sentence that begins with who did it: "joined a pool"."""
    if (to_kind, did) in _WHOLE:
        return _WHOLE[to_kind, did]
    role = _ROLE.fullmatch(did)
    if role:
        gave = "gave the role of" if role[1] == "granted" else "took away the role of"
        return f"{gave} {role[2].replace('_', ' ')}"
    if to_kind in _OF_ITSELF:
        return did
    noun = NOUNS.get(to_kind, "something")
    words = did.replace("_", " ")
    if words.endswith(noun):
        return words
    # "took a measure away from", "opened a dispute about": the noun ends it. "added a photo": it does too.
    return f"{words} {noun}" if not _HAS_OBJECT.search(words) else worded("{words} of {noun}", words=words, noun=noun)


_HAS_OBJECT = re.compile(r"\b(?:a|an|the|visit|visits|photo|champion) \w+$")
