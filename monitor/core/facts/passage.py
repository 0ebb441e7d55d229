"""A sentence as the finders see it: with its numbers, within its item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitor.core.facts import numbers
from monitor.model import Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.core.facts.numbers import Quantity
    from monitor.core.facts.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Mention:
    """A weapon system found in a sentence."""

    start: int
    end: int
    name: str


@dataclass(slots=True)
class Passage:
    """A sentence being read; a number that one finder understood is *taken* and tells the next nothing."""

    sentence: Sentence
    item: str
    """Title and summary of the item, plain."""
    hant: bool = False
    """The item is in traditional characters: its yuan are Taiwan's."""
    mentions: Sequence[Mention] = ()
    """The weapon systems that the sentence names."""
    numbers: list[Quantity] = field(init=False)
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.numbers = numbers.find(self.sentence.plain)

    @property
    def plain(self) -> str:
        """Return the text that is searched."""
        return self.sentence.plain

    def free(self) -> list[Quantity]:
        """Return the numbers that nobody has taken, in order."""
        return [q for q in self.numbers if q.start not in self.taken]

    def fact(self, kind: str, quantity: Quantity, end: int, **more: Any) -> Fact:
        """Return a fact of a quantity, told from its start to *end*; the quantity is taken."""
        self.taken.add(quantity.start)
        return Fact(
            kind,
            quantity.value,
            sentence=self.sentence.text,
            span=(quantity.start, end),
            approx=quantity.approx,
            low=quantity.low,
            high=quantity.high,
            **more,
        )
