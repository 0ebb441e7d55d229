"""Pages that are XML, yet not as they should be: cut off in the middle, or made to grow without end."""

from __future__ import annotations

import re

_HEAD = 4096
_SUBSET = 100_000
_ROOT = re.compile(rb"<(?:[\w-]+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_ROOT_END = re.compile(rb"</(?:[\w-]+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_OPEN = re.compile(rb"<(?:[\w-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_CLOSE = re.compile(rb"</(?:[\w-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ENTITY = re.compile(rb"""<!ENTITY\s+(?:%\s+)?[^\s"'>]{1,200}\s+("[^"]*"|'[^']*')""")
_NAMED = re.compile(rb"[&%](?!(?:amp|lt|gt|quot|apos);)[A-Za-z_:][\w:.-]*;")


def whole_part(body: bytes) -> tuple[bytes, bool]:
    """Return a page up to its last whole item, and whether it breaks off; one that does not comes back as it is."""
    if not _ROOT.search(body[:_HEAD]) or _ROOT_END.search(body, max(0, len(body) - _HEAD)):
        return body, False
    if _ROOT_END.search(body):  # something stands behind the end, which is no break
        return body, False
    opened, closed = _last(_OPEN, body), _last(_CLOSE, body)
    return (body[:opened] if opened > closed else body), True


def _last(tag: re.Pattern[bytes], body: bytes) -> int:
    return max((found.start() for found in tag.finditer(body)), default=-1)


def is_bomb(body: bytes) -> bool:
    """Say whether a page declares entities made of others: no feed needs that, and they can grow without end."""
    head = body[:_SUBSET]
    return b"<!ENTITY" in head and any(_NAMED.search(value) for value in _ENTITY.findall(head))
