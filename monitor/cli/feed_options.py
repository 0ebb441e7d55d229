"""What may be said of a feed on the command line: as options, or as KEY=VALUE words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from monitor.core import access as asking
from monitor.errors import UsageError
from monitor.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NAMES = ("title", "outlet", "publisher", "kind", "lang", "folder", "country", "full_text")
_OPTIONS = (
    click.option("--title", help="What the feed calls itself."),
    click.option("--outlet", help="The name people know the source by."),
    click.option("--publisher", help="The publisher family; feeds of one family do not confirm each other."),
    click.option("--kind", type=click.Choice(KINDS)),
    click.option("--lang", help="en, zh-Hant or zh-Hans."),
    click.option("--folder", help="A path with slashes, such as Press/Local."),
    click.option("--country", help="The publisher's, in two letters, such as TW."),
    click.option("--full-text/--no-full-text", default=None, help="Fetch the page of each new item too."),
)
_TRUTH = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def with_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each thing that may be said of a feed."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that were given, checked."""
    return _checked({name: value for name, value in fields.items() if value is not None})


def pair(word: str) -> tuple[str, str]:
    """Read a KEY=VALUE word."""
    key, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"{word}: wants KEY=VALUE")
    return key.strip(), value.strip()


def said_plainly(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return the settings that have an option too, given as words."""
    said: dict[str, Any] = {key: value for key, value in pairs if not asking.is_access(key)}
    for key, value in said.items():
        if key not in NAMES:
            raise UsageError(f"{key}: unknown; known are {', '.join((*NAMES, *asking.PLAIN))} and header.NAME")
        if key == "full_text":
            if value.lower() not in _TRUTH:
                raise UsageError("full_text: must be yes or no")
            said[key] = _TRUTH[value.lower()]
    return _checked(said)


def _checked(said: dict[str, Any]) -> dict[str, Any]:
    if said.get("kind", "press") not in KINDS:
        raise UsageError(f"kind: must be one of {', '.join(KINDS)}")
    if said.get("country"):
        said["country"] = str(said["country"]).upper()
        if not re.fullmatch(r"[A-Z]{2}", said["country"]):
            raise UsageError("country: wants two letters, such as TW")
    return said
