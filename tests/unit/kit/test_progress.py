"""Long work says how far it has come: a bar on a terminal, a line now and then elsewhere."""

import io

from marketplace.kit.progress import Bar


def lines(*shares, moves=False):
    stream = io.StringIO()
    with Bar(stream=stream, moves=moves) as bar:
        for share in shares:
            bar.tell("Reading lines", share)
    return stream.getvalue()


def test_elsewhere_than_on_a_terminal_there_is_a_line_for_each_fifth():
    said = lines(*(number / 100 for number in range(101))).splitlines()
    assert said[0] == "    0%  Reading lines"
    assert 5 <= len(said) <= 6
    assert all("\r" not in line for line in said)


def test_what_begins_again_is_told_from_its_beginning():
    assert lines(0.0, 0.9, 0.1, 0.95).count("Reading lines") == 4


def test_on_a_terminal_a_bar_moves_with_its_share_and_the_time_left(monkeypatch):
    monkeypatch.setattr("click._termui_impl.isatty", lambda _stream: True)
    said = lines(0.25, 0.5, 1.0, moves=True)
    assert [share for share in ("25%", "50%", "100%") if share not in said] == []
    assert "\r" in said
    assert "\n" in said


def test_more_than_all_is_all_and_less_than_nothing_nothing():
    assert "200%" not in lines(-1.0, 2.0, moves=True)
