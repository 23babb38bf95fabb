import pytest

from marketplace.moderation import rules
from marketplace.moderation.rules import Outcome, ReportReason, SubjectKind


@pytest.mark.parametrize(
    ("outcome", "must"), [("approved", False), ("released", False), ("refused", True), ("held", True)]
)
def test_what_keeps_something_from_view_must_be_explained(outcome, must):
    assert rules.needs_words(Outcome(outcome)) is must


def test_something_else_has_to_be_told():
    assert rules.report_problem(reason=ReportReason.SOMETHING_ELSE, words="")
    assert rules.report_problem(reason=ReportReason.UNSAFE, words="") is None
    assert rules.report_problem(reason=ReportReason.UNSAFE, words="x" * 2001)


def test_everything_has_a_name_on_the_page():
    assert [kind.words for kind in SubjectKind][:2] == ["an offer", "a provider"]
    assert all(reason.words for reason in ReportReason)
