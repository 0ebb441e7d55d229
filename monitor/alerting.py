"""The rules at work: asked about an item, what they say is kept with it, and what people are to be told is queued."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from monitor.core import policy
from monitor.core.explained import change_of
from monitor.core.figures import figures
from monitor.model import Alert, Delivery, Said, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.app import App
    from monitor.edges.store import Work
    from monitor.model import Article, Decision, Rule, Silence, Story

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

    def ask(self, case: Case) -> None:
        """Ask every rule about an article, and queue what people are to be told."""
        said = self._facts(case)
        decisions = policy.decide(self.app.rules, self._situation(case, said))
        self._said.append((case.entry_id, decisions))
        for rule, decision in zip(self.app.rules, decisions, strict=True):
            self.held += decision.reason in SILENT
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
        )

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
        self.alerts += 1
        story = alert.story
        told = Told(rule.name, story.id, alert.revision, len(story.publishers), self.now, alert.figures, story.themes)
        self._told[rule.name, story.id] = told
        log.info("alert", rule=rule.name, story=story.id, theme=alert.theme, revision=alert.revision)
