"""Facts as programs and people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.core.facts.agreed import Agreed
    from monitor.model import Fact

_NOUNS = {
    "aircraft": ("aircraft", "aircraft"),
    "crossings": ("across the median line", "across the median line"),
    "vessels": ("ship", "ships"),
    "official_ships": ("official ship", "official ships"),
    "drones": ("drone", "drones"),
    "balloons": ("balloon", "balloons"),
    "missiles": ("missile", "missiles"),
    "percent_gdp": ("% of GDP", "% of GDP"),
    "personnel": ("soldier", "troops"),
}
_SIGNS = {"USD": "$", "TWD": "NT$", "EUR": "€", "GBP": "£"}
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))
_PURPOSES = {"arms_sale": "arms sale", "aid": "aid", "budget": "budget"}


def row(fact: Fact) -> dict[str, Any]:
    """Return a fact as a JSON object: kind and value always, what is not known left out, then where it is told."""
    told = {"kind": fact.kind, "value": fact.value}
    more = {name: getattr(fact, name) for name in ("currency", "about", "system", "unit", "approx", "low", "high")}
    told |= {name: value for name, value in more.items() if value not in ("", None, False)}
    return told | {"sentence": fact.sentence, "span": list(fact.span)}


def agreed_row(agreed: Agreed) -> dict[str, Any]:
    """Return a story's fact as a JSON object: the first telling, the range, and who says what."""
    said = [{"outlet": one.outlet, **row(one.fact)} for one in agreed.said]
    return {"text": phrase(agreed), "kind": agreed.first.kind, "low": agreed.low, "high": agreed.high, "said": said}


def summary_line(facts: Iterable[Agreed], limit: int = 12) -> str:
    """Return a story's facts in one line: "45 aircraft, 28 across the median line, 7 ships"."""
    return ", ".join(phrase(fact) for fact in list(facts)[:limit])


def phrase(agreed: Agreed) -> str:
    """Return a fact in a few words, with its range where reports differ and its vagueness where it is vague."""
    fact = agreed.first
    if agreed.low is None or agreed.high is None:
        return fact.system
    if agreed.low != agreed.high:
        return _counted(fact, f"{_number(fact, agreed.low)} to {_number(fact, agreed.high)}", agreed.high)
    if fact.low is not None and fact.high is not None:
        return _counted(fact, f"{_number(fact, fact.low)} to {_number(fact, fact.high)}", fact.high)
    bound = "up to " if fact.high is not None else "at least " if fact.low is not None else "about "
    return _counted(fact, (bound if fact.approx else "") + _number(fact, agreed.low), agreed.low)


def _number(fact: Fact, value: float) -> str:
    if fact.kind != "money":
        return f"{value:,}"
    scale, name = next(((s, f" {n}") for s, n in _SCALES if value >= s), (1, ""))
    return f"{_SIGNS.get(fact.currency, fact.currency + ' ')}{value / scale:,.4g}{name}"


def _counted(fact: Fact, number: str, value: float) -> str:
    """Return a number with what it counts."""
    if fact.kind == "weapon":
        return f"{number} {fact.system}"
    if fact.kind == "money":
        purpose = _PURPOSES.get(fact.about)
        return f"{number} ({purpose})" if purpose else number
    if fact.kind == "duration":
        return f"{number} {fact.unit.removesuffix('s') if value == 1 else fact.unit}"
    return f"{number} {noun(fact.kind, value)}"


def noun(kind: str, value: float) -> str:
    """Return what a kind of fact counts, in the singular for one."""
    one, many = _NOUNS[kind]
    return one if value == 1 else many
