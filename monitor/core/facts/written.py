"""Facts as programs read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.model import Fact


def row(fact: Fact) -> dict[str, Any]:
    """Return a fact as a JSON object: kind and value always, what is not known left out, then where it is told."""
    told = {"kind": fact.kind, "value": fact.value}
    more = {name: getattr(fact, name) for name in ("currency", "about", "system", "unit", "approx", "low", "high")}
    told |= {name: value for name, value in more.items() if value not in ("", None, False)}
    return told | {"sentence": fact.sentence, "span": list(fact.span)}
