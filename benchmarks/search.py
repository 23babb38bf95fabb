"""
How long a search takes, on each database.

Makes offers as they are written by small providers, all in a made-up town, and asks 200 questions of them: plain ones,
filtered ones, near a place, and misspelt. Each answer is the first 20, how many there are, and the counts for every
filter. PostgreSQL is measured when TEST_POSTGRESQL_URL names a server; a database is made on it, and dropped again.
"""

import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from marketplace.kit.db import open_engine
from marketplace.kit.places import Point
from marketplace.search import queries, services
from marketplace.search.language import READER
from marketplace.search.rules import Cost, Document, DocumentId, Question, Sort

OFFERS = 5_000
QUESTIONS = 200
CHANGED = 100
WARM = 3  # times each is asked before the clock starts, as on a server that has been up for a minute
SORTS = ("plain", "filtered", "near", "misspelt")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MIDDLE = Point(378_000, 392_000)

KINDS = ("micro", "micro", "micro", "ulo", "universal", "universal")
SYLLABLES = (
    "ba", "ren", "tol", "mi", "sor", "ka", "len", "dra", "pu", "vin", "os", "el", "gra", "mon", "ti", "har", "wick",
    "ley", "ford", "by", "ham", "stone",
)  # fmt: skip
PLACES = (
    "Meadowbridge", "Ashcombe", "Little Ferring", "Harrow Green", "Millbeck", "Old Quay", "Thornley", "Westwater",
    "Kingsholt", "Brackenfield", "Saltmoor", "Dunwell", "Priors Heath", "Eastlow",
)  # fmt: skip
ACTIVITIES = {
    "Garden and outdoors": ("Gardening", "Allotment mornings", "Lawn cutting", "Bird watching", "Nature walks"),
    "Help at home": ("Cleaning and laundry", "Home care", "Cooking together", "Shopping and errands", "Decluttering"),
    "Out and about": ("Befriending", "Trips to the coast", "Cinema buddy", "Café mornings", "Football companion"),
    "Personal support": ("Personal assistant", "Support worker", "Overnight support", "Morning and evening calls"),
    "Peer support": ("Peer support group", "Peer mentor", "Women’s peer group", "Carers’ drop-in", "Hearing voices"),
    "Creative": ("Art class", "Pottery", "Choir", "Drama group", "Knitting circle", "Photography walks", "Drumming"),
    "Sport and fitness": ("Swimming", "Chair yoga", "Wheelchair rugby", "Bowls", "Boccia", "Walking football", "Gym"),
    "Learning": ("Computer lessons", "Reading group", "Travel training", "Cookery course", "Local history talks"),
    "Money and planning": ("Support planning", "Payroll for personal assistants", "Money advice", "Benefits advice"),
    "Work": ("Job coaching", "Supported employment", "Bike repair workshop", "Café work experience"),
    "Food": ("Food bank", "Community pantry", "Lunch club", "Meals delivered", "Baking afternoons"),
    "Transport": ("Community minibus", "Lifts to hospital", "Wheelchair accessible taxi", "Shopmobility"),
    "Short breaks": ("Respite at home", "Holiday companion", "Weekend breaks", "Sitting service"),
    "Libraries": ("Library", "Home library service", "Talking books"),
    "Animals": ("Dog walking", "Riding for disabled people", "Farm days", "Cat sitting"),
    "Health": ("Physiotherapy", "Counselling", "Mindfulness course", "Massage", "Footcare"),
}  # fmt: skip
NAMES_OF_FIRMS = ("Support", "Together", "CIC", "and Friends", "Community Trust")
TAILS = (
    "in {place}",
    "with {name}",
    "for adults",
    "for older people",
    "at {hall}",
    "on {day}s",
    "at home",
    "for men",
    "",
)
SENTENCES = (
    "I am {name} and I work with a few people in {place}.",
    "We are a small team of {few} who all live in {place}.",
    "You choose what you do, and when.",
    "Support is at your own pace, in your own home.",
    "We meet every {day} at {hall} from ten until twelve.",
    "You can pay with a direct payment or with your own money.",
    "Older people and disabled people are welcome, and so is whoever comes with them.",
    "I drive, and can take you to the shops, to {hall} or to see friends.",
    "There is no need to book.",
    "There is step-free access, an accessible toilet and a quiet room.",
    "Before this I was a {job} for {few} years.",
    "Tea, {thing} and a chat afterwards.",
    "Come and try {thing}, {thing} or {thing}, or just watch.",
    "I have an enhanced DBS check and insurance.",
    "Bring {thing} if you have one; we have some to lend.",
    "We started because {name} wanted to learn {thing} and there was none in {place}.",
    "The {thing} and the {thing} are ours to use all year.",
    "Ask for {name} on {day}s.",
    "Some of us also do {activity}.",
)
QUESTIONS_ASKED = (
    "gardening", "personal assistant", "PA", "swimming", "peer support group", "help with shopping", "choir",
    "library", "food bank", "support worker", "cleaning", "art class", "chair yoga", "lifts to hospital",
    "someone to take mum to the shops on tuesdays", "step free", "carers drop in", "befriending older people",
    "direct payment", "football", "computer lessons", "café in Meadowbridge", "counselling", "respite",
    "physiotherapy at home", "dog walking", "wheelchair taxi", "lunch club Ashcombe", "people", "support",
    '"peer support" women', "swimming OR bowls", "gardening -lawn", "photo*", "day centre", "quiet room tea chat",
    "overnight support", "pottery Thornley", "job coaching", "tea and a chat",
)  # fmt: skip
MISSPELT = (
    "gardning", "swiming", "personel assistant", "libary", "befreinding", "photografy", "chior", "respit",
    "phisiotherapy", "minibuss", "potery", "counceling",
)  # fmt: skip


