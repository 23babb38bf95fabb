"""
How long a search takes, on each database.

Makes offers as they are written by small providers, all in a made-up town, and asks 200 questions of them: plain ones,
filtered ones (by kind, category, cost, marks, price and rating), near a place, and misspelt. Each answer is the first
20, how many there are, and the counts for every filter. Each question is asked seven times, in turn with all others,
and the middle time counts. Processor time is that of the database as well as our own, and hardly depends on what else
the machine is doing. PostgreSQL is measured when TEST_POSTGRESQL_URL names a server on this machine; a database is made
on it, and dropped again. BENCH_OFFERS, such as "5000 100000", says how many offers there are.
"""

import os
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from marketplace.kit.db import open_engine
from marketplace.kit.places import Point
from marketplace.search import queries, services
from marketplace.search.rules import Cost, Document, DocumentId, Question, Sort

OFFERS = "5000 100000"
QUESTIONS = 200
CHANGED = 100
WARM = 6  # times each is asked before the clock starts, as on a server that has been up for a minute
TIMES = 7
SORTS = ("plain", "filtered", "near", "misspelt")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TODAY = date(2026, 6, 1)
MIDDLE = Point(378_000, 392_000)
COUNCILS = ("E08000009", "E08000007", "E08000003")
MARKS = {
    **dict.fromkeys(("access:step_free", "accepts:direct_payment", "accepts:own_money", "check:insurance"), 0.5),
    **dict.fromkeys(("access:accessible_toilet", "access:parking", "space:now", "check:dbs", "check:identity"), 0.3),
    **dict.fromkeys(("access:bsl", "access:hoist", "access:hearing_loop", "access:easy_read", "group:yes"), 0.08),
    **{
        f"time:{day}:{part}": 0.2
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        for part in ("morning", "afternoon", "evening")
    },
}

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
        marks=frozenset(mark for mark, share in MARKS.items() if chance.random() < share),
        hourly=chance.choice((None, 0, 0, chance.randint(500, 4_000), chance.randint(900, 2_500))),
        confirmed_on=TODAY - timedelta(days=chance.randint(0, 119)),
        listed_on=TODAY - timedelta(days=chance.randint(0, 900)),
        council=chance.choice(COUNCILS),
        councils=frozenset({chance.choice(COUNCILS)} if chance.random() < 0.1 else ()),
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
                marks=frozenset(
                    chance.sample(sorted(MARKS), chance.choice((1, 1, 2))) if filtered and chance.random() < 0.5 else ()
                ),
                dearest=2_000 if filtered and chance.random() < 0.1 else None,
                rated_at_least=400 if filtered and chance.random() < 0.1 else None,
                rated_by=3,
                today=TODAY,
                sort=_sort(sort, chance),
            )
        )
    return asked


def _sort(sort: str, chance: random.Random) -> Sort:
    if sort == "near":
        return Sort.DISTANCE if chance.random() < 0.5 else Sort.FIT
    if sort == "filtered":
        return chance.choices((Sort.FIT, Sort.PRICE, Sort.RATING), (8, 1, 1))[0]
    return Sort.FIT


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
    chance = random.Random(5)  # noqa: S311 - nobody's secret
    with Session(engine, info={"writing": True}) as session:
        rebuilt = _seconds(lambda: (services.rebuild(session, documents), session.commit()))
        for each in documents:
            if chance.random() < 0.3:
                score = chance.randint(200, 500)
                services.rate_document(
                    session, each.id, score=score, ratings=chance.randint(3, 40), worth=score * 10_000
                )
        session.commit()
        again = _seconds(lambda: (services.rebuild(session, documents), session.commit()))
        puts = [
            _seconds(lambda each=each: (services.put_document(session, each), session.commit()))
            for each in offers(CHANGED, seed=8)
        ]
    return {"rebuild s": rebuilt, "rebuild unchanged s": again, **_figures("put", puts)}


def _asking(engine: Engine) -> dict[str, float]:
    asked = questions()
    with Session(engine) as session:
        used = _processor(session)
        for question in asked * WARM:
            queries.find(session, question)
        rounds: list[list[tuple[float, float]]] = [[] for _ in asked]
        for _ in range(TIMES):
            for question, taken in zip(asked, rounds, strict=True):
                before, start = used(), time.perf_counter()
                queries.find(session, question)
                taken.append((time.perf_counter() - start, used() - before))
        capped = sum(not queries.find(session, question).is_counted for question in asked)
    took = [statistics.median(wall for wall, _processor in taken) for taken in rounds]
    busy = [statistics.median(processor for _wall, processor in taken) for taken in rounds]
    bound = [n for n, each in enumerate(asked) if each.within_metres is not None or each.categories]
    free = [n for n in range(len(asked)) if n not in bound]
    figures = {**_figures("find", took), **_figures("find processor", busy)}
    for name, some in (("with a place or category", bound), ("without", free)):
        figures |= _figures(f"find {name}", [took[n] for n in some])
        figures |= _figures(f"find {name} processor", [busy[n] for n in some])
    for n, sort in enumerate(SORTS):
        figures[f"find {sort} p50 ms"] = statistics.median(took[n::4]) * 1e3
    slowest = sorted(range(len(asked)), key=busy.__getitem__)[-5:]
    for n in reversed(slowest):
        print(f"slowest on {engine.dialect.name}: {busy[n] * 1e3:.1f} ms of processor, {_told(asked[n])}")
    return {**figures, "looked at in part, of 200": float(capped)}


def _processor(session: Session) -> Callable[[], float]:
    """Return what tells the seconds of processor that we and, if it is another process, the database have used."""
    if session.get_bind().dialect.name == "sqlite":
        return time.process_time
    told = Path(f"/proc/{session.scalars(text('SELECT pg_backend_pid()')).one()}/schedstat")
    if not told.exists():
        return time.process_time
    return lambda: time.process_time() + int(told.read_text().split()[0]) / 1e9


def _told(question: Question) -> str:
    """Return a question without what was not asked."""
    plain = Question()
    said = {each.name: getattr(question, each.name) for each in fields(question)}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value != getattr(plain, name))


def _figures(name: str, took: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(took, n=20)
    return {f"{name} p50 ms": cuts[9] * 1e3, f"{name} p95 ms": cuts[18] * 1e3, f"{name} max ms": max(took) * 1e3}


def measure(url: str, how_many: int) -> dict[str, float]:
    """Return what one database takes."""
    engine = _empty(url)
    figures = _writing(engine, list(offers(how_many)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What each database does by itself in the hours after a rebuild.
        connection.execute(text("PRAGMA optimize" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE"))
    figures |= _asking(engine)
    engine.dispose()
    return {name: round(figure, 2) for name, figure in figures.items()}


def run() -> dict[str, dict[str, float]]:
    """Measure each database there is, with each number of offers."""
    figures = {}
    for how_many in map(int, os.environ.get("BENCH_OFFERS", OFFERS).split()):
        with _sqlite() as url:
            figures[f"sqlite {how_many}"] = measure(url, how_many)
        if server := os.environ.get("TEST_POSTGRESQL_URL"):
            with _postgresql(server) as url:
                figures[f"postgresql {how_many}"] = measure(url, how_many)
    return figures
