"""What does a row say, by its mapping? Its cells become one entry of the catalogue."""

import re
from dataclasses import replace
from functools import cache

from marketplace.catalogue.gateways import CategoryBy, FreeWhen, Mapping, Row
from marketplace.catalogue.gateways.mappings import PART
from marketplace.catalogue.rules import (
    LONGEST_DESCRIPTION,
    CategorySlug,
    Setting,
    UniversalService,
    web_address,
)
from marketplace.catalogue.rules.published import BLANK, cell_prose, cell_words, key_of, readable_name
from marketplace.catalogue.services.placing import RowRefusedError, Whereabouts, whereabouts
from marketplace.kit.places import CouncilCode, Gazetteer, UnknownCouncilError
from marketplace.kit.sentences import worded

LONGEST_TITLE, LONGEST_ADDRESS = 200, 300
_MOST_QUOTED = 60


def service_in(row: Row, *, mapping: Mapping, gazetteer: Gazetteer) -> tuple[UniversalService, tuple[str, ...]]:
    """
    Return the entry that a row describes, and remarks on what of it was left out.

    :raises RowRefusedError: if it has no name, no key, no category or no place.
    """
    blank = BLANK | set(mapping.blank)
    words = {column: cell_words(cell, blank=blank) for column, cell in row.cells.items()}
    title = _written(mapping.title, words)
    if not title:
        raise RowRefusedError("It has no name.")
    try:
        key = _key(mapping, words)
        said = row.facts.category
        category = said if said in mapping.categories else _category(mapping, words)
        where = _whereabouts(mapping, row, words, gazetteer)
    except RowRefusedError as error:
        raise RowRefusedError(str(error), name=title) from error
    described = _description(mapping, row, blank)
    setting = row.facts.setting or mapping.setting
    address = _written(mapping.address, words) if setting is Setting.AT_PLACE else ""
    website = words.get(mapping.website or "", "")
    remarks = [*where.remarks, *_cut(title=title, description=described, address=address)]
    if website and web_address(website) is None:
        remarks.append(worded("“{website}” is not a web address, so it is left out.", website=website[:_MOST_QUOTED]))
    return (
        UniversalService(
            source=mapping.source.key,
            source_key=key,
            title=title,
            category=category,
            provider_name=_written(mapping.provider, words) or title,
            provider_key=key_of(words[column] for column in mapping.provider_key) or key,
            description=described,
            setting=setting,
            address=address,
            postcode=where.postcode,
            easting=where.point.easting if where.point else None,
            northing=where.point.northing if where.point else None,
            council=where.council,
            is_free=_is_free(mapping, words),
            access=mapping.access | row.facts.access,
            facts=row.facts,
            website=web_address(website),
        ),
        tuple(remarks),
    )


def _key(mapping: Mapping, words: dict[str, str]) -> str:
    key = key_of(words[column] for column in mapping.key)
    if not key:
        raise RowRefusedError(
            worded("It has no {key}, so it could not be told from others.", key=" or ".join(mapping.key))
        )
    return key


def _written(template: str, cells: dict[str, str]) -> str:
    """Return a template with its columns filled in, or nothing if any is blank: half a sentence says nothing."""
    if any(not cells[found[1]] for found in PART.finditer(template)):
        return ""
    return PART.sub(lambda found: _filtered(cells[found[1]], found[2]), template).strip()


def _description(mapping: Mapping, row: Row, blank: frozenset[str]) -> str:
    columns = {found[1] for part in mapping.description for found in PART.finditer(part)}
    prose = {column: cell_prose(row.cells[column], blank=blank) for column in columns}
    return "\n\n".join(said for part in mapping.description if (said := _written(part, prose)))


def _filtered(words: str, how: str | None) -> str:
    if how == "readable":
        return readable_name(words)
    if how == "first part":
        return words.partition(",")[0].strip()
    return words


def _whereabouts(mapping: Mapping, row: Row, words: dict[str, str], gazetteer: Gazetteer) -> Whereabouts:
    setting, council = row.facts.setting or mapping.setting, _known(row.facts.council, gazetteer) or mapping.council
    if setting is Setting.ONLINE:
        return Whereabouts(postcode=None, point=None, council=council)
    found = whereabouts(
        postcode=words.get(mapping.postcode or "", ""),
        latitude=words.get(mapping.latitude or "", ""),
        longitude=words.get(mapping.longitude or "", ""),
        nearness=mapping.nearness,
        council=council,
        gazetteer=gazetteer,
    )
    # Of somebody who comes to people's homes, a part of a postcode is all that should be known.
    return replace(found, remarks=()) if setting is Setting.AT_HOME else found


def _known(council: CouncilCode | None, gazetteer: Gazetteer) -> CouncilCode | None:
    try:
        return gazetteer.council(council).code if council else None
    except UnknownCouncilError:
        return None


def _category(mapping: Mapping, words: dict[str, str]) -> CategorySlug:
    by = mapping.category
    if not isinstance(by, CategoryBy):
        return by
    said = [words[column] for column in by.column]
    values = [value.strip().casefold() for cell in said for value in (cell, *cell.split(";"))]
    table = {value.casefold(): slug for value, slug in by.table.items()}
    found = [table[value] for value in values if value in table]
    found += [slug for cell in said for word, slug in by.words.items() if _word(word).search(cell)]
    if found:
        return found[0]
    if by.otherwise is None:
        named = next((cell for cell in said if cell), "")
        raise RowRefusedError(
            worded("The mapping has no category for “{named}”.", named=named[:_MOST_QUOTED])
            if named
            else worded("It has no {column}, so its category is not known.", column=" or ".join(by.column))
        )
    return by.otherwise


@cache
def _word(word: str) -> re.Pattern[str]:
    """Return what finds a word, or the beginning of one, in any capitals."""
    return re.compile(rf"\b{re.escape(word)}", re.IGNORECASE)


def _is_free(mapping: Mapping, words: dict[str, str]) -> bool:
    if not isinstance(mapping.is_free, FreeWhen):
        return mapping.is_free
    values = {value.casefold() for value in mapping.is_free.values}
    return words[mapping.is_free.column].casefold() in values


def _cut(*, title: str, description: str, address: str) -> list[str]:
    limits = (
        ("name", title, LONGEST_TITLE),
        ("description", description, LONGEST_DESCRIPTION),
        ("address", address, LONGEST_ADDRESS),
    )
    return [
        worded(
            "Its {what} has {said:,} characters, and is cut at {longest:,}.", what=what, said=len(said), longest=longest
        )
        for what, said, longest in limits
        if len(said) > longest
    ]
