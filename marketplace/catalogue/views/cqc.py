"""Does somebody need to register with the Care Quality Commission? A question a page, its answers in the address."""

from urllib.parse import urlencode
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.accounts.access import public
from marketplace.catalogue.forms.checking import CqcQuestionForm
from marketplace.catalogue.rules.cqc import NEXT, SOURCES, Question, Way, way_through
from marketplace.catalogue.views.blueprint import bp
from marketplace.kit.errors import WrongAnswerError
from marketplace.kit.fields import choices
from marketplace.kit.refusals import show_refusal


@bp.get("/cqc")
@public
def cqc() -> ResponseReturnValue:
    return render_template("catalogue/cqc.html", sources=SOURCES)


@bp.get("/cqc/questions")
@public
def cqc_questions() -> ResponseReturnValue:
    way = way_through(request.args)
    if not isinstance(way.then, Question):
        return render_template(
            "catalogue/cqc_outcome.html",
            outcome=way.then,
            answers=_told(way),
            sources=SOURCES,
            listing_id=_listing_id(),
        )
    form = CqcQuestionForm(formdata=None, meta={"csrf": False})
    form.answer.label.text, form.answer.description = way.then.words, way.then.hint
    form.answer.choices = choices((value, words) for value, (words, _then) in NEXT[way.then].items())
    if request.args.get("asked") == way.then:
        given = request.args.get("answer", "")
        if given in NEXT[way.then]:
            return redirect(_address(way, (way.then, given)))
        show_refusal(form, WrongAnswerError("Choose what is nearest to how it is with you.", field="answer"))
    page = render_template(
        "catalogue/cqc_question.html",
        form=form,
        question=way.then,
        way=way,
        back=_back(way),
        listing_id=_listing_id(),
    )
    return page, 422 if form.errors else 200


def _listing_id() -> UUID | None:
    """Return for which listing somebody wants to know, if for one."""
    try:
        return UUID(request.args.get("listing", ""))
    except ValueError:
        return None


def _told(way: Way) -> list[dict[str, str]]:
    """Return what somebody answered, as rows of a summary list that lead back to each question."""
    return [
        {
            "key": question.words,
            "value": NEXT[question][given][0],
            "href": _address(Way(way.answered[:n], question)),
        }
        for n, (question, given) in enumerate(way.answered)
    ]


def _back(way: Way) -> str:
    return _address(Way(way.answered[:-1], way.answered[-1][0])) if way.answered else url_for(".cqc")


def _address(way: Way, *more: tuple[Question, str]) -> str:
    """Return the address of what comes after some answers."""
    given = [(question.value, answer) for question, answer in (*way.answered, *more)]
    if listing_id := _listing_id():
        given.append(("listing", str(listing_id)))
    return url_for(".cqc_questions") + ("?" + urlencode(given) if given else "")
