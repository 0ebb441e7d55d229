"""People split and join stories: reports go where they belong, and the stories are made anew of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.alerting import article_of
from monitor.core import retold, stories
from monitor.core.figures import figures
from monitor.edges.store import FollowUp, Regrouping
from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from monitor.edges.store import StoredItem, Work
    from monitor.model import Article, Story, Told


@dataclass(frozen=True, slots=True)
class By:
    """Who splits or joins, and when."""

    author: str
    at: datetime


def split(work: Work, story_id: int, items: Collection[int], by: By) -> int:
    """Let reports of a story be one of their own, together; return its id.

    People count as told of both as they were told of the one, so that the split makes no alert.
    """
    work.lock_stories()
    before = _standing(work, story_id)
    moved = _named(story_id, work.reports_of(story_id), items)
    new = work.save_story(stories.gather(_articles(work, moved)), ())
    work.move_reports({item.id: 0 for item in moved}, new.id)
    after = [
        _remade(work, new.id, replace(new, apart=(story_id, *before.apart))),
        _remade(work, story_id, replace(before, apart=(*before.apart, new.id))),
    ]
    told = work.told([story_id])
    for story in after:
        counted = figures(work.story_facts(story.id))
        work.save_retold(retold.parted(one, before, story, counted) for one in told)
    _wait_both(work, story_id, new.id)
    work.save_regrouping(Regrouping(by.at, by.author, "split", story_id, new.id, tuple(item.id for item in moved)))
    return new.id


def _wait_both(work: Work, *story_ids: int) -> None:
    """Have both be looked at again where a change of the old one waits: only its last report was kept for that."""
    waiting = work.follow_ups_of(story_ids)
    known = {(one.rule, one.story_id) for one in waiting}
    for one in waiting:
        for story_id in story_ids:
            if (one.rule, story_id) not in known:
                last = work.reports_of(story_id)[-1]
                work.look_again(FollowUp(one.rule, story_id, last.id, one.due, corrected=False))


def join(work: Work, story_id: int, other_id: int, by: By) -> None:
    """Let the reports of another story go to a story, which takes later reports of either.

    People count as told of it whatever they were told of either, so that the join makes no alert.
    """
    work.lock_stories()
    if story_id == other_id:
        raise UsageError(f"story {story_id} cannot be joined to itself; name another one")
    before = {one: _standing(work, one) for one in (story_id, other_id)}
    moved = work.reports_of(other_id)
    if not moved or not work.reports_of(story_id):
        raise UsageError(f"of story {story_id if moved else other_id} no report is kept any more")
    parts = {item.id: other_id for item in moved} | work.parts_of(other_id)
    told = work.told([story_id, other_id])
    work.move_reports(parts, story_id)
    apart = {one for story in before.values() for one in story.apart} - {story_id, other_id}
    after = _remade(work, story_id, replace(before[story_id], apart=tuple(sorted(apart))))
    work.mark_joined(other_id, story_id)
    work.save_retold(_together(told, before, after))
    work.save_regrouping(Regrouping(by.at, by.author, "join", story_id, other_id, tuple(item.id for item in moved)))


def _together(told: Sequence[Told], before: Mapping[int, Story], after: Story) -> list[Told]:
    """Return for each rule what it told of the stories that are one now."""
    by_rule: dict[str, list[tuple[Told, Story]]] = {}
    for one in told:
        by_rule.setdefault(one.rule, []).append((one, before[one.story]))
    return [retold.joined(each, after) for each in by_rule.values()]


def _standing(work: Work, story_id: int) -> Story:
    """Return a story that is one of its own."""
    into = work.joined_into(story_id)
    if into is not None:
        raise UsageError(f"story {story_id} was joined to story {into}; name that one")
    story = work.story(story_id)
    if story is None:
        raise UsageError(f"there is no story {story_id}; 'strait story list' shows those there are")
    return story


def _named(story_id: int, reports: Sequence[StoredItem], items: Collection[int]) -> list[StoredItem]:
    """Return the reports of a story that are named: some of them, and not all."""
    strangers = sorted(set(items) - {item.id for item in reports})
    if strangers:
        named = ", ".join(map(str, strangers))
        raise UsageError(f"no reports of story {story_id}: {named}; 'strait story show {story_id}' lists them")
    found = [item for item in reports if item.id in items]
    if not found or len(found) == len(reports):
        raise UsageError(f"name some of the reports of story {story_id}, and not all: nothing would be left of it")
    return found


def _remade(work: Work, story_id: int, shown: Story) -> Story:
    """Make a story anew of the reports that it has now, and keep it; it goes on to show what it showed if it can.

    What it is apart from stays.
    """
    reports, parts = work.reports_of(story_id), work.parts_of(story_id)
    articles = _articles(work, reports)
    made = stories.gather(articles, shown, [parts.get(item.id, 0) for item in reports])
    story = replace(made, id=story_id, corrected=work.last_correction(story_id), apart=shown.apart)
    return work.replace_story(story, stories.all_keys(story, articles))


def _articles(work: Work, reports: Sequence[StoredItem]) -> list[Article]:
    """Return reports as the articles that they were when they were placed."""
    langs = {feed.id: feed.lang for feed in work.feeds_of([item.feed_id for item in reports if item.feed_id])}
    told = (replace(item, lang=item.lang or langs.get(item.feed_id or 0, "")) for item in reports)
    return [stories.signed(article_of(item)) for item in told]
