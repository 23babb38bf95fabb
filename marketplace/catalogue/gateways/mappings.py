"""How a published file is written: which column holds what, on whose licence. One YAML file each, checked in words."""

import codecs
import difflib
import enum
import re
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from marketplace.catalogue.gateways import referrals
from marketplace.catalogue.rules import AccessFact, CategorySlug, Setting, SourceKey
from marketplace.kit.errors import DomainError
from marketplace.kit.places import CouncilCode
from marketplace.kit.written_files import read_written_file

SHIPPED = Path(__file__).parents[1] / "mappings"
PART = re.compile(r"\{([^{}|]+)(?:\|([^{}|]*))?\}")
"""A column named in a template: `{name}`, or `{name|readable}` with one of the FILTERS."""

FILTERS = ("readable", "first part")

_WEB = r"^https?://\S+$"


class WrongMappingError(DomainError):
    """A mapping that cannot be used. The message says what is wrong with it, and where."""


class FileFormat(enum.StrEnum):
    """What a file is written in."""

    CSV = "csv"
    OPEN_REFERRAL = "open-referral"


class Nearness(enum.StrEnum):
    """How much of a postcode we keep."""

    POSTCODE = "postcode"
    SECTOR = "sector"


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_several)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Origin(_Strict):
    """The list itself: whom to thank, and on what terms it may be shown."""

    key: SourceKey = Field(pattern=r"^[a-z0-9-]{1,80}$")
    publisher: str = Field(min_length=1, max_length=200)
    licence: str = Field(min_length=1, max_length=200)
    licence_url: str = Field(pattern=_WEB, max_length=500)
    url: str = Field(pattern=_WEB, max_length=500)


class CategoryBy(_Strict):
    """
    A category chosen by what columns say.

    The first value of `table` that a cell equals decides (a cell may hold several, parted by semicolons); else the
    first of `words` that a cell has, the columns in their order; else `otherwise`, without which the row is refused.
    """

    column: Words = Field(min_length=1)
    table: dict[str, CategorySlug] = {}
    words: dict[str, CategorySlug] = {}
    otherwise: CategorySlug | None = None


class FreeWhen(_Strict):
    """An entry is free when a column says one of these, and not known to be otherwise."""

    column: str
    values: Words = Field(min_length=1)


