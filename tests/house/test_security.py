"""Do our scanners find what they are for, and does docs/security.md say what is there? Each failure says what to do."""

import re

import pytest
import yaml

from security.code import RULES
from security.findings import Finding, accepted_findings, sort_out
from security.routes import PAGE, route_rows
from tests.house.codebase import PROJECT

SAID = PROJECT / "docs" / "security.md"
# How many requirements OWASP ASVS 5.0.0 has at levels 1 and 2.
REQUIREMENTS = 253


def test_every_rule_has_a_good_and_a_bad_example():
    missing = []
    for path in RULES.glob("*.yml"):
        (example,) = [one for one in RULES.glob(f"{path.stem}.*") if one != path]
        words = example.read_text()
        for rule in yaml.safe_load(path.read_text())["rules"]:
            missing += [
                f"{rule['id']}: {kind}"
                for kind in ("ruleid", "ok")
                if f"{kind}: {rule['id']}\n" not in words.replace(" -->", "")
            ]
            assert rule["message"].endswith("."), f"say what to do instead, in a sentence: {rule['id']}"
    assert not missing, f"add an example: {missing}"


def test_what_is_accepted_has_a_reason_and_an_end():
    assert all(one.until.year < 2030 for one in accepted_findings())
    with pytest.raises(ValueError, match="why"):
        accepted_findings([{"scan": "a", "what": "b", "where": "c", "why": "", "until": None}])


def test_what_was_accepted_is_found_again_when_its_time_is_up():
    (known,) = accepted_findings(yaml.safe_load("[{scan: a, what: X*, where: b/*, why: It is so., until: 2027-01-31}]"))
    found, other = Finding("a", "X1", "b/c.py:3", ""), Finding("a", "Y1", "b/c.py:3", "")
    last, after = known.until, known.until.replace(month=2, day=1)
    assert sort_out([found, other], [known], on=last, scans={"a"}).open == [other]
    assert sort_out([found], [known], on=after, scans={"a"}).open == [found]
    assert sort_out([other], [known], on=last, scans={"a"}).unused == [known]


def test_the_checklist_is_whole_and_names_what_is_there():
    text = SAID.read_text()
    numbers = re.findall(r"^\| (\d+\.\d+\.\d+) \|", text, re.MULTILINE)
    assert len(numbers) == len(set(numbers)) == REQUIREMENTS
    named = {
        name.rstrip("/")
        for name in re.findall(
            r"`((?:marketplace|tests|docs|script|security|deploy|migrations|requirements)/[\w./-]*|gunicorn\.conf\.py)`",
            text,
        )
    }
    missing = sorted(name for name in named if not (PROJECT / name).exists())
    assert not missing, f"docs/security.md names what is not there: {missing}"


def test_every_route_is_in_the_table_as_it_is(app):
    said = PAGE.read_text()
    missing = [row for row in route_rows(app) if f"| `{row[0]}` | {' | '.join(row[1:])} |\n" not in said]
    assert not missing, f"write docs/routes.md anew: script/security --routes {missing[:3]}"
