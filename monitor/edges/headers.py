"""What the headers of an answer say: what to send next time, and when to come again."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_VALIDATOR = 1000
_DIRECTIVE = re.compile(r"(?:^|[\s,])(no-store|no-cache|max-age)\s*(?:=\s*\"?(\d{1,12})\"?)?(?=[\s,]|$)", re.IGNORECASE)


def validator(value: str | None) -> str:
    """Return a validator that can be stored and sent back as it came, or nothing."""
    return value if value and len(value) <= _MAX_VALIDATOR and value.isascii() and value.isprintable() else ""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return a Retry-After in seconds; a date is read against the answer's own clock."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    return _until(text, headers)


def fresh_for(headers: Mapping[str, str]) -> float | None:
    """Return for how many seconds an answer is good, None when it does not say.

    As HTTP has it: ``max-age`` less the ``Age`` of the answer, else ``Expires`` against the answer's own clock. What a
    cache may not keep is good for no time at all.
    """
    said = {name.lower(): seconds for name, seconds in _DIRECTIVE.findall(headers.get("Cache-Control", ""))}
    if "no-store" in said or "no-cache" in said:
        return 0.0
    if said.get("max-age"):
        age = headers.get("Age", "").strip()
        return max(0.0, float(said["max-age"]) - (float(age[:9]) if age.isascii() and age.isdigit() else 0.0))
    return _until(headers["Expires"], headers) if "Expires" in headers else None


def _until(date: str, headers: Mapping[str, str]) -> float | None:
    try:
        wait = parsedate_to_datetime(date) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())
