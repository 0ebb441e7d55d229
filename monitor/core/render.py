"""Turn an alert or a digest into a message for one medium. Everything from a feed is escaped here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

from monitor.core.activity import SCALE, sparkline
from monitor.core.bilingual import Bilingual
from monitor.core.digest import plural
from monitor.core.facts.agreed import agree
from monitor.core.facts.written import agreed_row, phrase, summary_line
from monitor.core.stories import life
from monitor.core.urls import without_login
from monitor.model import Alert, Digest, DigestStory, Feed, Message, Source, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

SLACK_SECTION = 3000
"""The most characters of one text object in a section block (Block Kit reference)."""
SLACK_HEADER = 150
"""The most characters of a header block (Block Kit reference)."""
SUBJECT = 160
EVIDENCE = 8
"""So many facts are shown with their sentence."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True, slots=True)
class Look:
    """How messages look to the people of one installation."""

    zone: ZoneInfo
    names: Mapping[str, str]
    """Theme id to the name shown."""
    inline_css: Callable[[str], str]
    """Move a page's style sheet into its elements, as mail clients need it."""
    bilingual: Bilingual = field(default_factory=Bilingual)
    """What the line in the other language is made of."""


def environment(templates: Mapping[str, str]) -> Environment:
    """Return the template environment over template texts by name; HTML is escaped unless marked safe."""
    return Environment(
        loader=DictLoader(dict(templates)),
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def one_line(text: str, limit: int = SUBJECT) -> str:
    """Return a text fit for a mail subject or a terminal: one line, no control characters, shortened at *limit*."""
    flat = " ".join(_CONTROL.sub(" ", text).split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def slack_escape(text: str, limit: int = SLACK_SECTION) -> str:
    """Escape what Slack would read as mentions, links or markup; the result is at most *limit* long."""
    flat = one_line(text, limit)
    escaped = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"([*_~`])", "\u200b\\1", escaped)
    while len(escaped) > limit:
        flat = flat[: len(flat) * 3 // 4]
        escaped = slack_escape(flat + "…", limit)
    return escaped


def slack_link(url: str, text: str) -> str:
    """Return a link in Slack's markup, or the escaped text alone where the address cannot be written safely."""
    shown = slack_escape(text, 2000)
    if not url.startswith(("http://", "https://")) or len(url) > 900 or re.search(r"[<>|\s]", url):
        return shown
    return f"<{url.replace('&', '&amp;')}|{shown.replace('|', '¦')}>"


class Renderer:
    """Renders with one look; the template environment is handed in."""

    def __init__(self, look: Look, templates: Environment) -> None:
        self._look = look
        self._templates = templates

    def alert(self, alert: Alert, medium: str) -> Message:
        """Return an alert as a message for a medium: ``slack``, ``email``, ``webhook``, ``chat`` or ``text``."""
        view = self._alert_view(alert)
        template = "alert-chat.txt" if medium == "chat" else "alert.txt"
        html = self._templates.get_template("alert.html").render(view) if medium == "email" else ""
        return Message(
            one_line(f"[{alert.severity}] {view['theme']}: {alert.story.headline}"),
            self._templates.get_template(template).render(view),
            html=self._look.inline_css(html) if html else "",
            blocks=_alert_blocks(view) if medium == "slack" else (),
            data=_alert_data(alert, view["other"]) if medium == "webhook" else {},
            severity=alert.severity,
            link=alert.story.url,
            thread=f"story/{alert.story.id}" if alert.story.id else "",
        )

    def digest(self, digest: Digest, medium: str) -> Message:
        """Return a digest as a message for a medium."""
        view = self._digest_view(digest)
        subject = f"Taiwan Strait digest, {digest.date}"
        text = self._templates.get_template("digest.txt").render(view)
        if medium == "slack":
            return Message(subject, text, blocks=_digest_blocks(view))
        if medium == "email":
            return Message(subject, text, html=self.digest_html(digest))
        return Message(subject, text, data=digest_data(digest) if medium == "webhook" else {})

    def digest_html(self, digest: Digest) -> str:
        """Return a digest as a page that a mail client and a phone show well."""
        html = self._templates.get_template("digest.html").render(self._digest_view(digest))
        return self._look.inline_css(html)

    def rendered(self, template: str, view: Mapping[str, Any]) -> str:
        """Return a template's text over a view."""
        return self._templates.get_template(template).render(view)

    def _alert_view(self, alert: Alert) -> dict[str, Any]:
        story, facts = alert.story, agree(alert.facts)
        return {
            "alert": alert,
            "story": story,
            "theme": self._look.names.get(alert.theme, alert.theme),
            "headline": one_line(story.headline, 300),
            "other": one_line(self._look.bilingual.line(story, alert.theme, facts, self._look.names), 400),
            "summary": one_line(story.summary, 600),
            "when": f"{story.first_seen.astimezone(self._look.zone):%Y-%m-%d %H:%M} ({self._look.zone.key})",
            "sources": _by_publisher(story.sources),
            "others_say": [source for source in _by_publisher(story.sources) if source.url != story.url],
            "words": ", ".join(alert.words),
            "probability": f"{alert.score:.0%}",
            "publishers": plural(len(story.publishers), "publisher", "publishers") + f", {life(story, alert.at)}",
            "one_line": one_line,
            "facts": summary_line(facts),
            "evidence": [(phrase(f), f.said[0].outlet, one_line(f.first.sentence, 300)) for f in facts[:EVIDENCE]],
            "others": [self._look.names.get(t, t) for t in story.themes if t != alert.theme],
        }

    def _trouble(self, feed: Feed) -> str:
        """Return what is wrong with a feed and, when it fails, since when."""
        said = one_line((feed.error or feed.status).removeprefix(feed.name).lstrip(": "), 240)  # it stands before
        if not feed.failures:
            return said
        last = feed.last_success
        return f"{said}; " + (f"last read {last.astimezone(self._look.zone):%Y-%m-%d %H:%M}" if last else "never read")

    def _digest_row(self, row: DigestStory) -> dict[str, Any]:
        """Return a story as the digest shows it; its facts stand once where the other language's line has them."""
        facts = agree(row.facts)
        other, said = self._look.bilingual.line(row.story, row.theme, facts, self._look.names), summary_line(facts)
        return {
            "row": row,
            "headline": one_line(row.story.headline, 300),
            "sources": _by_publisher(row.story.sources),
            "other": one_line(other, 400),
            "facts": "" if said in other else one_line(said, 400),
        }

    def _digest_view(self, digest: Digest) -> dict[str, Any]:
        sections = [
            (self._look.names.get(theme, theme), [self._digest_row(row) for row in rows])
            for theme, rows in digest.sections
        ]
        doubts = [
            (one_line(title, 200), url, self._look.names.get(t, t), f"{p:.0%}") for title, url, t, p in digest.doubtful
        ]
        troubled = [(one_line(feed.name, 80), self._trouble(feed)) for feed in digest.troubled]
        return {
            "digest": digest,
            "sections": sections,
            "doubts": doubts,
            "troubled": troubled,
            "one_line": one_line,
            "activity": [(self._look.names.get(t, t), sparkline(days), _figure(days)) for t, days in digest.activity],
            "scale": SCALE,
        }


def _figure(days: Sequence[int | None]) -> str:
    """Return the index of the last day and the highest one."""
    known = [day for day in days if day is not None]
    return f"{'?' if days[-1] is None else days[-1]} (highest {max(known, default=0)})"


def _by_publisher(sources: tuple[Source, ...]) -> list[Source]:
    """Return the first report of each publisher."""
    first: dict[str, Source] = {}
    for source in sources:
        first.setdefault(source.publisher or source.outlet, source)
    return list(first.values())


_SIGNS = {"low": "▫️", "normal": "🔹", "high": "🔶", "critical": "🔴"}


def _alert_blocks(view: dict[str, Any]) -> tuple[Mapping[str, Any], ...]:
    alert, story = view["alert"], view["story"]
    links = [slack_link(s.url, one_line(s.outlet, 60)) for s in view["sources"][:8]]
    outlets = _fit(links, SLACK_SECTION - 200, ", ")
    more = len(view["sources"]) - len(links)
    under = (slack_escape(view["other"], 800), slack_escape(view["summary"], 600))
    told = "\n".join((f"*{slack_link(story.url, one_line(story.headline, 300))}*", *(line for line in under if line)))
    why = f"Rule {alert.rule}, {view['probability']}" + (f": {view['words']}" if view["words"] else "")
    return (
        {
            "type": "header",
            "text": {"type": "plain_text", "text": one_line(f"{_SIGNS[alert.severity]} {view['theme']}", SLACK_HEADER)},
        },
        _section(told),
        *([_context(f"*Update*: {slack_escape(alert.change, 500)}")] if alert.change else []),
        *([_section(f"*{slack_escape(view['facts'], 1500)}*")] if view["facts"] not in view["other"] else []),
        _context(f"{view['when']} · {view['publishers']}: {outlets}" + (f" and {more} more" if more > 0 else "")),
        _context(slack_escape(why, 1500)),
    )


def _digest_blocks(view: dict[str, Any]) -> tuple[Mapping[str, Any], ...]:
    digest = view["digest"]
    blocks: list[Mapping[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": f"Taiwan Strait, {digest.date}"}},
        _section("\n".join(f"• {slack_escape(line, 500)}" for line in digest.lines)),
    ]
    for name, rows in view["sections"]:
        told = [_digest_line(row) for row in rows[:5]]
        blocks.append(_section(f"*{slack_escape(name)}*\n" + _fit(told, SLACK_SECTION - 200)))
    if view["activity"]:
        told = [f"{chart} {slack_escape(name, 100)} {figure}" for name, chart, figure in view["activity"]]
        blocks.append(_context(_fit(told, SLACK_SECTION - 200)))
    blocks.extend(_context(slack_escape(line, 500)) for line in digest.late)
    if digest.troubled:
        blocks.append(_context(plural(len(digest.troubled), "feed is", "feeds are") + " in trouble"))
    blocks.extend(_context(slack_escape(line, 500)) for line in digest.drift)
    return tuple(blocks)


def _digest_line(row: Mapping[str, Any]) -> str:
    """Return a story of a digest with its facts, or the line in the other language that has them."""
    link = f"• {slack_link(row['row'].story.url, one_line(row['headline'], 180))} ({row['row'].life})"
    return "\n".join((link, *(f"   {slack_escape(row[name], 250)}" for name in ("other", "facts") if row[name])))


def _fit(lines: list[str], limit: int, glue: str = "\n") -> str:
    """Join as many lines as fit: a link cut in two would be no link."""
    kept: list[str] = []
    for line in lines:
        if sum(len(k) + len(glue) for k in kept) + len(line) > limit:
            break
        kept.append(line)
    return glue.join(kept)


def _section(text: str) -> Mapping[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _context(text: str) -> Mapping[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}


def _alert_data(alert: Alert, other: str) -> dict[str, Any]:
    """Return the alert as the webhook's JSON object."""
    story = alert.story
    return {
        "event": "alert",
        "rule": alert.rule,
        "severity": alert.severity,
        "reason": alert.reason,
        "change": alert.change,
        "revision": alert.revision,
        "theme": alert.theme,
        "themes": list(story.themes),
        "probability": round(alert.score, 4),
        "words": list(alert.words),
        "headline": story.headline,
        "url": story.url,
        "lang": story.lang,
        "other_language": other,
        "summary": story.summary,
        "facts": [agreed_row(fact) for fact in agree(alert.facts)],
        "story": story.id,
        "first_seen": story.first_seen.isoformat(),
        "first_report": _first_report(story),
        "life": life(story, alert.at),
        "at": alert.at.isoformat(),
        "sources": [
            {"outlet": s.outlet, "publisher": s.publisher, "kind": s.kind, "url": s.url} for s in story.sources
        ],
    }


def _first_report(story: Story) -> dict[str, str]:
    """Return who told of a story first, and how, whichever report is shown."""
    return next(({"outlet": s.outlet, "headline": s.title, "url": s.url} for s in story.sources), {})


def digest_data(digest: Digest) -> dict[str, Any]:
    """Return the digest as a JSON object."""
    return {
        "event": "digest",
        "date": digest.date,
        "lines": list(digest.lines),
        "changes": list(digest.changes),
        "sections": [
            {
                "theme": theme,
                "stories": [
                    {
                        "story": row.story.id,
                        "headline": row.story.headline,
                        "url": row.story.url,
                        "new": row.new,
                        "life": row.life,
                        "publishers": sorted(row.story.publishers),
                        "facts": [agreed_row(fact) for fact in agree(row.facts)],
                    }
                    for row in rows
                ],
            }
            for theme, rows in digest.sections
        ],
        "doubtful": [
            {"title": t, "url": u, "theme": th, "probability": round(p, 4)} for t, u, th, p in digest.doubtful
        ],
        "troubled": [
            {"feed": f.name, "url": without_login(f.url), "status": f.status, "error": f.error} for f in digest.troubled
        ],
        "drift": list(digest.drift),
        "scale": SCALE,
        "activity": [{"theme": theme, "index": list(days)} for theme, days in digest.activity],
        "late": list(digest.late),
    }
