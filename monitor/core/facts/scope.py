"""Whether a sentence's figures concern Taiwan: the item must, and the sentence must not be about somebody else."""

from __future__ import annotations

from monitor.core.facts.vocabulary import ELSEWHERE, HERE


def here(plain: str) -> bool:
    """Say whether a plain text names Taiwan, the Strait, or what belongs to them alone."""
    return HERE.search(plain) is not None


def elsewhere(plain: str) -> bool:
    """Say whether a plain text names another party, whose figures would be its own."""
    return ELSEWHERE.search(plain) is not None


def concerns(sentence: str) -> bool:
    """Say whether the figures of a sentence in an item about Taiwan are Taiwan's concern."""
    return here(sentence) or not elsewhere(sentence)
