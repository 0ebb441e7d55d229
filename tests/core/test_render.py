"""Messages for every medium, from friendly and from hostile text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import css_inline
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import NOON, article, feed, story

from monitor.app import templates
from monitor.core.digest import Day, compose
from monitor.core.render import (
    SLACK_HEADER,
    SLACK_SECTION,
    Look,
    Renderer,
    environment,
    one_line,
    slack_escape,
    slack_link,
)
from monitor.core.stories import gather, signed
from monitor.model import Alert, Digest, Fact, Message, Said, Story

NAMES = {"exercises": "Drills", "us_policy": "US policy"}
RENDERER = Renderer(Look(ZoneInfo("Asia/Taipei"), NAMES, css_inline.inline), environment(templates()))
EVIL = "<!channel> PLA & <@U1> <script>alert(1)</script> *bold* <https://evil.example|click>\r\nBcc: x@example.org"


def alert(told: Story | None = None) -> Alert:
    """Return an alert of two publishers, one of them official."""
    told = told or story(
        article(summary="Eleven aircraft."), article(summary="Eleven aircraft.", feed=feed(2, kind="official"))
    )
    return Alert("Drills", "critical", told, "exercises", 0.914, "first", 1, NOON, ("median line", "jets"))


def digest(told: Story | None = None) -> Digest:
    """Return a digest with everything in it."""
    doubt = ("Perhaps a drill", "https://a.example/1", "exercises", 0.48)
    broken = feed(3, failures=2, status="http_403", error="403")
    day = Day(NOON.date(), ZoneInfo("Asia/Taipei"), [told or story()], [], tuple(NAMES), NAMES, [doubt], [broken])
    return compose(day)


def mrkdwn(message: Message) -> list[str]:
    """Return every text that Slack reads markup in."""
    parts = [block.get("text", {}) for block in message.blocks]
    parts += [element for block in message.blocks for element in block.get("elements", ())]
    return [part["text"] for part in parts if part.get("type") == "mrkdwn"]


@pytest.mark.parametrize("medium", ["text", "chat", "email", "slack", "webhook"])
def test_an_alert_answers_what_an_analyst_asks(medium: str) -> None:
    """Severity, theme, headline with its address, when, who confirms, and why it fired."""
    message = RENDERER.alert(alert(), medium)
    shown = message.subject + message.text + message.html + json.dumps(list(message.blocks), ensure_ascii=False)
    for fact in (
        "critical",
        "Drills",
        "median line",
        "https://outlet1.example/",
        "2026-05-04 20:00",
        "2 publishers",
        "91%",
    ):
        assert fact in shown
    assert "Outlet 2 (official)" in message.text


def test_messages_of_a_story_stand_together_and_lead_to_it() -> None:
    """In every medium; what the digest tells is no thread."""
    for medium in ("text", "chat", "email", "slack", "webhook"):
        message = RENDERER.alert(alert(story(id=7)), medium)
        assert (message.thread, message.link) == ("story/7", story().url)
    assert RENDERER.alert(alert(), "text").thread == ""
    assert RENDERER.digest(digest(), "email").thread == ""


def test_a_plain_alert_reads_well() -> None:
    """No line is empty twice, addresses stand alone on their line, and no heading stands over nothing."""
    for told in (alert(), alert(story()), replace(alert(), facts=(Said("Daily", Fact("aircraft", 45, "45 jets.")),))):
        text = RENDERER.alert(told, "email").text
        assert "\n\n\n" not in text
        assert text.splitlines()[:2] == ["CRITICAL | Drills", told.story.headline]
        assert told.story.url in text.splitlines()
        assert ("Other reports:" in text) is (len(told.story.sources) > 1)
        assert ("Where the facts stand:" in text) is bool(told.facts)


def test_messages_say_how_far_a_story_has_come() -> None:
    """Beside who tells of it in an alert, beside its headline in a digest; an official source confirms."""
    for medium in ("text", "chat", "email", "slack"):
        for render, told in ((RENDERER.alert, alert), (RENDERER.digest, digest)):
            confirmed, alone = alert().story, story()
            for about, word in ((confirmed, "confirmed"), (alone, "developing")):
                message = render(told(about), medium)  # type: ignore[operator]
                assert word in message.text + message.html + " ".join(mrkdwn(message)), (medium, word)
    assert RENDERER.alert(alert(), "webhook").data["life"] == "confirmed"
    assert RENDERER.digest(digest(), "webhook").data["sections"][0]["stories"][0]["life"] == "developing"


def test_what_a_story_shows_is_not_listed_again() -> None:
    """The other reports are those beside it, the first among them when a later one has the better headline."""
    asked, told = article("Why do jets come near the island now?"), article(feed=feed(2), summary="Eleven aircraft.")
    about = alert(gather([signed(asked), signed(told)]))
    text, data = RENDERER.alert(about, "text").text, RENDERER.alert(about, "webhook").data
    assert data["headline"] == told.entry.title
    assert data["first_report"] == {"outlet": "Outlet 1", "headline": asked.entry.title, "url": asked.entry.url}
    assert text.split("Other reports:")[1].split() == ["-", "Outlet", "1:", asked.entry.url]


def test_only_what_a_medium_needs_is_rendered() -> None:
    """HTML for mail, blocks for Slack, data for a webhook."""
    made = {medium: RENDERER.alert(alert(), medium) for medium in ("text", "email", "slack", "webhook")}
    assert [bool(m.html) for m in made.values()] == [False, True, False, False]
    assert [bool(m.blocks) for m in made.values()] == [False, False, True, False]
    assert made["webhook"].data["sources"][1]["kind"] == "official"
    assert json.dumps(made["webhook"].data)


@pytest.mark.parametrize("render", [RENDERER.alert, RENDERER.digest], ids=["alert", "digest"])
def test_hostile_text_arrives_harmless(render: object) -> None:
    """No markup of a feed survives in HTML or in Slack, and no line break in a subject."""
    hostile = story(article(EVIL, EVIL))
    value = alert(hostile) if render == RENDERER.alert else digest(hostile)
    mail, slack = render(value, "email"), render(value, "slack")  # type: ignore[operator]
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    for text in mrkdwn(slack):
        assert not re.search(r"<[!@#]", text)
        assert all(link.startswith("http") for link in re.findall(r"<([^>|]*)", text))
        assert "|click>" not in text
    assert "\n" not in mail.subject
    assert "\r" not in mail.subject


def test_styles_are_inlined() -> None:
    """Mail clients drop style sheets: every element carries its own."""
    html = RENDERER.digest_html(digest())
    assert '<h1 style="' in html
    assert "<style" not in html


def test_a_digest_has_its_parts() -> None:
    """The lines, what changed, the stories, what to review, feeds in trouble."""
    for medium in ("text", "email"):
        message = RENDERER.digest(digest(), medium)
        body = (message.html or message.text).lower()
        for part in (
            "1 story from 1 publisher",
            "what changed",
            "drills",
            "to review",
            "48%",
            "feeds in trouble",
            "403; last read 2026-05-04 19:00",
        ):
            assert part in body
    data = RENDERER.digest(digest(), "webhook").data
    assert data["sections"][0]["stories"][0]["new"]
    assert "1 feed is in trouble" in mrkdwn(RENDERER.digest(digest(), "slack"))[-1]


def test_a_digest_of_many_broken_feeds_stays_short() -> None:
    """Without a network all of them are; the rest is counted."""
    broken = [feed(n, failures=2, error="no such host", last_success=None) for n in range(1, 31)]
    day = Day(NOON.date(), ZoneInfo("Asia/Taipei"), [], [], (), {}, [], broken)
    for medium in ("text", "email"):
        message = RENDERER.digest(compose(day), medium)
        body = message.html or message.text
        assert body.count("no such host; never read") == 20
        assert "and 10 more; strait feeds health" in body


@given(st.text(), st.text(), st.integers(1, 30))
def test_slack_s_limits_hold_for_any_text(title: str, summary: str, outlets: int) -> None:
    """No block is longer than Slack takes, whatever a feed writes."""
    told = story(*(article(title * 40, summary * 40, feed=feed(n, outlet=(title or "x") * 9)) for n in range(outlets)))
    for message in (RENDERER.alert(alert(told), "slack"), RENDERER.digest(digest(told), "slack")):
        assert all(len(text) <= SLACK_SECTION for text in mrkdwn(message))
        assert len(message.blocks[0]["text"]["text"]) <= SLACK_HEADER


@given(st.text(), st.integers(2, 200))
def test_one_line_is_one_line(text: str, limit: int) -> None:
    """At most so long, and without control characters."""
    line = one_line(text, limit)
    assert len(line) <= limit
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", line)


@given(st.text())
def test_escaping_leaves_no_markup(text: str) -> None:
    """Nothing that Slack would read as a mention or a link is left."""
    assert not re.search(r"[<>]", slack_escape(text, 300))
    assert len(slack_escape(text * 50, 300)) <= 300


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/|x", "https://a.example/ b", "https://a.example/" + "x" * 900, ""]
)
def test_an_address_that_cannot_be_written_is_left_out(url: str) -> None:
    """The text stands alone then."""
    assert slack_link(url, "A & B") == "A &amp; B"
