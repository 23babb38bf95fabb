"""Where is an entry of a published list? By its coordinates, its postcode, or at least its council."""

import re
from dataclasses import dataclass

from marketplace.catalogue.gateways import Nearness
from marketplace.kit.errors import DomainError
from marketplace.kit.places import (
    CouncilCode,
    Gazetteer,
    NotInEnglandError,
    OutsideBritainError,
    Place,
    Point,
    Precision,
    UnknownPlaceError,
    from_lat_lon,
    miles,
    postcode_in,
)
from marketplace.kit.sentences import worded

FARTHEST_APART = 5_000
"""Metres between coordinates and postcode of one place, above which one of them is wrong."""

_MOST_QUOTED = 30
_O_FOR_ZERO = re.compile(r"^(.* ?)O([A-Z]{2})$", re.IGNORECASE)


class RowRefusedError(DomainError):
    """One row of a list cannot come in."""

    def __init__(self, sentence: str, *, name: str = "") -> None:
        super().__init__(sentence)
        self.name = name


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an entry is, as far as its row says. `remarks` are sentences about what was left out."""

    postcode: str | None
    point: Point | None
    council: CouncilCode | None
    remarks: tuple[str, ...] = ()


def whereabouts(
    *,
    postcode: str,
    latitude: str,
    longitude: str,
    nearness: Nearness,
    council: CouncilCode | None,
    gazetteer: Gazetteer,
) -> Whereabouts:
    """
    Return where a row says its entry is.

    What cannot be used is left out, with a remark, as long as there is a council to fall back on: an entry that people
    can find only without a distance is better than none. A point is never made up.

    :raises RowRefusedError: if nothing says where it is.
    """
    remarks: list[str] = []
    point = _point(latitude, longitude, remarks) if latitude or longitude else None
    place = _place(postcode, gazetteer, remarks, has_point=point is not None) if postcode else None
    if place and point and place.precision is Precision.POSTCODE:
        apart = place.point.distance_to(point)
        if apart > FARTHEST_APART:
            remarks.append(
                worded(
                    "Its coordinates are {miles:,.0f} miles from {name}: the postcode is used instead.",
                    miles=miles(apart),
                    name=place.name,
                )
            )
            point = None
    council = place.council if place else council
    if place is None and point is None and council is None:
        raise RowRefusedError(" ".join(remarks) or "Nothing says where it is: its postcode and coordinates are blank.")
    if place is None and point is None and not remarks:
        remarks.append("Nothing says where it is, so it is listed under the council alone.")
    if place and nearness is Nearness.SECTOR and place.precision is Precision.POSTCODE:
        place = gazetteer.find(place.name[:-2])
    if point and not place and council is None:
        remarks.append("Its council is not known, as it has coordinates and no postcode.")
    return Whereabouts(
        postcode=place.name if place else None,
        point=point or (place.point if place else None),
        council=council,
        remarks=tuple(remarks),
    )


def _place(written: str, gazetteer: Gazetteer, remarks: list[str], *, has_point: bool) -> Place | None:
    written = _with_zero(written, remarks)
    try:
        place = gazetteer.find(written)
    except NotInEnglandError as error:
        remarks.append(worded("{first_sentence}, so its place is left out.", first_sentence=_first_sentence(error)))
        return None
    except UnknownPlaceError:
        return _around(written, gazetteer, remarks)
    if place.precision is Precision.COUNCIL:
        remarks.append(_not_a_postcode(written))
        return None
    # With coordinates nothing is placed by it.
    if place.precision is not Precision.POSTCODE and not has_point:
        remarks.append(
            worded("“{name}” is only part of a postcode: it is placed in the middle of it.", name=place.name)
        )
    return place


def _around(written: str, gazetteer: Gazetteer, remarks: list[str]) -> Place | None:
    """Return the part of a postcode that we know, if the whole is one that nobody knows."""
    postcode = postcode_in(written)
    for part in (postcode[:-2], postcode[:-4]) if postcode else ():
        try:
            place = gazetteer.find(part)
        except UnknownPlaceError:
            continue
        remarks.append(
            worded(
                "There is no postcode {postcode}: it is placed in the middle of {name}.",
                postcode=postcode,
                name=place.name,
            )
        )
        return place
    remarks.append(_not_a_postcode(written))
    return None


def _with_zero(written: str, remarks: list[str]) -> str:
    """Return a postcode with the figure 0 where its writer put the letter O, the commonest slip in published lists."""
    read = postcode_in(_O_FOR_ZERO.sub(r"\g<1>0\g<2>", written.strip()))
    if postcode_in(written) or read is None:
        return written
    remarks.append(
        worded(
            "“{written}” has a letter O for a zero: it is read as {read}.", written=written[:_MOST_QUOTED], read=read
        )
    )
    return read


def _not_a_postcode(written: str) -> str:
    return worded("“{written}” is not a postcode, so it is left out.", written=written[:_MOST_QUOTED])


def _point(latitude: str, longitude: str, remarks: list[str]) -> Point | None:
    said = f"“{latitude[:_MOST_QUOTED]}, {longitude[:_MOST_QUOTED]}”"
    try:
        return from_lat_lon(float(latitude), float(longitude))
    except ValueError:
        remarks.append(worded("{said} are not coordinates, so they are left out.", said=said))
    except OutsideBritainError:
        remarks.append(worded("The coordinates {said} are not in Britain, so they are left out.", said=said))
    return None


def _first_sentence(error: DomainError) -> str:
    return str(error).partition(". ")[0].rstrip(".")
