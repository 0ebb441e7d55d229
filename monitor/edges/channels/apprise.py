"""Everything that Apprise speaks: Teams, Telegram, Discord, ntfy, Signal, PagerDuty and a hundred more."""

from __future__ import annotations

import logging
import threading
from copy import copy
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from monitor.edges.channels.fitting import flat, harmless, sendable, shorten, units
from monitor.edges.channels.http import private, refusal
from monitor.edges.channels.watch import Watch, watching
from monitor.errors import DeliveryError, UsageError
from monitor.model import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.model import Delivery, Message

INSTALL = 'pip install "strait-monitor[apprise]"'
UNSEEN = frozenset({"xmpp", "xmpps"})
"""Services that connect from threads of their own, where nobody watches."""
SHORT = 400
"""A medium that takes fewer units gets the subject and the link: text messages, pagers."""
_TYPES = {"low": "info", "normal": "info", "high": "warning", "critical": "failure"}
_TEXT = "text"


@dataclass(frozen=True, slots=True, repr=False)
class Apprise:
    """One service behind one of Apprise's addresses, which mostly holds its credential."""

    name: str
    url: str
    allow_private: bool = False
    timeout: float = 60.0
    medium = "chat"

    def __repr__(self) -> str:
        return f"Apprise({self.name!r})"

    def check(self) -> None:
        """Raise :class:`UsageError` when Apprise is not installed or cannot make a service of the address."""
        service = self._service()
        if len(service) > 1 + service.retry:
            raise UsageError(
                f"channels.{self.name}: its address names several receivers; make a channel of each, so that a failure "
                "of one repeats nothing to the others"
            )
        if service.schema in UNSEEN and not self.allow_private:
            raise UsageError(
                f"channels.{self.name}: whether {service.schema} stays out of private networks cannot be watched; "
                "set allow_private = true if it may reach them"
            )

    def send(self, delivery: Delivery) -> Receipt:
        """Send one message; Apprise's own waits and retries are left out, for the outbox has them."""
        attempt = _Attempt(self._service, delivery.message, Watch(self.allow_private))
        # A thread of its own, since a service may wait for ever.
        thread = threading.Thread(target=attempt.run, name=f"apprise {self.name}", daemon=True)
        thread.start()
        thread.join(self.timeout)
        if thread.is_alive():
            raise DeliveryError(f"{self.name}: no answer within {self.timeout:g} s")
        if not attempt.taken:
            raise self._failure(attempt)
        return Receipt()

    def _service(self) -> Any:
        """Return the service, a new one each time: it remembers nothing, and so never waits for its last message."""
        try:
            library = import_module("apprise")
        except ImportError:
            raise UsageError(f'channels.{self.name}: kind = "apprise" needs Apprise: {INSTALL}') from None
        # They show addresses, and with them tokens.
        for name in ("apprise", "urllib3", "requests_oauthlib"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        asset = library.AppriseAsset(
            app_id="Strait Monitor",
            app_desc="News on the Taiwan Strait",
            app_url="",
            image_url_mask="",
            image_url_logo="",
            http_redirects=False,
            interpret_emojis=False,
            pgp_autogen=False,
            pem_autogen=False,
        )
        service = library.Apprise.instantiate(self.url, asset=asset)
        if service is None:
            raise UsageError(f"channels.{self.name}: Apprise makes no service of its address; see its documentation")
        return service

    def _failure(self, attempt: _Attempt) -> DeliveryError:
        watch = attempt.watch
        if attempt.unusable:
            return DeliveryError(attempt.unusable, retry=False)
        if watch.refused:
            return private(self.name)
        if watch.failure:
            return refusal(self.name, watch.failure)
        if watch.trouble:
            return DeliveryError(f"{self.name}: cannot be reached ({watch.trouble})")
        why = f" ({attempt.trouble})" if attempt.trouble else ""
        return DeliveryError(f"{self.name}: the service did not take it{why}")


@dataclass(slots=True)
class _Attempt:
    """One try of one message."""

    make: Callable[[], Any]
    message: Message
    watch: Watch
    taken: bool = False
    trouble: str = ""
    """The kind of error that ended it."""
    unusable: str = ""
    """Why there is no service."""

    def run(self) -> None:
        """Make a service, send, and let go of it, all watched: some log in when they send, and out when they go."""
        with watching(self.watch):
            try:
                self._send(self.make())
            except UsageError as error:
                self.unusable = str(error)
            except Exception as error:  # noqa: BLE001 - a hundred services of others, whose errors may show the address
                self.trouble = type(error).__name__

    def _send(self, service: Any) -> None:
        title, body = fitted(service, self.message)
        kind = _TYPES[self.message.severity]
        taken = service.notify(body=body, title=title, notify_type=kind, overflow="truncate", body_format=_TEXT)
        self.taken = bool(taken)


def fitted(service: Any, message: Message) -> tuple[str, str]:
    """Return title and body as a service takes them in one piece, the title empty where it has none."""
    subject = harmless(flat(message.subject))
    title = shorten(subject, service.title_maxlen) if service.title_maxlen > 0 else ""
    text = harmless(sendable(message.text)).strip()
    text = text if title else f"{subject}\n{text}"
    room = service.body_maxlen - (units(title) + 2 if title and service.overflow_amalgamate_title else 0)
    limit = min(room, units(text))
    # Escaped for a service's markup, or counted in bytes, the same text takes more room.
    while limit >= SHORT and not service.body_max_line_count:
        body = shorten(text, limit, message.link)
        if _whole(service, title, body):
            return title, body
        limit = limit * 9 // 10
    return title, text if _whole(service, title, text) else _brief(subject, message.link, min(room, SHORT))


def _brief(subject: str, link: str, room: int) -> str:
    """Return subject and link for a medium that takes little more; a link that would take most of it is left out."""
    fits = link and 2 * units(link) <= room
    return f"{shorten(subject, room - units(link) - 1)} {link}" if fits else shorten(subject, room)


def _whole(service: Any, title: str, body: str) -> bool:
    """Say whether a service would send a message in one piece, by letting it cut one that is not sent."""
    pieces: list[str] = []

    def keep(body: str, **_: Any) -> bool:
        pieces.append(body)
        return True

    dry = copy(service)
    for name in ("send", "send_text", "send_html", "send_markdown"):
        setattr(dry, name, keep)
    dry.notify(body=body, title=title, overflow="split", body_format=_TEXT)
    return len(pieces) == 1
