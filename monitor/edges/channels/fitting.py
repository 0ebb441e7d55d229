"""Make a text fit a medium: no longer than it takes, with a link to the rest, and nothing in it that it would obey."""

from __future__ import annotations

import re

_URL = re.compile(r"(https?://[^\s<>\"]+)")
_URL_CUT = re.compile(r"https?://\S*\Z")
_BROADCAST = re.compile(r"@(?=(?:everyone|here|channel|all)\b)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_SPACE = "\u200b"
"""Has no width: what stands on its two sides is read as text, and looks as before."""


def units(text: str) -> int:
    """Return a text's length in UTF-16 units, as phones and chats count: never less than its characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sendable(text: str) -> str:
    """Return a text without control characters, marks that turn its direction, and halves of surrogate pairs."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode("utf-8")


def flat(text: str) -> str:
    """Return a text as one sendable line."""
    return " ".join(sendable(text).split())


def shorten(text: str, limit: int, link: str = "") -> str:
    """Return a text of at most *limit* units; what is cut off is replaced by an ellipsis and, where it fits, a link.

    No address is cut in two. A link that would take more than half of the room is left out.
    """
    if units(text) <= limit:
        return text
    kept = _cut(text, limit - 1)
    if not link or 2 * (units(link) + 2) > limit or link in kept.split():
        return f"{kept}…"
    return f"{_cut(text, limit - units(link) - 2)}…\n{link}"


def _cut(text: str, size: int) -> str:
    """Return the beginning of a text, up to the end of a line or word where one is near."""
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * max(size, 0)].decode("utf-16-le", "ignore")
    rest = text[len(kept) :]
    if rest and not rest[0].isspace():
        kept = _URL_CUT.sub("", kept)
        at = max(kept.rfind("\n"), kept.rfind(" "))
        kept = kept[:at] if at > 0.7 * len(kept) else kept
    return kept.rstrip()


def harmless(text: str) -> str:
    """Return a text that mentions nobody and hides no address behind words, in whatever a chat reads as markup."""
    parts = _URL.split(text)
    return "".join(_address(part) if odd % 2 else _plain(part) for odd, part in enumerate(parts))


def _plain(text: str) -> str:
    text = re.sub(r"@(?=\S)", f"@{_SPACE}", text)
    return re.sub(r"<(?=[@!#/\w])", f"<{_SPACE}", text).replace("](", f"]{_SPACE}(")


def _address(url: str) -> str:
    return _BROADCAST.sub("%40", url)
