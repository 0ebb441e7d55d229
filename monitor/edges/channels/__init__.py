"""Ways to reach people. A channel sends one message and says whether trying again can help; retries live outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from monitor.model import Delivery, Receipt


class Channel(Protocol):
    """A way to reach people."""

    @property
    def medium(self) -> str:
        """What messages are rendered for: ``slack``, ``email``, ``webhook``, ``chat`` or ``text``."""

    def send(self, delivery: Delivery) -> Receipt:
        """Send one message, shortened with a link where it is more than the medium takes.

        Raise :class:`monitor.errors.DeliveryError` when it was not taken.
        """


Channels = Mapping[str, Channel]
