"""The terminal, and a file: for a desk of one, for tests of a set-up, and for the demonstration."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.errors import DeliveryError
from monitor.model import Receipt

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.model import Delivery

RULE = "─" * 78


@dataclass(frozen=True, slots=True)
class Console:
    """Prints messages to standard output."""

    name: str
    medium = "text"

    def send(self, delivery: Delivery) -> Receipt:
        """Print one message."""
        try:
            sys.stdout.write(f"{RULE}\n{printable(delivery.message.text)}\n")
            sys.stdout.flush()
        except (OSError, UnicodeEncodeError) as error:
            raise DeliveryError(f"{self.name}: standard output does not take it ({type(error).__name__})") from error
        return Receipt()


@dataclass(frozen=True, slots=True)
class File:
    """Appends messages to a file."""

    name: str
    path: Path
    medium = "text"

    def send(self, delivery: Delivery) -> Receipt:
        """Append one message and flush it to disk."""
        try:
            with self.path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{RULE}\n{printable(delivery.message.text)}\n")
        except OSError as error:
            raise DeliveryError(f"{self.name}: {self.path} cannot be written ({error.strerror})") from error
        return Receipt()


def printable(text: str) -> str:
    """Return a text without the control characters that a feed could use to play with a terminal."""
    return "".join(c if c in "\n\t" or c.isprintable() or ord(c) > 0x2FFF else " " for c in text).rstrip("\n")
