from datetime import UTC, datetime, timedelta

import pytest

from marketplace.ratings.rules.nouns import Ground
from marketplace.ratings.rules.screening import Tell, grounds_in, read_by, whom_to_tell

# Honest people are angry, sad, funny and rude. None of this may wait.
PLAIN = (
    "They were late every single time and nobody rang. I would not go back.",
    "Absolute shit. A waste of money. I hated it.",
    "The worst week of my life. Rude, lazy and they lied about the price.",
    "It is daylight robbery at that price, and the food was disgusting.",
    "She pushes me to try new things and I love it.",
    "He pushed my wheelchair up the hill and never complained.",
    "The music hits you as soon as you walk in.",
    "I was scared of the water at first, and they were patient.",
    "The music hurts my ears and the chairs hurt my back.",
    "They hurt my feelings and never said sorry.",
    "The stairs nearly killed me. There is no lift.",
    "The steps are steep and I am afraid of falling.",
    "They took my money and the trip was cancelled, but I got it back in the end.",
    "It beats staying at home. The coffee is to die for.",
    "No food was offered, but you can bring your own.",
    "I had to wait for hours on the phone.",
    "They forgot me twice, and I was left at the bus stop.",
    "My benefits adviser was brilliant about my PIP form.",
    "The bruised apples in the community garden make good chutney.",
    "A critical friend. She will tell you if you are wrong.",
    "Nobody listens. The manager is useless and the whole place should be closed down.",
    "We bowled, and I won a free coffee.",
    "Good for self-advocacy, less good for quiet people.",
    "It costs £14 an hour, £2 more than last year.",
    "They shut the gate behind us so that the dog stays in.",
    "The room was locked when we came, so we waited.",
    "I threatened to leave and then they listened.",
    "Kill for a longer session!",
    "The poster said 50% off, and it was not.",
    "Everyone is kind, and they make money go further.",
)
GRAVE = (
    ("He hit me when I was slow.", Ground.SAFEGUARDING),
    ("My mum has bruises on both arms.", Ground.SAFEGUARDING),
    ("She was left on the toilet and nobody came.", Ground.SAFEGUARDING),
    ("They lock him in his room at night.", Ground.SAFEGUARDING),
    ("He takes my pension and I get none of it.", Ground.SAFEGUARDING),
    ("I was scared of the staff.", Ground.SAFEGUARDING),
    ("Some days I want to die.", Ground.SAFEGUARDING),
    ("She was given the wrong tablets twice.", Ground.SAFEGUARDING),
    ("He touched me where he should not.", Ground.SAFEGUARDING),
    ("They left her in her own mess.", Ground.SAFEGUARDING),
    ("The boss is a thief.", Ground.UNLAWFUL),
    ("They stole from my dad.", Ground.UNLAWFUL),
    ("I know where he lives.", Ground.UNLAWFUL),
    ("I’m going to burn your house down.", Ground.UNLAWFUL),
    ("Full of retards.", Ground.UNLAWFUL),
    ("Visit our website for a discount code!", Ground.OFF_TOPIC),
    ("Earn £500 a day from home with bitcoin.", Ground.OFF_TOPIC),
    ("See https://one.example and https://two.example", Ground.OFF_TOPIC),
    ("Ring me on 07700 900123.", Ground.IDENTIFYING),
    ("Mrs Okafor was there too.", Ground.IDENTIFYING),
)
SINCE = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize("words", PLAIN)
def test_plain_anger_and_plain_praise_are_shown_at_once(words):
    assert grounds_in([words]) == ()


@pytest.mark.parametrize(("words", "ground"), GRAVE)
def test_what_is_grave_waits_for_a_person(words, ground):
    assert ground in grounds_in([words])


def test_a_pseudonym_may_be_like_a_name_but_must_not_hurt():
    assert grounds_in(["Fine."], pseudonym="Sarah") == ()
    assert grounds_in(["Fine."], pseudonym="Burn your house? I know where you live") == (Ground.UNLAWFUL,)


def test_what_everybody_reads_anyway_shows_nobody():
    assert grounds_in(["Sarah cooks well."]) == (Ground.IDENTIFYING,)
    assert grounds_in(["Sarah cooks well."], known="Cooking with Sarah") == ()
    assert grounds_in(["It was xander, I am sure."], names=["Xander"]) == (Ground.IDENTIFYING,)


def test_harm_is_read_within_hours_and_all_else_within_two_working_days():
    friday = datetime(2026, 6, 5, 15, tzinfo=UTC)
    assert read_by([Ground.UNLAWFUL, Ground.SAFEGUARDING], since=friday) == friday + timedelta(hours=4)
    assert read_by([Ground.UNLAWFUL], since=friday) == datetime(2026, 6, 9, 15, tzinfo=UTC)
    # Sunday counts from Monday morning, nine o'clock in England.
    assert read_by([], since=datetime(2026, 6, 7, 22, tzinfo=UTC)) == datetime(2026, 6, 10, 8, tzinfo=UTC)
    # Christmas Day and Boxing Day, which moves to the Monday after.
    assert read_by([], since=datetime(2026, 12, 24, 9, tzinfo=UTC)) == datetime(2026, 12, 30, 9, tzinfo=UTC)


class TestTelling:
    def tell(self, hours, told=None, *, allowed=48):
        return whom_to_tell(
            opened_at=SINCE,
            due_at=SINCE + timedelta(hours=allowed),
            told_at=None if told is None else SINCE + timedelta(hours=told),
            now=SINCE + timedelta(hours=hours),
        )

    def test_moderators_hear_at_once_and_at_half_time(self):
        assert self.tell(0) is Tell.MODERATORS
        assert self.tell(23, told=0) is Tell.NOBODY
        assert self.tell(24, told=0) is Tell.MODERATORS
        assert self.tell(47, told=24) is Tell.NOBODY

    def test_operators_hear_of_what_is_late_each_day(self):
        assert self.tell(48, told=24) is Tell.OPERATORS_TOO
        assert self.tell(71, told=48) is Tell.NOBODY
        assert self.tell(72, told=48) is Tell.OPERATORS_TOO
        assert self.tell(100) is Tell.OPERATORS_TOO

    def test_operators_hear_of_harm_from_the_start_and_every_four_hours(self):
        assert self.tell(0, allowed=4) is Tell.OPERATORS_TOO
        assert self.tell(1, told=0, allowed=4) is Tell.NOBODY
        assert self.tell(2, told=0, allowed=4) is Tell.OPERATORS_TOO
        assert self.tell(4, told=2, allowed=4) is Tell.OPERATORS_TOO
        assert self.tell(7, told=4, allowed=4) is Tell.NOBODY
        assert self.tell(8, told=4, allowed=4) is Tell.OPERATORS_TOO
