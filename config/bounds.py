"""What rules ask of a story's figures, as it is written: ``facts = { aircraft = ">= 20" }``."""

from __future__ import annotations

import re
from typing import Annotated, get_args, get_type_hints

from pydantic import PlainValidator

from monitor.core.facts.extractor import KINDS
from monitor.model import Bound

SIGNS: tuple[str, ...] = get_args(get_type_hints(Bound)["sign"])
_BOUND = re.compile(rf"({'|'.join(SIGNS)})\s*(\d[\d,_]*(?:\.\d+)?)")


def bounds(value: object) -> tuple[Bound, ...]:
    """Read a table of kinds of facts, each with a sign and a number."""
    if isinstance(value, dict):
        return tuple(_bound(str(kind), asked) for kind, asked in value.items())
    raise ValueError('wants a table such as { aircraft = ">= 20" }')


def _bound(kind: str, asked: object) -> Bound:
    if kind.split("/", maxsplit=1)[0] not in KINDS:
        raise ValueError(f"names the unknown kind {kind!r}; known are {', '.join(KINDS)}")
    match = _BOUND.fullmatch(asked.strip()) if isinstance(asked, str) else None
    if not match:
        raise ValueError(f'wants {kind} = ">= 20", with one of {", ".join(SIGNS)}')
    sign = next(sign for sign in get_args(get_type_hints(Bound)["sign"]) if sign == match[1])
    return Bound(kind, sign, float(match[2].replace(",", "").replace("_", "")))


Bounds = Annotated[tuple[Bound, ...], PlainValidator(bounds)]