def offers(how_many: int, *, seed: int = 7) -> Iterator[Document]:
    """Return made-up offers, the same ones every time."""
    chance = random.Random(seed)  # noqa: S311 - nobody's secret
    names = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))).title() for _ in range(6_000)]
    things = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 3))) for _ in range(3_000)]
    for n in range(how_many):
        yield _offer(n, chance, names, things)


def _offer(n: int, chance: random.Random, names: Sequence[str], things: Sequence[str]) -> Document:
    def some(words: Sequence[str]) -> str:
        # A few names are everywhere and most are nearly nowhere, as in any town.
        if chance.random() < 0.5:
            return words[min(int(chance.paretovariate(0.5)) - 1, len(words) - 1)]
        return chance.choice(words)

    def fill(sentence: str) -> str:
        return sentence.format(
            name=some(names),
            place=chance.choice(PLACES),
            hall=f"{some(names)} Hall",
            day=chance.choice(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")),
            few=chance.choice(("two", "three", "four", "five", "ten")),
            job=chance.choice(("nurse", "teacher", "cook", "postman", "gardener", "driver", "care worker")),
            thing=some(things),
            activity=chance.choice(chance.choice(list(ACTIVITIES.values()))).lower(),
        )

    category = chance.choice(list(ACTIVITIES))
    return Document(
        id=DocumentId(uuid.UUID(int=chance.getrandbits(128), version=4)),
        kind=chance.choice(KINDS),
        category=category.lower().replace(" ", "_"),
        is_free=chance.random() < 0.35,
        provider=f"provider-{n // 3}",
        updated_at=START + timedelta(minutes=chance.randint(0, 200_000)),
        title=f"{chance.choice(ACTIVITIES[category])} {fill(chance.choice(TAILS))}".strip(),
        category_name=category,
        provider_name=f"{some(names)} {chance.choice(NAMES_OF_FIRMS)}",
        description=" ".join(fill(sentence) for sentence in chance.sample(SENTENCES, chance.randint(4, 9))),
        place=f"{chance.randint(1, 200)} {some(names)} Road, {chance.choice(PLACES)}",
        point=None
        if chance.random() < 0.02
        else Point(MIDDLE.easting + chance.randint(-15_000, 15_000), MIDDLE.northing + chance.randint(-12_000, 12_000)),
        travels_metres=chance.choice((None, None, 3_000, 8_000, 16_000)),
        is_everywhere=chance.random() < 0.03,
    )


def questions(how_many: int = QUESTIONS, *, seed: int = 11) -> list[Question]:
    """Return questions of four sorts, as many of each: plain, filtered, near a place, misspelt."""
    chance = random.Random(seed)  # noqa: S311 - nobody's secret
    asked = []
    for n in range(how_many):
        sort = SORTS[n % 4]
        words = chance.choice(MISSPELT if sort == "misspelt" else QUESTIONS_ASKED)
        if sort in {"filtered", "near"} and chance.random() < 0.15:
            words = ""  # Somebody who only looks around.
        category = chance.choice(list(ACTIVITIES)).lower().replace(" ", "_")
        filtered = sort == "filtered"
        near = Point(MIDDLE.easting + chance.randint(-9_000, 9_000), MIDDLE.northing + chance.randint(-9_000, 9_000))
        asked.append(
            Question(
                words=words,
                near=near if sort == "near" else None,
                within_metres=chance.choice((2_000, 5_000, 10_000)) if sort == "near" else None,
                kinds=frozenset({"micro", "ulo"} if filtered and chance.random() < 0.5 else ()),
                categories=frozenset({category} if filtered and chance.random() < 0.4 else ()),
                cost=Cost.FREE if filtered and chance.random() < 0.4 else None,
                sort=Sort.DISTANCE if sort == "near" and chance.random() < 0.5 else Sort.FIT,
            )
        )
    return asked


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/search.sqlite"


@contextmanager
def _postgresql(server: str) -> Iterator[str]:
    name = f"bench_search_{uuid.uuid4().hex[:8]}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _empty(url: str) -> Engine:
    config = Config(str(Path(__file__).parents[1] / "alembic.ini"))
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["url"] = url
    command.upgrade(config, "head")
    return open_engine(url)


def _writing(engine: Engine, documents: Sequence[Document]) -> dict[str, float]:
    with Session(engine, info={"writing": True}) as session:
        rebuilt = _seconds(lambda: (services.rebuild(session, documents), session.commit()))
        again = _seconds(lambda: (services.rebuild(session, documents), session.commit()))
        puts = [
            _seconds(lambda each=each: (services.put_document(session, each), session.commit()))
            for each in offers(CHANGED, seed=8)
        ]
    return {"rebuild s": rebuilt, "rebuild unchanged s": again, **_figures("put", puts)}


def _asking(engine: Engine) -> dict[str, float]:
    asked = questions()
    with Session(engine) as session:
        for question in asked * WARM:
            queries.find(session, question)
        took = [_seconds(lambda each=each: queries.find(session, each)) for each in asked]
        unread = []
        for question in asked:
            READER.read.cache_clear()
            unread.append(_seconds(lambda question=question: queries.find(session, question)))
    sorts = {f"find {sort} p50 ms": statistics.median(took[n::4]) * 1e3 for n, sort in enumerate(SORTS)}
    return {**_figures("find", took), **sorts, **_figures("find not asked before", unread)}


def _figures(name: str, took: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=20)
    return {f"{name} p50 ms": cuts[9] * 1e3, f"{name} p95 ms": cuts[18] * 1e3, f"{name} max ms": max(took) * 1e3}


def measure(url: str, how_many: int) -> dict[str, float]:
    """Return what one database takes. "Not asked before" is without the memory of questions already parsed."""
    engine = _empty(url)
    figures = _writing(engine, list(offers(how_many)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What each database does by itself in the hours after a rebuild.
        connection.execute(text("PRAGMA optimize" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    figures |= _asking(engine)
    engine.dispose()
    return {name: round(figure, 2) for name, figure in figures.items()}


def run(how_many: int = OFFERS) -> dict[str, dict[str, float]]:
    """Measure each database there is."""
    with _sqlite() as url:
        figures = {"sqlite": measure(url, how_many)}
    if server := os.environ.get("TEST_POSTGRESQL_URL"):
        with _postgresql(server) as url:
            figures["postgresql"] = measure(url, how_many)
    return figures
