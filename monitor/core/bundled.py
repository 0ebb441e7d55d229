"""Several alerts in one message: the rest of a burst, what quiet hours held, what nobody took note of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from monitor.core.digest import plural
from monitor.core.render import SLACK_SECTION, one_line, slack_escape, slack_link
from monitor.model import SEVERITIES, Message, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from monitor.core.render import Look

    Rendered = Callable[[str, Mapping[str, Any]], str]

Kind = Literal["burst", "catchup", "escalation"]
SHOWN = 20
"""So many alerts of one message are told one by one; of the others only how many there are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One alert within a message of several."""

    alert: int
    """Its id."""
    rule: str
    severity: Severity
    theme: str
    headline: str
    url: str
    at: datetime
    publishers: int
    score: float
    words: tuple[str, ...] = ()
    facts: str = ""
    """What the story's reports count, in one line."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """As its own message would have told it to a program."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What goes together, the most urgent first."""

    kind: Kind
    lines: tuple[Line, ...]


def message(bundle: Bundle, medium: str, look: Look, rendered: Rendered) -> Message:
    """Return the message for a medium; *rendered* fills a template."""
    severity = max((line.severity for line in bundle.lines), key=SEVERITIES.index)
    view = _view(bundle, look)
    return Message(
        one_line(f"[{severity}] {view['heading']}"),
        rendered("bundle.txt", view),
        html=look.inline_css(rendered("bundle.html", view)) if medium == "email" else "",
        blocks=_blocks(view) if medium == "slack" else (),
        data=_data(bundle, view["heading"]) if medium == "webhook" else {},
        severity=severity,
        link=bundle.lines[0].url if len(bundle.lines) == 1 else "",
    )


def _view(bundle: Bundle, look: Look) -> dict[str, Any]:
    shown = bundle.lines[:SHOWN]
    return {
        "heading": _heading(bundle),
        "counts": _counts(bundle.lines),
        "alerts": [
            {
                "severity": line.severity,
                "theme": look.names.get(line.theme, line.theme),
                "headline": one_line(line.headline, 300),
                "url": line.url,
                "facts": line.facts,
                "when": f"{line.at.astimezone(look.zone):%Y-%m-%d %H:%M}",
                "publishers": plural(line.publishers, "publisher", "publishers"),
                "why": _why(line),
                "id": line.alert,
            }
            for line in shown
        ],
        "more": len(bundle.lines) - len(shown),
        "zone": look.zone.key,
        "escalated": bundle.kind == "escalation",
    }


def _heading(bundle: Bundle) -> str:
    count, first = len(bundle.lines), bundle.lines[0]
    if bundle.kind == "escalation":
        told = one_line(first.headline, 120) if count == 1 else plural(count, "alert", "alerts")
        return f"Nobody took note: {told}"
    if bundle.kind == "catchup":
        return plural(count, "alert", "alerts") + " from quiet hours"
    return plural(count, "more alert", "more alerts")


def _counts(lines: Sequence[Line]) -> str:
    """Return how many alerts each rule has: "Drills 8, Arms 4"."""
    rules = Counter(line.rule for line in lines)
    return ", ".join(f"{rule} {count}" for rule, count in rules.most_common())


def _why(line: Line) -> str:
    words = ", ".join(line.words)
    return f'rule "{line.rule}", {line.score:.0%}' + (f": {words}" if words else "")


def _blocks(view: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    header = {"type": "header", "text": {"type": "plain_text", "text": one_line(view["heading"], 150)}}
    blocks = [header, _block(slack_escape(view["counts"], 1000))]
    for alert in view["alerts"]:
        facts = f"\n{slack_escape(alert['facts'], 500)}" if alert["facts"] else ""
        told = f"{alert['severity']} · {alert['theme']} · {alert['when']} · {alert['publishers']} · {alert['why']}"
        link = slack_link(alert["url"], one_line(alert["headline"], 300))
        blocks.append(_block(f"*{link}*{facts}\n{slack_escape(told, 800)}"))
    if view["more"]:
        blocks.append(_block(f"and {view['more']} more: `strait alerts list`"))
    return tuple(blocks)


def _block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SLACK_SECTION]}}


def _data(bundle: Bundle, heading: str) -> dict[str, Any]:
    """Return the message as a webhook's JSON object, every alert in it."""
    return {
        "event": bundle.kind,
        "heading": heading,
        "count": len(bundle.lines),
        "rules": dict(Counter(line.rule for line in bundle.lines)),
        "alerts": [
            {
                "id": line.alert,
                "rule": line.rule,
                "severity": line.severity,
                "theme": line.theme,
                "headline": line.headline,
                "url": line.url,
                "at": line.at.isoformat(),
            }
            | dict(line.data)
            for line in bundle.lines
        ],
    }
