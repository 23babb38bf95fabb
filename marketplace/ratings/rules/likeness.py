"""
What is true of people who are alike: what they may say of themselves, and what may be told of those like them. Pure.

Nobody can be found out by changing what one says of oneself and looking again. Only facts count that at least five
others who rated an offer share; what each adds is a sum over all who share it, so that no other sum than of one whole
group can ever be worked out from several; and what is told is rounded, without how many there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from marketplace.catalogue.rules import AccessFact

FEWEST_ALIKE = 5
"""What fewer people say is told to nobody."""

INTERESTS: Mapping[str, str] = {
    "interest:outdoors": "Being outdoors, gardens and animals",
    "interest:arts": "Art, music and making things",
    "interest:sport": "Sport and keeping fit",
    "interest:learning": "Learning and work",
    "interest:company": "Meeting people",
    "interest:food": "Cooking and food",
    "interest:faith": "Faith and my community",
    "interest:home": "Quiet time at home",
}
ACCESS: Mapping[str, str] = {f"access:{fact}": fact.words for fact in AccessFact}
AGES: Mapping[str, str] = {
    "age:18-29": "18 to 29",
    "age:30-49": "30 to 49",
    "age:50-64": "50 to 64",
    "age:65-79": "65 to 79",
    "age:80": "80 or over",
}


def are_known(facts: Iterable[str]) -> bool:
    """Test whether all of these can be said, and at most one age."""
    said = set(facts)
    return said <= {*INTERESTS, *ACCESS, *AGES} and len(said & AGES.keys()) <= 1


def told_of(groups: Iterable[Sequence[int]]) -> Decimal | None:
    """
    Return what people alike give, to the nearest half star, or None if too few share anything.

    :param groups: for each fact that somebody says of themselves, the stars by everybody else who shares it. Who shares
        more of them is in more groups, and so counts more.
    """
    told = [group for group in groups if len(group) >= FEWEST_ALIKE]
    if not told:
        return None
    halves = Fraction(2 * sum(sum(group) for group in told), sum(len(group) for group in told))
    return Decimal(int(halves + Fraction(1, 2))) / 2
