"""Every error this program raises on purpose.

MonitorError
├── FeedError          a feed could not be fetched or read; carries a named status
├── DeliveryError      a channel could not take a message; says whether trying again can help
├── StoreError         the database refused: locked, full, broken, unwritable
├── AlreadyRunning     another daemon holds this database
└── UsageError         what the operator asked for cannot be done; the command exits with 2
"""

from __future__ import annotations


class MonitorError(Exception):
    """Anything that went wrong for a reason the program knows; the text names the thing and what to do."""


class FeedError(MonitorError):
    """A feed could not be fetched or read.

    *status* is a short stable name (``http_404``, ``timeout``, ``too_big`` ...), *retry_after* is in seconds.
    """

    def __init__(self, status: str, text: str, *, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.retry_after = retry_after


class DeliveryError(MonitorError):
    """A channel did not take a message.

    *retry* is false when the same message can never be taken (bad address, revoked token); *retry_after* is in
    seconds. The text never holds a secret.
    """

    def __init__(self, text: str, *, retry: bool = True, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.retry = retry
        self.retry_after = retry_after


class StoreError(MonitorError):
    """The database refused: locked, full, broken or unwritable."""


class AlreadyRunning(MonitorError):  # noqa: N818 - reads as what it says
    """Another daemon holds this database."""


class UsageError(MonitorError):
    """What the operator asked for cannot be done."""
