"""Facts in an alert, for every medium."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_render import EVIL, RENDERER, alert

from monitor.model import Fact, Said

FACTS = (
    Said("Daily", Fact("aircraft", 45, "The ministry saw 45 jets.", (17, 24))),
    Said("Evening", Fact("aircraft", 43, "It counted 43 planes.", (11, 20))),
    Said("Daily", Fact("vessels", 7, f"Seven ships came, {EVIL}.", (0, 11))),
)
TOLD = replace(alert(), facts=FACTS)


@pytest.mark.parametrize("medium", ["text", "email", "slack", "webhook"])
def test_the_facts_stand_in_one_line(medium: str) -> None:
    """Range and count, in text, mail and Slack."""
    message = RENDERER.alert(TOLD, medium)
    assert "43 to 45 aircraft, 7 ships" in message.text
    if medium == "email":
        assert "43 to 45 aircraft, 7 ships" in message.html
    if medium == "slack":
        assert any("43 to 45 aircraft, 7 ships" in block.get("text", {}).get("text", "") for block in message.blocks)


def test_mail_shows_the_sentences_escaped() -> None:
    """Each fact has its source sentence at hand, as text."""
    html = RENDERER.alert(TOLD, "email").html
    assert "The ministry saw 45 jets." in html
    assert "Seven ships came" in html
    assert "<script>" not in html


def test_a_webhook_gets_who_says_what() -> None:
    """Programs read the range and every telling."""
    facts = RENDERER.alert(TOLD, "webhook").data["facts"]
    assert [(f["kind"], f["low"], f["high"], len(f["said"])) for f in facts] == [
        ("aircraft", 43, 45, 2),
        ("vessels", 7, 7, 1),
    ]


@pytest.mark.parametrize("medium", ["text", "email", "slack"])
def test_no_facts_no_line(medium: str) -> None:
    """Unknown is not zero, and not an empty heading."""
    message = RENDERER.alert(alert(), medium)
    assert "Facts" not in message.text
    assert "Where the facts stand" not in message.html
