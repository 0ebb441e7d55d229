"""Several alerts in one message, for every medium."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from samples import HOUR, NOON

from monitor.app import templates
from monitor.core import bundled
from monitor.core.bundled import SHOWN, Bundle, Line
from monitor.core.render import Look, Renderer, environment

if TYPE_CHECKING:
    from monitor.core.bundled import Kind
    from monitor.model import Message

LOOK = Look(ZoneInfo("Asia/Taipei"), {"exercises": "Drills & jets"}, lambda html: html)
RENDERER = Renderer(LOOK, environment(templates()))
LINE = Line(
    alert=7,
    rule="Drills",
    severity="high",
    theme="exercises",
    headline="Jets <cross> the\nline",
    url="https://a.example/1",
    at=NOON,
    publishers=2,
    score=0.914,
    words=("jets", "drill"),
    facts="45 aircraft",
    data={"event": "alert", "story": 3},
)
OTHER = replace(LINE, alert=8, rule="Arms", severity="critical", theme="arms_sales", facts="", words=(), data={})


def told(kind: Kind, *lines: Line, medium: str = "text") -> Message:
    """Return the message of a bundle."""
    return bundled.message(Bundle(kind, lines), medium, LOOK, RENDERER.rendered)


@pytest.mark.parametrize(
    ("kind", "lines", "subject"),
    [
        ("burst", (LINE, OTHER), "[critical] 2 more alerts"),
        ("burst", (LINE,), "[high] 1 more alert"),
        ("catchup", (LINE, LINE), "[high] 2 alerts from quiet hours"),
        ("catchup", (LINE,), "[high] 1 alert from quiet hours"),
        ("escalation", (LINE,), "[high] Nobody took note: Jets <cross> the line"),
        ("escalation", (LINE, OTHER), "[critical] Nobody took note: 2 alerts"),
    ],
)
def test_what_a_message_of_several_is_about(kind: Kind, lines: tuple[Line, ...], subject: str) -> None:
    """The subject has the highest severity, how many there are and why they come together."""
    message = told(kind, *lines)
    assert message.subject == subject
    assert message.severity == ("critical" if OTHER in lines else "high")


def test_as_text() -> None:
    """Counts by rule first, then each alert with facts and why."""
    assert told("burst", LINE, OTHER, LINE).text == (
        "3 MORE ALERTS\nDrills 2, Arms 1\n\n"
        "HIGH | Drills & jets\nJets <cross> the line\nhttps://a.example/1\nFacts: 45 aircraft\n"
        '2026-05-04 20:00, 2 publishers; rule "Drills", 91%: jets, drill\n\n'
        "CRITICAL | arms_sales\nJets <cross> the line\nhttps://a.example/1\n"
        '2026-05-04 20:00, 2 publishers; rule "Arms", 91%\n\n'
        "HIGH | Drills & jets\nJets <cross> the line\nhttps://a.example/1\nFacts: 45 aircraft\n"
        '2026-05-04 20:00, 2 publishers; rule "Drills", 91%: jets, drill\n\n'
    )


def test_an_escalation_says_how_to_take_note() -> None:
    """By the alert's id."""
    assert "strait alerts ack 7\n" in told("escalation", LINE).text
    assert "strait alerts ack 7<" in told("escalation", LINE, medium="email").html


def test_a_large_one_tells_the_first_and_how_many_more() -> None:
    """Text, mail and Slack stay readable and within limits; a program gets them all."""
    lines = [replace(LINE, alert=n, headline=f"Headline {n}.", at=NOON + n * HOUR) for n in range(SHOWN + 30)]
    for medium in ("text", "email", "slack", "webhook"):
        message = told("burst", *lines, medium=medium)
        shown = message.html + str(message.blocks) + message.text
        assert f"Headline {SHOWN - 1}." in shown
        assert f"Headline {SHOWN}." not in shown
        assert "and 30 more" in shown
        assert len(message.blocks) <= 50
    assert [row["headline"] for row in message.data["alerts"]] == [line.headline for line in lines]


def test_as_mail_and_for_slack_everything_is_escaped() -> None:
    """What comes from a feed is text there."""
    html = told("catchup", LINE, medium="email").html
    assert "Jets &lt;cross&gt; the line" in html
    assert "Drills &amp; jets" in html
    blocks = told("catchup", LINE, medium="slack").blocks
    assert blocks[2]["text"]["text"].startswith("*<https://a.example/1|Jets &lt;cross&gt; the line>*\n45 aircraft\n")


def test_for_a_program() -> None:
    """Counts, and each alert as its own message would have told it."""
    data = told("catchup", LINE, OTHER, medium="webhook").data
    assert (data["event"], data["count"], data["rules"]) == ("catchup", 2, {"Drills": 1, "Arms": 1})
    first, second = data["alerts"]
    assert (first["id"], first["story"], first["event"]) == (7, 3, "alert")
    assert second == {
        "id": 8,
        "rule": "Arms",
        "severity": "critical",
        "theme": "arms_sales",
        "headline": LINE.headline,
        "url": LINE.url,
        "at": NOON.isoformat(),
    }
