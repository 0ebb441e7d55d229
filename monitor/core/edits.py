"""What an edit of a stored entry means: a correction changes what people were told, other edits only its wording."""

from __future__ import annotations

import re
import unicodedata

_TAKES_BACK = re.compile(
    r"\b(?:correction|corrected|corrects|clarification|retract(?:s|ed|ion))\b|更正|勘誤|勘误|澄清|撤稿|撤回|修正",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def is_correction(title: str, summary: str, new_title: str, new_summary: str) -> bool:
    """Say whether a new wording corrects the old one: it says so, or the headline counts otherwise."""
    says_so = takes_back(f"{new_title}\n{new_summary}") and not takes_back(f"{title}\n{summary}")
    return says_so or _numbers(title) != _numbers(new_title)


def takes_back(text: str) -> bool:
    """Say whether a text says that it corrects what was told."""
    return bool(_TAKES_BACK.search(text))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(unicodedata.normalize("NFKC", text)))
