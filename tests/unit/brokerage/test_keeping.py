import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

from marketplace.brokerage.rules import comparing, contents, easy, lasting
from marketplace.brokerage.rules.comparing import Kind, Mark
from marketplace.brokerage.rules.contents import Contents, KeptFile, KeptItem, KeptLine, KeptSupporter
from marketplace.brokerage.rules.costing import PriceState, Times
from marketplace.brokerage.rules.lasting import Reminder
from marketplace.brokerage.rules.nouns import Circle, CostedBy, FileKind, HowOften, Part, PartOfDay
from marketplace.kit.money import Money

LINE = KeptLine(
    id=uuid.UUID(int=1), outcome_id="care-act.health", outcome="Health", wish="Swim", what_would_help="A lift",
    costed_by=CostedBy.OFFER, state=PriceState.KNOWN, offer_id=uuid.UUID(int=2), pool_key=None, title="Pool",
    by="Wet", unit="an hour", unit_price=Money(14_50), own_price=None, times=Times(2, HowOften.WEEKLY, 40),
    sold_by="Wet Ltd", added_by=uuid.UUID(int=3), sold_by_id=uuid.UUID(int=4),
)  # fmt: skip
FULL = Contents(
    parts=dict.fromkeys(Part, "") | {Part.ABOUT_ME: "I like tea.\n“Trains” too."},
    lines=(LINE,),
    week=(KeptItem(1, PartOfDay.MORNING, "", "tea", None, LINE.id),),
    files=(KeptFile(uuid.UUID(int=5), Part.RISKS, FileKind.PICTURE, "A bus", "bus.jpg", "image/jpeg"),),
    supporters=(KeptSupporter(Circle.FAMILY, "Mum", "Phones"),),
)


def said(found):
    return [(it.where, it.kind, "".join(words for _mark, words in it.words)) for it in found]


def test_a_version_keeps_everything_and_reads_it_again():
    assert contents.read(contents.written(FULL)) == FULL
    assert contents.written(FULL) == contents.written(contents.read(contents.written(FULL)))


def test_what_is_taken_away_names_nobody_by_an_id():
    taken = str(contents.taken_away(FULL))
    assert "'a_year': '1160" in taken
    assert "00000000-0000" not in taken


def test_what_changed_between_two_versions_is_said_in_words():
    after = replace(
        FULL,
        parts=FULL.parts | {Part.ABOUT_ME: "I like coffee.\n“Trains” too."},
        lines=(replace(LINE, unit_price=Money(16_00), times=Times(1, HowOften.WEEKLY, 52)),),
        week=(),
        supporters=(*FULL.supporters, KeptSupporter(Circle.FAMILY, "Bev", "")),
    )
    found = comparing.differences(FULL, after)
    assert said(found)[0][:2] == ("About me", Kind.CHANGED)
    assert [words for mark, words in found[0].words if mark is not Mark.SAME] == ["tea.\n", "coffee.\n"]
    assert said(found)[1:] == [
        ("“Swim”: price", Kind.CHANGED, "Pool, Wet: £14.50 £16 an hour"),
        ("“Swim”: how much", Kind.CHANGED, "2 every week for 40 weeks of a year"),
        ("In the week", Kind.TAKEN_OUT, "Monday morning: Cup of tea"),
        ("Who helps me", Kind.ADDED, "Bev"),
    ]
    assert comparing.differences(FULL, FULL) == ()


def test_a_line_that_came_or_went_is_told_whole():
    nothing = replace(FULL, lines=())
    whole = "Swim. Health. A lift. Pool, Wet: £14.50 an hour. 2 every week for 40 weeks of a year"
    assert said(comparing.differences(nothing, FULL)) == [("What I want", Kind.ADDED, whole)]
    assert said(comparing.differences(FULL, nothing)) == [("What I want", Kind.TAKEN_OUT, whole)]


def test_one_idea_a_line():
    told = "I like tea. My dog is Bess!\n- Walks\n* The bus\nIt costs £3.20 a time. 10 people came."
    ideas = ("I like tea.", "My dog is Bess!", "Walks", "The bus", "It costs £3.20 a time.", "10 people came.")
    assert easy.ideas(told) == ideas
    assert easy.ideas("") == ()


def test_a_link_works_until_the_end_of_its_last_day_in_england():
    ends = lasting.link_ends(made_on=date(2026, 3, 1), days=30)
    assert ends == datetime(2026, 3, 31, 23, 0, tzinfo=UTC)  # summer has come
    assert lasting.link_last_day(ends) == date(2026, 3, 31)
    assert lasting.link_works(expires_at=ends, revoked_at=None, now=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    assert not lasting.link_works(expires_at=ends, revoked_at=None, now=ends)
    assert not lasting.link_works(expires_at=ends, revoked_at=ends, now=datetime(2026, 3, 2, tzinfo=UTC))
    assert (lasting.link_days(0), lasting.link_days(9_999)) == (1, 365)


def test_people_hear_of_a_day_a_week_before_and_on_it_once_each():
    due = date(2026, 5, 15)

    def letter(today, told=None):
        told_at = datetime(2026, 5, told, 9, tzinfo=UTC) if told else None
        return lasting.reminder_due(due_on=due, told_at=told_at, today=date(2026, 5, today))

    assert [letter(7), letter(8), letter(9, told=8)] == [None, Reminder.WEEK_BEFORE, None]
    assert [letter(15, told=8), letter(15, told=15), letter(20)] == [Reminder.ON_THE_DAY, None, Reminder.ON_THE_DAY]