class Mapping(_Strict):
    """How one published file is written. docs/importing.md explains each line."""

    source: Origin
    format: FileFormat
    encoding: str = "utf-8-sig"
    delimiter: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1)] = ","  # or a tab
    blank: Words = ()
    key: Words = Field(min_length=1)
    title: str = Field(min_length=1)
    provider: str = ""
    provider_key: Words = ()
    category: CategorySlug | CategoryBy
    description: Words = ()
    address: str = ""
    postcode: str | None = None
    nearness: Nearness = Nearness.POSTCODE
    latitude: str | None = None
    longitude: str | None = None
    council: CouncilCode | None = Field(None, pattern=r"^E\d{8}$")
    website: str | None = None
    setting: Setting = Setting.AT_PLACE
    is_free: bool | FreeWhen = False
    access: frozenset[AccessFact] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _know_the_standard(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("format") == FileFormat.OPEN_REFERRAL.value:
            return referrals.DEFAULTS | given
        return given

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        try:
            codecs.lookup(self.encoding)
        except LookupError:
            raise ValueError(f"“{self.encoding}” is not an encoding we know. Try utf-8-sig or cp1252.") from None
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("Name both latitude and longitude, or neither.")
        for template in self._templates():
            filters = {found[2] for found in PART.finditer(template) if found[2] is not None}
            if unknown := filters - set(FILTERS):
                raise ValueError(f"“{unknown.pop()}” is not a way to write a column. There are: {', '.join(FILTERS)}.")
            if set(PART.sub("", template)) & set("{}"):
                raise ValueError(f"The braces of “{template}” do not match. A column is named so: {{name}}.")
        if not self.postcode and not self.latitude and not self.council and self.setting is not Setting.ONLINE:
            raise ValueError("Say where entries are: name a postcode column, latitude and longitude, or a council.")
        if self.format is FileFormat.OPEN_REFERRAL and (unknown := set(self.columns) - set(referrals.COLUMNS)):
            names = ", ".join(referrals.COLUMNS)
            raise ValueError(f"“{unknown.pop()}” is not something we read from Open Referral. There are: {names}.")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the file must have, once each."""
        named = [*self.key, *self.provider_key, self.postcode, self.latitude, self.longitude, self.website]
        named += [found[1] for template in self._templates() for found in PART.finditer(template)]
        if isinstance(self.category, CategoryBy):
            named += self.category.column
        if isinstance(self.is_free, FreeWhen):
            named.append(self.is_free.column)
        return tuple(dict.fromkeys(column for column in named if column))

    @property
    def categories(self) -> frozenset[CategorySlug]:
        """Every category that an entry may get."""
        if not isinstance(self.category, CategoryBy):
            return frozenset({self.category})
        otherwise = {self.category.otherwise} if self.category.otherwise else set()
        return frozenset({*self.category.table.values(), *self.category.words.values(), *otherwise})

    def _templates(self) -> tuple[str, ...]:
        return (self.title, self.provider, self.address, *self.description)


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with the project."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml")))


def read_mapping(name: str) -> Mapping:
    """
    Return the mapping in a file, or one that comes with the project, by its bare name.

    :raises WrongMappingError: if it is not there, or says something that a mapping cannot say.
    """
    path = SHIPPED / f"{name}.yaml" if name in shipped_mappings() else Path(name)
    said = read_written_file(path, what="mapping", shipped=shipped_mappings(), refusal=WrongMappingError)
    if not isinstance(said, dict):
        raise WrongMappingError(f'{path.name} is no mapping: it needs lines such as “title: "{{name}}"”.')
    try:
        return Mapping.model_validate(said)
    except ValidationError as error:
        wrong = " ".join(dict.fromkeys(_sentence(detail) for detail in error.errors() if _is_meant(detail, said)))
        raise WrongMappingError(f"{path.name} cannot be used. {wrong}") from error


LICENCES = {
    "ogl": (
        "Open Government Licence v3.0",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
    ),
    "cc-by": ("Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    "cc0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
}
"""What most lists are published under, by a short name."""


def standard_mapping(
    *,
    key: str,
    publisher: str,
    licence: str,
    licence_url: str | None,
    url: str,
    categories: dict[CategorySlug, str],
    otherwise: CategorySlug | None,
    council: CouncilCode | None,
) -> Mapping:
    """
    Return the mapping of a feed in Open Referral UK. What it calls by our names goes where we have it.

    `licence` may be a short name of LICENCES. `otherwise` is the category of what goes by no name of ours.

    :raises WrongMappingError: if something of it cannot be used.
    """
    name, known_url = LICENCES.get(licence, (licence, None))
    if not (licence_url or known_url):
        raise WrongMappingError(
            f"Say where the licence is, with --licence-url, or name one of these: {', '.join(LICENCES)}."
        )
    table = {said: slug for slug, words in categories.items() for said in (str(slug), words)}
    said: dict[str, Any] = {
        "source": {
            "key": key,
            "publisher": publisher,
            "licence": name,
            "licence_url": licence_url or known_url,
            "url": url,
        },
        "format": FileFormat.OPEN_REFERRAL.value,
        "category": {"column": ["terms"], "table": table, "otherwise": otherwise},
        "council": council,
    }
    try:
        return Mapping.model_validate(said)
    except ValidationError as error:
        wrong = " ".join(dict.fromkeys(_sentence(detail) for detail in error.errors() if _is_meant(detail, said)))
        raise WrongMappingError(f"This cannot be used. {wrong}") from error


_BRANCHES = {"constrained-str", "bool", "CategoryBy", "FreeWhen"}
"""What pydantic adds to a place to say as which kind of value it tried to read it."""


def _is_meant(detail: ErrorDetails, said: dict[str, Any]) -> bool:
    """Test whether a complaint is about the kind of value that was written, where either of two kinds will do."""
    branch = next((part for part in detail["loc"] if part in _BRANCHES), None)
    is_block = isinstance(said.get(str(detail["loc"][0])), dict) if detail["loc"] else False
    return branch is None or is_block is (branch in {"CategoryBy", "FreeWhen"})


def _sentence(detail: ErrorDetails) -> str:
    place = [str(part) for part in detail["loc"] if part not in _BRANCHES]
    where = " > ".join(place) or "the mapping"
    known = [*Mapping.model_fields, *Origin.model_fields, *CategoryBy.model_fields, *FreeWhen.model_fields]
    match detail["type"]:
        case "missing":
            return f"“{where}” is missing."
        case "extra_forbidden":
            close = difflib.get_close_matches(place[-1], known, n=1)
            return f"“{where}” is not a line of a mapping." + (f" Did you mean “{close[0]}”?" if close else "")
        case "enum":
            return f"“{where}” must be {detail.get('ctx', {}).get('expected', 'one of those we know')}."
        case "value_error":
            return str(detail.get("ctx", {}).get("error", detail["msg"]))
        case "string_pattern_mismatch":
            return f"“{where}” is not written as it should be: {_PATTERNS.get(place[-1], 'see docs/importing.md')}."
        case _:
            return f"“{where}”: {detail['msg'][:1].lower()}{detail['msg'][1:]}."


_PATTERNS = {
    "key": "use small letters, figures and hyphens",
    "licence_url": "a web address that begins with https://",
    "url": "a web address that begins with https://",
    "council": "the nine characters of a council's code, such as E08000009",
}
