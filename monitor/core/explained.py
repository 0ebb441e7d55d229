"""Decisions in words: what was compared, and what is new in a story that is told again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.model import Decision

_FIGURES = frozenset({"fact_corrected", "fact_grew", "fact_new"})


def in_words(values: Mapping[str, Any]) -> str:
    """Return what was compared for a decision on one line: "publishers 1, wants 2"."""
    return ", ".join(f"{_name(name)} {shown}" for name, value in values.items() if (shown := _shown(value)))


def _name(name: str) -> str:
    return name.replace("_", " ")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "(" + in_words(value) + ")" if value else ""
    if isinstance(value, list | tuple):
        return _span(value) if _is_span(value) else " or ".join(map(_shown, value))
    return f"{value:,.10g}" if isinstance(value, float) else f"{value}"


def _is_span(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(end, int | float) for end in value)


def _span(span: Any) -> str:
    low, high = (f"{end:,.10g}" for end in span)
    return low if low == high else f"{low} to {high}"


def change_of(decision: Decision, names: Mapping[str, str]) -> str:
    """Return what is new since people were last told: "confirmed by 3 publishers, 1 before"; empty for a first alert.

    *names* holds the names of themes.
    """
    values, reason = decision.compared, decision.reason
    if reason == "corrected":
        return f"corrected: {values['report']}"
    if reason == "confirmed":
        return f"confirmed by {values['publishers']} publishers, {values['told']} before"
    if reason == "new_theme":
        return "new theme: " + ", ".join(names.get(theme, theme) for theme in values["themes"])
    if reason == "renewed":
        return f"reported again, after nothing since {values['quiet_since'][:16].replace('T', ' ')} UTC"
    return "; ".join(_figure(key, values) for key in values if key != "told") if reason in _FIGURES else ""


def _figure(key: str, values: Mapping[str, Any]) -> str:
    before = values["told"].get(key)
    return f"{_name(key).replace('/', ' ')} {_span(values[key])}" + (f", {_span(before)} before" if before else "")
