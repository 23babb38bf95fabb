"""What the address of a feed asks for. Whatever cannot be read is refused, in a sentence that names it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from uuid import UUID

from werkzeug.datastructures import MultiDict

from marketplace.catalogue.rules import Day
from marketplace.catalogue.rules.sharing import OLDEST
from marketplace.catalogue.rules.wanted import LONGEST_PAGE, USUAL_PAGE, Wanted
from marketplace.kit import text
from marketplace.kit.errors import DomainError
from marketplace.kit.places import Place, Precision, UnknownPlaceError

LONGEST_SEARCH = 200
LAST_PAGE = 1_000_000
FARTHEST = 1_000_000
"""Metres: more than England is long."""

_MOST_QUOTED = 40
_DAYS = {name: day for day in Day for name in (day.name, day.name[:3], day.name[:2], str(day.value))}
_YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}


class WrongParameterError(DomainError):
    """Something in the address cannot be read."""

    def __init__(self, sentence: str, *, parameter: str) -> None:
        super().__init__(sentence)
        self.parameter = parameter


def read_page(args: Mapping[str, str]) -> Wanted:
    """
    Read which page of a list is wanted.

    :raises WrongParameterError: if it cannot be read.
    """
    return Wanted(
        page=_number(args, "page", least=1, most=LAST_PAGE) or 1,
        per_page=_number(args, "per_page", least=1, most=LONGEST_PAGE) or USUAL_PAGE,
    )


def read_wanted(args: MultiDict[str, str], *, find: Callable[[str], Place] | None = None) -> Wanted:
    """
    Read which services are wanted, and which page of them. `find` finds a postcode, where one may be asked for.

    What the standard does not name is not looked at.

    :raises WrongParameterError: if something cannot be read.
    """
    part = read_page(args)
    near = _place(args, find) if find else None
    within = _number(args, "proximity", least=0, most=FARTHEST) if find else None
    if within is not None and near is None:
        raise WrongParameterError("proximity needs a postcode to be measured from.", parameter="proximity")
    organisations = _ids(args, "organization_id")
    return Wanted(
        page=part.page,
        per_page=part.per_page,
        is_full=_is_yes(args, "full"),
        words=_words(args),
        terms=_ids(args, "taxonomy_term_id"),
        taxonomies=_ids(args, "taxonomy_id"),
        provider_id=organisations[0] if organisations else None,
        minimum_age=_number(args, "minimum_age", least=0, most=OLDEST),
        maximum_age=_number(args, "maximum_age", least=0, most=OLDEST),
        day=_day(args),
        starts=_time(args, "start_time"),
        ends=_time(args, "end_time"),
        near=near.point if near and within is not None else None,
        within_metres=within,
        council=near.council if near and within is None else None,
        modified_after=_moment(args),
    )


def _said(args: Mapping[str, str], name: str) -> str:
    return text.tidy_line(args.get(name))


def _quoted(said: str) -> str:
    return f"“{said[:_MOST_QUOTED]}…”" if len(said) > _MOST_QUOTED else f"“{said}”"


def _number(args: Mapping[str, str], name: str, *, least: int, most: int) -> int | None:
    said = _said(args, name)
    if not said:
        return None
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(most)) else -1
    if not least <= number <= most:
        raise WrongParameterError(
            f"{name} is {_quoted(said)}. It must be a whole number from {least:,} to {most:,}.", parameter=name
        )
    return number


def _words(args: Mapping[str, str]) -> str:
    said = _said(args, "search")
    if len(said) > LONGEST_SEARCH:
        raise WrongParameterError(f"search is too long. Use at most {LONGEST_SEARCH} characters.", parameter="search")
    return said


def _ids(args: MultiDict[str, str], name: str) -> tuple[UUID, ...]:
    ids = []
    for said in filter(None, map(text.tidy_line, args.getlist(name))):
        try:
            ids.append(UUID(said))
        except ValueError as error:
            raise WrongParameterError(
                f"{name} is {_quoted(said)}. It must be a UUID, as our lists give it.", parameter=name
            ) from error
    return tuple(ids)


def _day(args: Mapping[str, str]) -> Day | None:
    said = _said(args, "day")
    if said and said.upper() not in _DAYS:
        raise WrongParameterError(f"day is {_quoted(said)}. It must be MO, TU, WE, TH, FR, SA or SU.", parameter="day")
    return _DAYS[said.upper()] if said else None


def _time(args: Mapping[str, str], name: str) -> time | None:
    said = _said(args, name)
    try:
        return time.fromisoformat(said).replace(tzinfo=None) if said else None
    except ValueError as error:
        raise WrongParameterError(
            f"{name} is {_quoted(said)}. It must be a time, such as 09:30.", parameter=name
        ) from error


def _moment(args: Mapping[str, str]) -> datetime | None:
    # A plus sign that was not escaped arrives as a space.
    said = _said(args, "modified_after").replace(" ", "+")
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise WrongParameterError(
            f"modified_after is {_quoted(said)}. It must be a day or a moment, such as 2026-05-04T12:00:00Z.",
            parameter="modified_after",
        ) from error


def _is_yes(args: Mapping[str, str], name: str) -> bool:
    said = _said(args, name)
    if said.casefold() not in _YES:
        raise WrongParameterError(f"{name} is {_quoted(said)}. It must be true or false.", parameter=name)
    return _YES[said.casefold()]


def _place(args: Mapping[str, str], find: Callable[[str], Place]) -> Place | None:
    said = _said(args, "postcode")
    if not said:
        return None
    try:
        place = find(said)
    except UnknownPlaceError as error:
        raise WrongParameterError(str(error), parameter="postcode") from error
    if place.precision is Precision.COUNCIL:
        raise WrongParameterError(
            f"postcode is {_quoted(said)}. It must be a postcode, or part of one.", parameter="postcode"
        )
    return place
