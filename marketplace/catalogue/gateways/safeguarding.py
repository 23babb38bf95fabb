"""Where operators write down whom to tell in each council's area: a YAML file of their own."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from marketplace.catalogue.rules.safety import SafeguardingContact
from marketplace.kit.errors import DomainError
from marketplace.kit.places import CouncilCode


class WrongContactsError(DomainError):
    """The file of safeguarding contacts cannot be used. The message says what is wrong with it."""


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    council: str = Field(pattern=r"^E\d{8}$")
    name: str = Field(min_length=1, max_length=200)
    phone: str = Field("", pattern=r"^[0-9 +]*$")
    out_of_hours: str = Field("", pattern=r"^[0-9 +]*$")
    href: str = Field("", pattern=r"^(https://\S+)?$")


_LIST = TypeAdapter(list[_Written])


def safeguarding_contacts(path: Path | None) -> dict[CouncilCode, SafeguardingContact]:
    """
    Return whom to tell in each council's area that the file names. Without a file we know of none, and invent none.

    :raises WrongContactsError: if the file is not there, or does not say what it should.
    """
    if path is None:
        return {}
    try:
        written = _LIST.validate_python(_read(path))
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ", ".join(str(part) for part in wrong["loc"])
        raise WrongContactsError(f"{path} cannot be used: look at entry {where}. {wrong['msg']}.") from error
    return {
        CouncilCode(one.council): SafeguardingContact(
            CouncilCode(one.council), one.name, one.phone, one.out_of_hours, one.href
        )
        for one in written
    }


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig")) or []
    except OSError as error:
        raise WrongContactsError(f"{path} cannot be opened.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongContactsError(f"{path} is not YAML, so it names no contacts.") from error
