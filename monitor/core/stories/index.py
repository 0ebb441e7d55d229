"""Which stories may be the one: found by the rarest terms and by bands, so many as are looked at and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.core.stories.background import SHARE
from monitor.core.stories.lexicon import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from monitor.model import Signature

REACH = 32
"""How many stories, the latest, a key leads to: what more of them have in common tells nothing."""
NEAREST = 16
"""With how many stories a report is compared."""
TERM_KEYS = 12
_COMMON = 0.05


def term_keys(signature: Signature) -> tuple[str, ...]:
    """Return the keys of a report's rarest terms."""
    wanted = (t for t in signature.terms if t not in EVERYWHERE and SHARE.get(t, 0.0) < _COMMON)
    rarest = sorted(wanted, key=lambda term: (SHARE.get(term, 0.0), term in signature.aside, term))
    return tuple(f"t:{term[:80]}" for term in rarest[:TERM_KEYS])


def term_of(key: str) -> str:
    """Return the term that a key stands for, empty for a band."""
    return key[2:] if key.startswith("t:") else ""


class Index:
    """Stories by key, in the order in which they came."""

    def __init__(self) -> None:
        self._held: dict[str, list[int]] = {}

    def add(self, at: int, keys: Iterable[str]) -> None:
        """Let a story be found by keys."""
        for key in keys:
            held = self._held.setdefault(key, [])
            if held and held[-1] == at:
                continue
            held.append(at)
            if len(held) > 2 * REACH:
                del held[:-REACH]

    def nearest(self, keys: Iterable[str], weight: Callable[[str], float], may: Callable[[int], bool]) -> list[int]:
        """Return the stories that share most with the keys, of those that *may* be."""
        shared: dict[int, float] = {}
        for key in keys:
            held = self._held.get(key)
            if held:
                worth = weight(key)
                for at in set(held[-REACH:]):
                    shared[at] = shared.get(at, 0.0) + worth
        return [at for at in sorted(shared, key=lambda at: (-shared[at], -at)) if may(at)][:NEAREST]

    def keep(self, wanted: Callable[[int], bool]) -> None:
        """Drop the stories that are not wanted any more, and the keys that led to nothing else."""
        kept = ((key, [at for at in held if wanted(at)]) for key, held in self._held.items())
        self._held = {key: held for key, held in kept if held}

    def __len__(self) -> int:
        return len(self._held)
