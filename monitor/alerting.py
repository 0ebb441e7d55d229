"""The rules at work: asked about an item, what they say is kept with it, and what people are to be told is queued."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from monitor.core import policy
from monitor.core.explained import change_of
from monitor.core.figures import figures
from monitor.edges.store import FollowUp
from monitor.model import Alert, Article, Delivery, Entry, Feed, Said, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.app import App
    from monitor.edges.store import StoredItem, Work
    from monitor.model import Decision, Rule, Silence, Story

SILENT = frozenset({"first_poll", "storm"})
"""Reasons for which an item does not alert that would have."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Case:
    """An article as it stands when the rules are asked."""

    article: Article
    story: Story
    entry_id: int
    silent: str = ""
    """A reason of :data:`SILENT`, or nothing."""
    corrected: bool = False


@dataclass(slots=True)
class Evaluation:
    """The rules within one transaction. What they say is written when it ends; alerts are queued at once."""

    app: App
    work: Work
    now: datetime
    alerts: int = 0
    held: int = 0
    """Alerts that a silent poll kept back."""
    _told: dict[tuple[str, int], Told] = field(default_factory=dict)
    _said: list[tuple[int, Sequence[Decision]]] = field(default_factory=list)
    _silences: Sequence[Silence] | None = None

    def remember(self, stories: Iterable[Story]) -> None:
        """Look up what people were told of these stories."""
        for told in self.work.told([story.id for story in stories]):
            self._told[told.rule, told.story] = told

    def ask(self, case: Case, rules: Sequence[Rule] | None = None) -> None:
        """Ask all rules about an article, or those named, and queue what people are to be told."""
        said, asked = self._facts(case), self.app.rules if rules is None else rules
        decisions = policy.decide(asked, self._situation(case, said))
        self._said.append((case.entry_id, decisions))
        for rule, decision in zip(asked, decisions, strict=True):
            self.held += decision.reason in SILENT
            if decision.reason == "too_soon":
                self._later(rule, case)
            if decision.alert:
                self._alert(rule, self._alert_of(rule, case, decision, said))

    def end(self) -> None:
        """Write down what the rules said."""
        self.work.save_all_decisions(self._said, self.now)
        self._said.clear()

    def _situation(self, case: Case, said: Sequence[Said]) -> policy.Situation:
        if self._silences is None:
            self._silences = self.work.silences(self.now)
        story = case.story.id
        return policy.Situation(
            case.article,
            case.story,
            self.now,
            {rule.name: told for rule in self.app.rules if story and (told := self._told.get((rule.name, story)))},
            case.silent,
            self.app.classifier.sure,
            case.corrected,
            figures(said),
            self._silences,
        )

    def _facts(self, case: Case) -> Sequence[Said]:
        """Return what the story's reports tell; of a story of one report that is what the article tells."""
        if not case.article.themes:  # most are such, and no rule looks further
            return ()
        if len(case.story.sources) > 1 and case.story.id:
            return self.work.story_facts(case.story.id)
        return [Said(case.article.feed.name, fact) for fact in case.article.facts]

    def _later(self, rule: Rule, case: Case) -> None:
        """Have a change that comes too soon looked at again, when it may be told, even if nothing is reported then."""
        due = self._told[rule.name, case.story.id].at + rule.repeat
        self.work.look_again(FollowUp(rule.name, case.story.id, case.entry_id, due, case.corrected))

    def _alert_of(self, rule: Rule, case: Case, decision: Decision, said: Sequence[Said]) -> Alert:
        words = tuple(reason.text for reason in case.article.reasons.get(decision.theme, ())[:6])
        return Alert(
            rule.name,
            rule.severity,
            case.story,
            decision.theme,
            decision.score,
            decision.reason,
            decision.revision,
            self.now,
            words,
            tuple(said),
            figures(said),
            change_of(decision, self.app.look.names),
            self._escalate_at(rule),
        )

    def _escalate_at(self, rule: Rule) -> datetime | None:
        """Return when others are told; what quiet hours hold is waited for from their end on."""
        if rule.escalate is None:
            return None
        held = self.app.quiet.held(rule.severity, self.now) if self.app.quiet else None
        return (held or self.now) + rule.escalate.after

    def _alert(self, rule: Rule, alert: Alert) -> None:
        """Store an alert with its deliveries, one a channel."""
        alert_id = self.work.save_alert(alert)
        deliveries = [
            Delivery(
                key=f"alert/{rule.name}/{alert.story.id}/{alert.revision}/{name}",
                channel=name,
                due=self.now,
                message=self.app.renderer.alert(alert, self.app.channels[name].medium),
                created=self.now,
            )
            for name in dict.fromkeys(rule.channels)
        ]
        self.work.queue(deliveries, alert_id)
        self.work.drop_follow_up(rule.name, alert.story.id)
        self.alerts += 1
        story = alert.story
        told = Told(rule.name, story.id, alert.revision, len(story.publishers), self.now, alert.figures, story.themes)
        self._told[rule.name, story.id] = told
        log.info("alert", rule=rule.name, story=story.id, theme=alert.theme, revision=alert.revision)


def article_of(item: StoredItem) -> Article:
    """Return a stored item as the article that it was."""
    entry = Entry(str(item.id), item.url, item.title, item.summary, item.author, published=item.when, lang=item.lang)
    feed = Feed(item.feed_id or 0, "", outlet=item.outlet, publisher=item.publisher, kind=item.kind, lang=item.lang)
    return Article(entry, feed, item.seen, item.scores, item.themes, item.reasons, item.model, facts=item.facts)


def follow_up(app: App) -> int:
    """Tell what changed too soon after people were told, once it may be told; return how many alerts that makes."""
    now = app.now()
    with app.store.read() as work:
        if not work.follow_ups(now):
            return 0
    with app.store.begin() as work:
        work.lock_stories()
        evaluation = Evaluation(app, work, now)
        for due in work.follow_ups(now):
            work.drop_follow_up(due.rule, due.story_id)
            _look_again(evaluation, due)
        evaluation.end()
    return evaluation.alerts


def _look_again(evaluation: Evaluation, due: FollowUp) -> None:
    """Ask a rule about the item that brought a change; nothing is left to ask when rule, item or story are gone."""
    rules = [rule for rule in evaluation.app.rules if rule.name == due.rule]
    item, story = evaluation.work.item(due.entry_id), evaluation.work.story(due.story_id)
    if rules and item and story:
        evaluation.remember([story])
        evaluation.ask(Case(article_of(item), story, due.entry_id, corrected=due.corrected), rules)
