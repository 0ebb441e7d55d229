"""Mail over SMTP: text and HTML, with an identity that stays the same when a message is sent again."""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from monitor.edges.channels.fitting import flat, sendable, shorten
from monitor.edges.channels.http import private
from monitor.edges.guard import allowed
from monitor.errors import DeliveryError
from monitor.model import Receipt

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.model import Delivery

URGENT = {"critical": "1", "high": "2"}
SUBJECT = 200
TEXT = 200_000
HTML = 2_000_000
"""The most characters of each part. A page above it is left out: cut, it would be no page."""
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,200}@[!-;=?-~]{1,200}>")


@dataclass(frozen=True, slots=True)
class Email:
    """A mail server and who gets the mail. *tls* is none, starttls or implicit."""

    name: str
    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    tls: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    unsubscribe: str = ""
    """Where a reader asks to get no more mail: a mailto: or https: address."""
    timeout: float = 30.0
    allow_private: bool = True
    medium = "email"

    def send(self, delivery: Delivery) -> Receipt:
        """Send to all recipients; the note counts those whom the server refused while it served the others.

        They are not tried again, for that would send the mail twice to those who have it.
        """
        mail = compose(delivery, self)
        try:
            server = self._connect()
            try:
                refused = server.send_message(mail)
            finally:
                _leave(server)
        except smtplib.SMTPRecipientsRefused as error:
            raise DeliveryError(f"{self.name}: every recipient was refused", retry=_passing(error.recipients)) from None
        except smtplib.SMTPResponseException as error:
            final = 500 <= error.smtp_code < 600 and not isinstance(error, smtplib.SMTPConnectError)
            raise DeliveryError(f"{self.name}: the mail server answered {error.smtp_code}", retry=not final) from None
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryError(
                f"{self.name}: the mail server does not offer what tls or username need", retry=False
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"{self.name}: the mail server cannot be reached ({type(error).__name__})") from None
        note = f"{len(refused)} of {len(self.to)} recipients were refused by the mail server" if refused else ""
        return Receipt(note, str(mail["Message-ID"]))

    def _connect(self) -> smtplib.SMTP:
        if not self.allow_private:
            self._refuse_private()
        if self.tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server

    def _refuse_private(self) -> None:
        """Refuse a mail server in a private network where the operator says that it is in none."""
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        if not all(allowed(str(info[4][0])) for info in found):
            raise private(self.name)


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye; what goes wrong now changes nothing about the mail, which is taken or refused by then."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()


def _passing(refused: dict[str, tuple[int, bytes]]) -> bool:
    """Say whether any refusal is a passing one (4xx)."""
    return any(400 <= code < 500 for code, _ in refused.values())


def compose(delivery: Delivery, channel: Email) -> EmailMessage:
    """Return the mail; its date and identity come from the delivery, so that a repeat is the same mail."""
    message = delivery.message
    mail = EmailMessage()
    mail["Subject"] = shorten(flat(message.subject), SUBJECT)
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    mail["Date"] = format_datetime(_date(delivery))
    mail["Message-ID"] = message_id(delivery.key, channel.sender)
    if delivery.opening and _MESSAGE_ID.fullmatch(delivery.opening.mark):
        mail["In-Reply-To"] = mail["References"] = delivery.opening.mark
    mail["Auto-Submitted"] = "auto-generated"
    if channel.unsubscribe:
        mail["List-Unsubscribe"] = f"<{channel.unsubscribe}>"
    if message.severity in URGENT:
        mail["X-Priority"] = URGENT[message.severity]
    mail.set_content(shorten(sendable(message.text), TEXT, message.link))
    if message.html and len(message.html) <= HTML:
        mail.add_alternative(sendable(message.html), subtype="html")
    return mail


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a delivery's key, the same at every try."""
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{host}>"


def _date(delivery: Delivery) -> datetime:
    return delivery.created or delivery.due
