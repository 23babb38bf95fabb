"""The words for ways of holding, sources and what can happen, as anybody says them of anybody's budget."""

from marketplace.budgets.rules import Holding, Reason, Stream
from marketplace.kit.sentences import one_word

HELD_AS = {
    Holding.DIRECT_PAYMENT: "Direct payment",
    Holding.NOMINATED_THIRD_PARTY: "Held by somebody they chose",
    Holding.TRUST: "Held by a trust",
    Holding.BROKER: "Held by a broker",
    Holding.INDIVIDUAL_SERVICE_FUND: "Individual service fund (ISF)",
    Holding.COUNCIL_MANAGED: "Managed by the council",
    Holding.OWN_MONEY: "Own money",
}
SOURCES = {
    Stream.SOCIAL_CARE: "Council (social care)",
    Stream.NHS: "NHS",
    Stream.HOUSING: "Housing-related support",
    Stream.OWN_MONEY: "Own money",
}
HAPPENED = {
    Reason.ALLOCATED: "Money added",
    Reason.PROMISED: one_word("Promised"),
    Reason.RELEASED: "No longer promised",
    Reason.SPENT: one_word("Paid"),
    Reason.REFUNDED: "Paid back",
    Reason.CARRIED_OVER: "Carried over",
    Reason.RETURNED: "Returned to the funder",
}
