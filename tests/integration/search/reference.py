"""What ought to be found, worked out without any engine: slowly, and from the rules alone."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from marketplace.search.language import ENGLISH, READER, All, Either, Phrase, Start, Without, Word
from marketplace.search.rules import (
    BODY,
    LABEL,
    TITLE,
    Cost,
    Freshness,
    Question,
    Setting,
    Sort,
    is_common,
    is_within_reach,
    lot_of,
    rarity,
    shuffle_of,
)

FRESH_DAYS = {Freshness.MONTH: 30, Freshness.QUARTER: 90}
BANDS = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


def freshness_of(confirmed_on, *, today):
    if confirmed_on is None or today is None:
        return Freshness.UNKNOWN
    age = (today - confirmed_on).days
    return next((band for band, days in FRESH_DAYS.items() if age <= days), Freshness.OLDER)


def worth_of(score, people):
    """Return what some ratings are worth for order: another order than the score's own."""
    return score * 10 - people


class Reference:
    """All documents, and how people rate them: {id: (hundredths of a star, people)}."""

    def __init__(self, documents, ratings=()):
        self.documents = documents
        self.ratings = dict(ratings)
        self.entries = {
            each.id: ENGLISH.entry(
                title=each.title,
                label=each.provider_name,
                category=each.category_name,
                body=f"{each.description}\n{each.place}",
            )
            for each in documents
        }
        self.counts = Counter(
            stem for entry in self.entries.values() for stem in {*entry.title, *entry.label, *entry.body}
        )

    def ids(self, question):
        """Return what is found, in order, with something new in its place."""
        return self.found(question)[0]

    def found(self, question):
        """Return what is found, in order, and whether any of it has only some of the words."""
        asked = READER.read(question.words)
        any_shelf = replace(question, kinds=frozenset(), categories=frozenset(), cost=None)
        exact = [each for each in self.having(asked) if self.passes(each, any_shelf)]
        wider = self.with_telling_words(asked, any_shelf)
        plain = Question(question.words, near=question.near, within_metres=question.within_metres)
        is_enough = len(exact) >= 10 or sum(self.passes(each, plain) for each in self.having(asked)) >= 10
        if is_enough or len(wider) <= len(exact):
            return self.ordered(exact, asked, question), False
        return self.ordered(wider, asked, question), True

    def having(self, asked):
        return [each for each in self.documents if not asked.match or self.holds(self.entries[each.id], asked.match)]

    def with_telling_words(self, asked, question):
        leaves = [leaf for leaf in asked.leaves if self.documents_with(leaf)]
        if not leaves or (asked.needs_all and len(asked.leaves) == 1):
            return []
        narrow = [self.narrow(leaf) for leaf in leaves]
        rarest = min(narrow, key=self.documents_with)
        telling = [each for each in narrow if each == rarest or not self.is_common(each)]
        wider = [
            each
            for each in self.documents
            if self.passes(each, question)
            and any(self.holds(self.entries[each.id], leaf) for leaf in telling)
            and not any(self.holds(self.entries[each.id], node) for node in asked.banned)
        ]
        best = max((self.score(each, asked) for each in wider), default=0)
        return [each for each in wider if self.score(each, asked) * 6 >= best]

    def narrow(self, leaf):
        if isinstance(leaf, Start):
            return leaf
        narrower = [leaf.stem, leaf.same, *(leaf.literal if len(leaf.literal) == 1 else ())]
        there = [word for stem in narrower if stem and self.documents_with(word := Word(stem))]
        return next((word for word in there if not self.is_common(word)), there[-1])

    def is_common(self, leaf):
        return is_common(documents=self.documents_with(leaf), of=len(self.documents))

    def ordered(self, documents, asked, question):
        fits = [each for each in documents if self.passes(each, question)]
        order = sorted(fits, key=lambda each: self.place(each, question, asked))
        return [each.id for each in self.with_new_in_its_place(order, question)]

    def score(self, document, asked):
        return sum(self.weight(self.entries[document.id], sign) for sign in asked.signs)

    def documents_with(self, leaf):
        return self.counts[leaf.stem] if isinstance(leaf, Word) else len(self.documents) // 10

    def passes(self, document, question):
        score, people = self.ratings.get(document.id, (None, 0))
        cost = Cost.FREE if document.is_free else Cost.PAID
        return (
            (not question.kinds or document.kind in question.kinds)
            and (not question.categories or document.category in question.categories)
            and (question.cost is None or question.cost is cost)
            and (question.setting is None or question.setting is self.setting(document))
            and question.marks <= document.marks
            and (question.listed_since is None or (document.listed_on and document.listed_on >= question.listed_since))
            and (question.dearest is None or (document.hourly is not None and document.hourly <= question.dearest))
            and (
                question.rated_at_least is None
                or (score is not None and score >= question.rated_at_least and people >= question.rated_by)
            )
            and self.is_there(document, question)
        )

    @staticmethod
    def setting(document):
        if document.is_everywhere:
            return Setting.ONLINE
        return Setting.AT_PLACE if document.travels_metres is None else Setting.AT_HOME

    @staticmethod
    def is_there(document, question):
        serves = question.council is not None and question.council in document.councils
        if question.near and question.within_metres is not None:
            return serves or is_within_reach(document, near=question.near, within_metres=question.within_metres)
        if question.council is not None and question.near is None:
            return serves or document.council == question.council or document.is_everywhere
        return True

    def place(self, document, question, asked):
        far = 0
        if question.near:
            far = document.point.distance_to(question.near) if document.point else float("inf")
        score, people = self.ratings.get(document.id, (None, 0))
        first = {
            Sort.FIT: 0,
            Sort.DISTANCE: far,
            Sort.PRICE: float("inf") if document.hourly is None else document.hourly,
            Sort.RATING: (1,) if score is None else (0, -worth_of(score, people)),
        }[question.sort]
        weight = self.score(document, asked)
        return (
            first,
            -weight,
            freshness_of(document.confirmed_on, today=question.today),
            sum(far > metres for metres in BANDS),
            shuffle_of(question.today).place_of(lot_of(document.id)),
        )

    @staticmethod
    def with_new_in_its_place(order, question):
        if question.today is None or question.sort is not Sort.FIT:
            return order
        since = question.today - timedelta(days=60)
        new = next((each for each in order[4:] if each.listed_on and each.listed_on >= since), None)
        if new is None:
            return order
        others = [each for each in order if each is not new]
        return [*others[:3], new, *others[3:]]

    def count(self, question):
        """Return the counts for every filter."""
        others = {
            "kind": {each.kind for each in self.documents},
            "category": {each.category for each in self.documents},
            "cost": set(Cost),
        }
        asked = {
            "kind": lambda value: replace(question, kinds=frozenset({value})),
            "category": lambda value: replace(question, categories=frozenset({value})),
            "cost": lambda value: replace(question, cost=value),
        }
        counts = {name: {value: len(self.ids(asked[name](value))) for value in others[name]} for name in others}
        # Of what is found, and not of what would be: a mark asked for as well may let words be left out.
        found = set(self.ids(question))
        counts["mark"] = Counter(mark for each in self.documents if each.id in found for mark in each.marks)
        return {name: {value: found for value, found in each.items() if found} for name, each in counts.items()}

    def holds(self, entry, node):
        parts = (entry.title, entry.label, entry.body)
        match node:
            case Word(stem):
                return any(stem in part for part in parts)
            case Start(letters):
                return any(stem.startswith(letters) for part in parts for stem in part)
            case Phrase(stems):
                return any(part[at : at + len(stems)] == stems for part in parts for at in range(len(part)))
            case All(nodes):
                return all(self.holds(entry, each) for each in nodes)
            case Either(nodes):
                return any(self.holds(entry, each) for each in nodes)
            case Without(wanted, banned):
                return self.holds(entry, wanted) and not self.holds(entry, banned)

    def weight(self, entry, sign):
        leaf = sign.leaf
        telling = rarity(documents=self.documents_with(leaf), of=len(self.documents))
        for part, weight in ((entry.title, TITLE), (entry.label, LABEL), (entry.body, BODY)):
            if any(stem == leaf.stem if isinstance(leaf, Word) else stem.startswith(leaf.letters) for stem in part):
                return telling * weight * sign.share
        return 0
