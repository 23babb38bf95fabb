"""
Could somebody guess who wrote these words? Pure: patterns and lists, and no more than that.

It looks for what a neighbour, a former colleague or a provider would know somebody by. It can be wrong both ways, so it
says what it found in plain words, and the writer has the last word on all but names, addresses and ways to reach them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from marketplace.accounts.rules import OrganisationId
from marketplace.brokerage.rules.capitals import Capitals, capitals_in
from marketplace.brokerage.rules.guess_kinds import Guess, GuessKind
from marketplace.brokerage.rules.guess_patterns import PATTERNS
from marketplace.brokerage.rules.rare_words import CARE_WORDS, WHOLE_NAMES_THAT_SAY_NOTHING
from marketplace.brokerage.rules.telling import facts_in
from marketplace.kit.first_names import ALSO_WORDS
from marketplace.kit.spotting import SpottedKind, spot


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the site knows that words are held against.

    `area` is what the brief says of where anyway. `names` are of the writer's account, their helpers and those in their
    plan. `providers` are organisations that words with a capital may name, by what they are called.
    """

    area: str = ""
    names: tuple[str, ...] = ()
    providers: Mapping[str, OrganisationId] = field(default_factory=dict)


_SPOTTED = {
    SpottedKind.EMAIL: GuessKind.CONTACT,
    SpottedKind.PHONE: GuessKind.CONTACT,
    SpottedKind.WEB_ADDRESS: GuessKind.CONTACT,
    SpottedKind.POSTCODE: GuessKind.ADDRESS,
    SpottedKind.ADDRESS: GuessKind.ADDRESS,
    SpottedKind.NAME: GuessKind.NAME,
}
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_LITTLE_WORDS = frozenset(
    {"a", "an", "and", "by", "for", "from", "her", "his", "my", "of", "our", "the", "their", "with"}
)
"""What stands in “The quiz team” or “My social worker” without being anybody’s name."""
_KNOWN_TO_ALL = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, WHOLE_NAMES_THAT_SAY_NOTHING), reverse=True)) + r")\b", re.IGNORECASE
)
_VERB = re.compile(r"^(?:am|i’m|i'm|he’s|he's|she’s|she's|is|at|now|just) ", re.IGNORECASE)
_SHORTEST_NAME = 3
_SHORTEST_PROVIDER = 4
_Found = tuple[Guess, int, int]
"""Something found, where it begins and where it ends."""
_MOST_FACTS = 4
"""From how many different facts on, common ones may fit one person only."""


def guesses(texts: Sequence[str], *, known: Known | None = None) -> tuple[Guess, ...]:
    """Return by what somebody could guess who wrote some texts, each thing once, what must go first."""
    known = known or Known()
    found: dict[str, Guess] = {}
    for words in texts:
        for guess in _in_one(words, known):
            found.setdefault(guess.key, guess)
    together = facts_in("\n".join(texts))
    if any(guess.kind is GuessKind.AGE for guess in found.values()):
        together = (*together, "an exact age")
    if len(together) >= _MOST_FACTS:
        combined = Guess(GuessKind.COMBINATION, "; ".join(together), parts=together)
        found[combined.key] = combined
    return tuple(sorted(found.values(), key=lambda guess: guess.may_keep))


def words_to_look_up(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the words with capitals that may name a provider, for asking the catalogue."""
    return tuple(dict.fromkeys(name.text for words in texts for name in _maybe_providers(words)))


def _maybe_providers(words: str) -> Iterator[Capitals]:
    """Yield runs of words with capitals, and also what begins a sentence: “Hearthside let me down”."""
    yield from capitals_in(words, allowed=frozenset())
    for match in _NAME_WORD.finditer(words):
        if match.group()[0].isupper() and len(match.group()) >= _SHORTEST_PROVIDER:
            yield Capitals(match.group(), *match.span())


def _in_one(words: str, known: Known) -> Iterator[Guess]:
    # What everybody knows, like a film or a shop, is taken first: nothing within it is looked at.
    taken = [match.span() for match in _KNOWN_TO_ALL.finditer(words)]
    for guess, start, end in _looked_for(words, known):
        if not any(start < until and begin < end for begin, until in taken):
            taken.append((start, end))
            yield guess


def _looked_for(words: str, known: Known) -> Iterator[_Found]:
    """Yield all that is found, what counts first: what lies within something found before falls away."""
    runs = tuple(capitals_in(words, allowed=_allowed(known)))
    for name in _maybe_providers(words) if known.providers else ():
        organisation_id = _organisation(name, known.providers)
        if organisation_id is not None:
            yield Guess(GuessKind.PROVIDER, name.text, organisation_id), name.start, name.end
    yield from ((Guess(GuessKind.NAME, it.group()), *it.span()) for it in _own_names(words, known))
    # A number of the health service looks like one to ring, so it is looked for before those.
    yield from _matched([one for one in PATTERNS if not one[0].may_keep], words)
    for it in spot(words, known=known.area):
        yield Guess(_SPOTTED[it.kind], it.text), it.start, it.start + len(it.text)
    yield from ((Guess(GuessKind.ADDRESS, run.text), run.start, run.end) for run in runs if run.is_street)
    yield from _matched([one for one in PATTERNS if one[0].may_keep], words)
    for run in runs:
        yield Guess(GuessKind.PROVIDER if run.is_about_care else GuessKind.PLACE, run.text), run.start, run.end


def _matched(patterns: Sequence[tuple[GuessKind, re.Pattern[str]]], words: str) -> Iterator[_Found]:
    for kind, pattern in patterns:
        for match in pattern.finditer(words):
            # “am 41” is found by its verb, and read without.
            said = _VERB.sub("", match.group()) if kind is GuessKind.AGE else match.group()
            yield Guess(kind, said.strip(" ,;:")), *match.span()


def _allowed(known: Known) -> frozenset[str]:
    return frozenset(word.lower() for word in _NAME_WORD.findall(known.area))


def _own_names(words: str, known: Known) -> Iterator[re.Match[str]]:
    """Yield where words hold a name the site knows. One that is a word too, like Will, only where it has a capital."""
    parts = {part for name in known.names for part in _NAME_WORD.findall(name)}
    wanted = {part.lower() for part in parts if len(part) >= _SHORTEST_NAME} - _allowed(known) - _LITTLE_WORDS
    for match in _NAME_WORD.finditer(words):
        plain = match.group().lower().replace("’", "'").removesuffix("'s")
        begins = not words[: match.start()].rstrip() or words[: match.start()].rstrip()[-1] in ".!?\n"
        if plain in wanted and (plain not in ALSO_WORDS or (match.group()[0].isupper() and not begins)):
            yield match


def _organisation(run: Capitals, providers: Mapping[str, OrganisationId]) -> OrganisationId | None:
    said = _plain_name(run.text)
    return next((organisation_id for name, organisation_id in providers.items() if names_provider(said, name)), None)


def names_provider(said: str, name: str) -> bool:
    """Test whether words with capitals name a provider: by its whole name, or by what comes before “Care” and “Ltd”."""
    plain, said = _plain_name(name), _plain_name(said)
    return bool(said) and said == plain


def _plain_name(name: str) -> str:
    words = [word.lower().removesuffix("’s").removesuffix("'s") for word in _NAME_WORD.findall(name)]
    while len(words) > 1 and words[-1] in CARE_WORDS:
        words.pop()
    return " ".join(words)
