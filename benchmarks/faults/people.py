"""What people do while things break: look around, sign in, list, club together, pay, review. Each again and again."""

import csv
import random
import subprocess
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.faults.processes import Site
from benchmarks.faults.town import PASSWORD, Town
from benchmarks.faults.visitors import Browser, Journal, NoAnswerError, NotTakenError, taken
from marketplace.kit.days import day_of

BREATH = 0.15
IN_A_CLUB = 3
AT_ONCE = 25
"""Rows of a list that is brought in."""

Doing = Callable[[], None]


@dataclass
class Crowd:
    """Everybody who does something, each in a thread of their own, until the end."""

    town: Town
    site: Site
    journal: Journal
    refused: dict[str, int] = field(default_factory=dict)
    is_over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self, *, readers: int = 2, has_imports: bool = True) -> None:
        """Let everybody come."""
        people = list(zip(*[iter(self.town.people)] * IN_A_CLUB, strict=False))
        doings: list[Doing] = [Club(self, list(group)).meet for group in people]
        doings += [Reader(self).look for _ in range(readers)]
        doings += [Newcomer(self).join, Provider(self).work]
        if has_imports:
            doings.append(Importer(self).bring_in)
        for doing in doings:
            thread = threading.Thread(target=self._keep_doing, args=(doing,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def go_home(self) -> None:
        """Let each finish what they are at."""
        self.is_over.set()
        for thread in self._threads:
            thread.join(timeout=120)

    def browser(self) -> Browser:
        return Browser(self.site.port, self.journal)

    def _keep_doing(self, doing: Doing) -> None:
        while not self.is_over.is_set():
            try:
                doing()
            except NoAnswerError:
                self.is_over.wait(0.5)
            except NotTakenError as refusal:
                why = str(refusal)[:90]
                self.refused[why] = self.refused.get(why, 0) + 1
                self.is_over.wait(0.5)
            except Exception as mistake:  # noqa: BLE001  (a mistake of the bench must not pass for quiet)
                self.journal.wrong.append(f"the bench itself: {type(mistake).__name__}: {mistake}")
                self.is_over.wait(1)
            self.is_over.wait(BREATH * random.random())  # noqa: S311


def sign_in(browser: Browser, email: str) -> None:
    browser.cookies.clear()
    taken(browser.fill_in("/accounts/sign-in", email=email, password=PASSWORD))


@dataclass
class Somebody:
    """Somebody with a browser. Signed in when they need to be."""

    email: str
    browser: Browser
    is_in: bool = False

    def make_sure(self) -> Browser:
        if not self.is_in or random.random() < 0.03:  # noqa: S311
            self.is_in = False
            sign_in(self.browser, self.email)
            self.is_in = True
        return self.browser


class Club:
    """Three people who open a pool for three, pledge by card, and review. When all are in, the site charges them."""

    def __init__(self, crowd: Crowd, emails: list[str]) -> None:
        self.crowd, self.journal = crowd, crowd.journal
        self.people = [Somebody(email, crowd.browser()) for email in emails]
        self.reviewed: set[tuple[str, uuid.UUID]] = set()

    def meet(self) -> None:
        for somebody in self.people:
            somebody.make_sure()
        pool = self._open(random.choice(self.people))  # noqa: S311
        for somebody in self.people:
            self._pledge(somebody, pool)
            self._review(somebody)
        self.journal.promise("full", pool=pool)

    def _open(self, champion: Somebody) -> str:
        offer = random.choice(self.crowd.town.offers)  # noqa: S311
        title, starts = f"Pool {uuid.uuid4().hex[:12]}", day_of(datetime.now(UTC)) + timedelta(days=30)
        answer = taken(
            champion.make_sure().fill_in(
                f"/pools/open/{offer}", title=title, purpose="We like it.", minimum_people="3",
                most_people="3", kind="one_off", quantity="1", days="10", weeks="",
                starts_on=[str(starts.day), str(starts.month), str(starts.year)],
            )
        )  # fmt: skip
        pool = answer.location.partition("?")[0].split("/")[2]
        self.journal.promise("pool", pool=pool, title=title)
        return pool

    def _pledge(self, somebody: Somebody, pool: str) -> None:
        """Try until it is done: whoever hears nothing looks again, as a person would."""
        for _ in range(12):
            with suppress(NoAnswerError, NotTakenError):
                browser = somebody.make_sure()
                page = browser.get(f"/pools/{pool}")
                if page.status == 200 and "You are in this pool" in page.text:
                    self.journal.promise("pledge", pool=pool, email=somebody.email)
                    return
                step = taken(browser.fill_in(f"/pools/{pool}/pledge"))
                answer = taken(browser.fill_in(step.location, pay_by="card"))
                if answer.location.startswith(f"/pools/{pool}"):
                    self.journal.promise("pledge", pool=pool, email=somebody.email)
                    return
            if self.crowd.is_over.wait(0.7):
                break
        raise NotTakenError("somebody could not pledge in a dozen tries")

    def _review(self, somebody: Somebody) -> None:
        about = random.choice(self.crowd.town.rated)  # noqa: S311
        if (somebody.email, about) in self.reviewed:
            return
        self.reviewed.add((somebody.email, about))
        words = f"It was good. Mark {uuid.uuid4().hex}"
        taken(
            somebody.make_sure().fill_in(
                f"/reviews/of/{about}", has_used="y", stars=str(random.randint(1, 5)), words=words, link="none",  # noqa: S311
            )
        )  # fmt: skip
        self.journal.promise("review", offer=str(about), email=somebody.email, words=words)


class Reader:
    """Somebody who only looks."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.browser = crowd, crowd.browser()

    def look(self) -> None:
        about = random.choice([*self.crowd.town.rated, *self.crowd.town.offers])  # noqa: S311
        for path in (
            "/",
            "/offers?q=walking",
            f"/offers/{about}",
            "/pools",
            "/how-it-works",
            "/offers?q=library&near=M33",
        ):
            self.browser.get(path)


class Newcomer:
    """Somebody who opens an account."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd

    def join(self) -> None:
        email = f"new-{uuid.uuid4().hex}@example.org"
        browser = self.crowd.browser()
        said = browser.fill_in(
            "/accounts/sign-up", name="Somebody New", email=email, password=f"{uuid.uuid4().hex} tea"
        )
        taken(said, by={200})
        self.crowd.journal.promise("person", email=email)
        self.crowd.is_over.wait(2)


class Provider:
    """Whoever speaks for the provider: begins listings, takes offers down and puts them back."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.journal = crowd, crowd.journal
        self.somebody = Somebody(crowd.town.provider, crowd.browser())

    def work(self) -> None:
        self._list()
        for _ in range(3):
            self._take_down_and_put_back()

    def _list(self) -> None:
        browser = self.somebody.make_sure()
        first = taken(browser.fill_in("/listings/new")).location
        listing = first.split("/")[2]
        self.journal.promise("listing", listing=listing)
        title = f"An afternoon of {uuid.uuid4().hex[:12]}"
        taken(browser.fill_in(first, title=title))
        self.journal.promise("answer", listing=listing, title=title)

    def _take_down_and_put_back(self) -> None:
        offer, browser = random.choice(self.crowd.town.own), self.somebody.make_sure()  # noqa: S311
        page = browser.get(f"/offers/{offer}")
        step = "unlist" if f"/offers/{offer}/unlist" in page.text else "relist"
        try:
            taken(browser.press(f"/offers/{offer}", f"/offers/{offer}/{step}"))
        except (NoAnswerError, NotTakenError):
            # It may be either now, until the next step.
            self.journal.promise("shown", offer=str(offer), is_live=None)
            raise
        self.journal.promise("shown", offer=str(offer), is_live=step == "relist")


class Importer:
    """An operator who brings in lists from the command line."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd, self.folder = crowd, Path(crowd.site.folder)

    def bring_in(self) -> None:
        mark = uuid.uuid4().hex[:10]
        names = [f"Library {mark} {n}" for n in range(AT_ONCE)]
        path = self.folder / f"{mark}.csv"
        with path.open("w", newline="") as out:
            rows = csv.writer(out)
            rows.writerow(["name", "type", "address", "postcode", "lat", "lon", "website"])
            rows.writerows([name, "Library", "1 Road, Sale", "M33 7ZF", "53.42", "-2.32", ""] for name in names)
        words = ("catalogue", "import", str(path), "--mapping", "trafford-libraries")
        try:
            done = self.crowd.site.command(*words, timeout=120)
        except subprocess.TimeoutExpired as slow:
            raise NoAnswerError("an import took too long") from slow
        path.unlink()
        if done.returncode == 0:
            self.crowd.journal.promise("import", names=names)
        self.crowd.is_over.wait(6)
