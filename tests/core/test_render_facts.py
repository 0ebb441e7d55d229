"""Facts in an alert, for every medium."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import css_inline
import pytest
from samples import NOON, story
from test_render import EVIL, RENDERER, alert, mrkdwn

from monitor.app import bilingual, templates
from monitor.core.digest import Day, compose
from monitor.core.render import Look, Renderer, environment
from monitor.model import Digest, Fact, Said, Story

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


def day_with(told: Story) -> Digest:
    """Return a day with one story and its facts."""
    names = {"exercises": "Drills"}
    return compose(
        Day(NOON.date(), ZoneInfo("Asia/Taipei"), [told], [], ("exercises",), names, [], [], facts={told.id: FACTS})
    )


@pytest.mark.parametrize("medium", ["text", "email", "slack", "webhook"])
def test_a_digest_tells_the_facts_of_each_story(medium: str) -> None:
    """Under the headline, escaped, and for programs with who says what."""
    message = RENDERER.digest(day_with(story()), medium)
    assert "  Facts: 43 to 45 aircraft, 7 ships" in message.text
    if medium == "email":
        assert "43 to 45 aircraft, 7 ships</strong>" in message.html
    if medium == "slack":
        assert any(text.endswith("\n   43 to 45 aircraft, 7 ships") for text in mrkdwn(message))
    if medium == "webhook":
        (facts,) = (s["facts"] for section in message.data["sections"] for s in section["stories"])
        assert [(f["kind"], f["low"], f["high"]) for f in facts] == [("aircraft", 43, 45), ("vessels", 7, 7)]


def test_a_digest_says_it_in_the_other_language_too() -> None:
    """Under an English headline in Chinese; under a Chinese one in English, where the facts are not said twice."""
    look = Look(ZoneInfo("Asia/Taipei"), {}, css_inline.inline, bilingual())
    renderer = Renderer(look, environment(templates()))
    assert "  軍事演習與動態 · " in (text := renderer.digest(day_with(story()), "text").text)
    assert "43至45架次軍機、7艘軍艦\n  Facts: 43 to 45 aircraft, 7 ships" in text
    text = renderer.digest(day_with(replace(story(), headline="共機45架次擾台", lang="zh")), "text").text
    assert text.count("43 to 45 aircraft, 7 ships") == 2, "in the day's lines, and under the headline"
    assert "Facts:" not in text


@pytest.mark.parametrize("medium", ["text", "email", "slack"])
def test_no_facts_no_line(medium: str) -> None:
    """Unknown is not zero, and not an empty heading."""
    message = RENDERER.alert(alert(), medium)
    assert "Facts" not in message.text
    assert "Where the facts stand" not in message.html
