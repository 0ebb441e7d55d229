"""A message as Slack's payload, within Block Kit's limits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from monitor.edges.channels.fitting import flat, sendable, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.model import Message

# The most of each, by the Block Kit reference.
BLOCKS = 50
HEADER = 150
SECTION = 3000
FIELD = 2000
FIELDS = 10
ELEMENTS = 10
ALL_BLOCKS = 12_000
"""Characters of all blocks together: somewhat above it Slack answers msg_blocks_too_long."""
TEXT = 3_900
"""Characters of a text without blocks: Slack advises at most 4,000."""
NOTICE = 300
"""Characters of what a notification shows."""
_HALF = re.compile(r"(?:<[^>]*|&[a-z]{0,4})\Z")
"""A link or an escaped sign that was cut in two."""


def payload(message: Message) -> dict[str, Any]:
    """Return what is posted: the blocks, with the subject for notifications, or the text where there are none."""
    if not message.blocks:
        return words(message)
    return {"text": escaped(shorten(flat(message.subject), NOTICE)), "blocks": fitted(message.blocks, message.link)}


def words(message: Message) -> dict[str, Any]:
    """Return the payload without blocks."""
    text = shorten(sendable(f"{flat(message.subject)}\n{message.text}").strip(), TEXT, message.link)
    return {"text": escaped(text)}


def escaped(text: str) -> str:
    """Return a text in which Slack sees no mention and no link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fitted(blocks: Sequence[Mapping[str, Any]], link: str = "") -> list[dict[str, Any]]:
    """Return as many blocks as Slack takes, each cut to what it takes; a link stands for what is cut or left out."""
    clipped = [_clipped(block) for block in blocks]
    kept: list[dict[str, Any]] = []
    room = ALL_BLOCKS
    for block in clipped[:BLOCKS]:
        room -= sum(len(text["text"]) for text in _texts(block))
        if room < 0:
            break
        kept.append(block)
    whole = len(kept) == len(blocks) and all(new == dict(old) for new, old in zip(kept, blocks, strict=True))
    return kept if whole else [*kept[: BLOCKS - 1], _rest(link)]


def _rest(link: str) -> dict[str, Any]:
    shown = f"… <{link.replace('&', '&amp;')}|more>" if re.fullmatch(r"https?://[^\s<>|]{1,900}", link) else "…"
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": shown}]}


def _clipped(block: Mapping[str, Any]) -> dict[str, Any]:
    limit = HEADER if block.get("type") == "header" else SECTION
    out = dict(block)
    if isinstance(block.get("text"), dict):
        out["text"] = _text(block["text"], limit)
    for name, most, size in (("fields", FIELDS, FIELD), ("elements", ELEMENTS, SECTION)):
        if isinstance(block.get(name), list):
            out[name] = [_text(part, size) for part in block[name][:most]]
    return out


def _text(part: Mapping[str, Any], limit: int) -> dict[str, Any]:
    """Return a text object within a limit, without half a link at its end; Slack refuses an empty one."""
    if not isinstance(part.get("text"), str):
        return dict(part)
    text = part["text"]
    if len(text) > limit:
        text = _HALF.sub("", text[: limit - 1]) + "…"
    return {**part, "text": text or "…"}


def _texts(block: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    return [part for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
