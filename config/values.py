"""Types that settings are made of: durations, sizes, clock times, networks and secrets."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainValidator, ValidationInfo, model_validator

_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
LONGEST = timedelta(days=36_500)
"""A hundred years; longer ones would leave the calendar when added to a date."""
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)")
_SIZES = {"B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000}


def duration(value: object) -> timedelta:
    """Read ``30s``, ``15m``, ``6h``, ``3d``; 0 is no time at all."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, bool) and value in (0, "0"):
        return timedelta(0)
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        raise ValueError('wants a duration such as "30s", "15m", "6h" or "3d"')
    seconds = float(match[1]) * _UNITS[match[2]]
    if seconds > LONGEST.total_seconds():
        raise ValueError("is longer than a program can wait")
    return timedelta(seconds=seconds)


def positive(value: timedelta) -> timedelta:
    """Refuse a duration of nothing where that would mean without pause."""
    if value <= timedelta(0):
        raise ValueError("wants a duration longer than nothing")
    return value


def size(value: object) -> int:
    """Read ``10 MB`` into bytes; a plain number is bytes already."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    match = _SIZE.fullmatch(value.strip()) if isinstance(value, str) else None
    count = float(match[1]) * _SIZES[match[2]] if match else 0.0
    if not 1 <= count < math.inf:
        raise ValueError('wants a size such as "10 MB"')
    return int(count)


def clock(value: object) -> time:
    """Read ``08:00``."""
    if isinstance(value, time):
        return value
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if not match:
        raise ValueError('wants a time of day such as "08:00"')
    return time(int(match[1]), int(match[2]))


def zone(value: object) -> ZoneInfo:
    """Read an IANA time zone name."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError, caught below
        raise ValueError('wants a time zone such as "Asia/Taipei"') from error
    except KeyError as error:
        raise ValueError('wants a time zone such as "Asia/Taipei"') from error


def network(value: object) -> str:
    """Read an address range such as ``127.0.0.0/8``."""
    try:
        return str(ipaddress.ip_network(str(value)))
    except ValueError as error:
        raise ValueError(f'wants an address range such as "10.0.0.0/8" ({error})') from error


def one_line(value: str) -> str:
    """Refuse what could break out of a header."""
    if not value.isprintable():
        raise ValueError("must be one line of printable characters")
    return value


def mail_address(value: str) -> str:
    """Read ``desk@example.org`` or ``Desk <desk@example.org>``."""
    plain, named = r"[^@<>\s,;]+@[^@<>\s,;]+", r"[^@<>,;]*<[^@<>\s,;]+@[^@<>\s,;]+>"
    if not value.isprintable() or not re.fullmatch(f"{plain}|{named}", value.strip()):
        raise ValueError("wants a mail address")
    return value.strip()


Duration = Annotated[timedelta, PlainValidator(duration)]
Pause = Annotated[timedelta, PlainValidator(lambda value: positive(duration(value)))]
Size = Annotated[int, PlainValidator(size)]
Clock = Annotated[time, PlainValidator(clock)]
Zone = Annotated[ZoneInfo, PlainValidator(zone)]
Network = Annotated[str, BeforeValidator(network)]


class Section(BaseModel):
    """A table of the configuration: frozen, and strict about unknown keys.

    A field named in ``secrets`` may also be given as ``NAME_env`` or ``NAME_file``; at most one of the three.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the names of the fields that hold secrets."""
        return ()

    @model_validator(mode="before")
    @classmethod
    def _resolve_secrets(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, dict) or not cls.secrets():
            return data
        context = info.context or {}
        out = dict(data)
        for name in cls.secrets():
            _resolve(name, out, context.get("environ", {}), context.get("home", Path()))
        return out


def _resolve(name: str, table: dict[str, Any], environ: Mapping[str, str], home: Path) -> None:
    """Replace ``NAME_env`` or ``NAME_file`` in a table by NAME with the secret they point at."""
    given = [key for key in (name, f"{name}_env", f"{name}_file") if key in table]
    if len(given) > 1:
        raise ValueError(f"give only one of {', '.join(given)}")
    if f"{name}_env" in table:
        variable = str(table.pop(f"{name}_env"))
        if environ.get(variable):
            table[name] = environ[variable]
        else:
            table[f"missing_{name}"] = f"the environment variable {variable} is not set"
    if f"{name}_file" in table:
        path = home / str(table.pop(f"{name}_file"))
        try:
            table[name] = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            table[f"missing_{name}"] = f"{name}_file cannot be read: {path} ({error.__class__.__name__})"
    if f"missing_{name}" in table:
        raise ValueError(table.pop(f"missing_{name}"))
