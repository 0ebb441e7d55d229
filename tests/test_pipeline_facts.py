"""Facts on their way from a page to a message, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from newsdesk import build

from monitor import jobs, outbox
from monitor.pipeline import digest_of

if TYPE_CHECKING:
    from monitor.app import App
    from monitor.edges.store import Store

ONE = "https://one.example/feed"
HEADLINE = "Taiwan counts 45 jets in drill, 28 across the median line"


def round_of(app: App) -> None:
    """Poll everything once and deliver."""
    jobs.poll_round(app, "inline", force=True)
    outbox.deliver(app)


def test_an_alert_tells_the_facts(store: Store) -> None:
    """They are kept with the item and stand in the message."""
    app, pages, desk, clock = build(store)
    with store.begin() as work:
        work.add_feed(ONE, outlet="Daily", publisher="Daily")
    pages.show(ONE)
    round_of(app)
    clock.go(timedelta(hours=1))
    pages.show(ONE, HEADLINE)
    round_of(app)
    (delivery,) = desk.got
    assert "Facts: 45 aircraft, 28 across the median line" in delivery.message.text
    with store.read() as work:
        (item,) = work.items()
        assert item.story_id
        said = work.story_facts(item.story_id)
    assert [(fact.kind, fact.value) for fact in item.facts] == [("aircraft", 45), ("crossings", 28)]
    assert {(one.outlet, one.fact) for one in said} == {("Daily", fact) for fact in item.facts}


def test_the_digest_tells_the_facts_of_the_day_and_of_the_day_before(store: Store) -> None:
    """The numbers that an official source or two publishers give stand beside those of the day before."""
    app, pages, _, clock = build(store)
    with store.begin() as work:
        work.add_feed(ONE, outlet="Ministry", publisher="Ministry", kind="official")
    pages.show(ONE)
    round_of(app)
    for count in (12, 45):
        clock.go(timedelta(days=1))
        pages.show(ONE, HEADLINE.replace("45", str(count)), published=app.now())
        round_of(app)
    digest = digest_of(app, app.now().astimezone(app.zone).date())
    assert "aircraft: 45, 12 the day before" in digest.changes[-1]
    assert digest.lines[1].endswith("(1 publisher, official): 45 aircraft, 28 across the median line")
