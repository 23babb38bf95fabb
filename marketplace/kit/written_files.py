"""Files that people write in YAML for the site to read: found and opened, or why not in a sentence."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from marketplace.kit.errors import DomainError


def read_written_file(path: Path, *, what: str, shipped: Sequence[str], refusal: type[DomainError]) -> Any:
    """
    Return what a file says, as YAML means it.

    :param what: what it should be: “mapping”.
    :param shipped: the names of those that come with the site, one of which may be meant.
    :raises DomainError: of the kind given, if it is not there, cannot be opened, or is no YAML.
    """
    if not path.is_file():
        close = difflib.get_close_matches(path.name, shipped, n=1)
        hint = f"Did you mean {close[0]}?" if close else f"These come with the site: {', '.join(shipped)}."
        raise refusal(f"There is no {what} {path}. {hint}")
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise refusal(f"{path.name} is not UTF-8 text, so it is no {what}.") from error
    except OSError as error:
        raise refusal(f"{path} cannot be opened: {(error.strerror or 'unknown reason').lower()}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise refusal(f"{path.name} is not YAML: it cannot be read{where}.") from error
