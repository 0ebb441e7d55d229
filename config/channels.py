"""The channels as they are configured, one table a kind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from config.values import Pause, Section, mail_address


class SlackChannel(Section):
    """A Slack incoming webhook."""

    kind: Literal["slack"]
    webhook_url: SecretStr
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that is itself a credential."""
        return ("webhook_url",)


class EmailChannel(Section):
    """A mail server and who gets the mail."""

    kind: Literal["email"]
    host: str
    port: int = Field(587, ge=1, le=65_535)
    tls: Literal["none", "starttls", "implicit"] = "starttls"
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: Annotated[str, Field(alias="from"), AfterValidator(mail_address)]
    to: tuple[Annotated[str, AfterValidator(mail_address)], ...] = Field(min_length=1)
    timeout: Pause = timedelta(seconds=30)
    allow_private: bool = True

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the password's field."""
        return ("password",)


class WebhookChannel(Section):
    """Any receiver of signed JSON."""

    kind: Literal["webhook"]
    url: SecretStr
    secret: SecretStr = SecretStr("")
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the address, which may hold a token, and the signing key."""
        return ("url", "secret")


class ConsoleChannel(Section):
    """The terminal."""

    kind: Literal["console"]


class FileChannel(Section):
    """A file to which messages are appended."""

    kind: Literal["file"]
    path: Path


Channel = Annotated[
    SlackChannel | EmailChannel | WebhookChannel | ConsoleChannel | FileChannel, Field(discriminator="kind")
]

KINDS: dict[str, type[Section]] = {
    "slack": SlackChannel,
    "email": EmailChannel,
    "webhook": WebhookChannel,
    "console": ConsoleChannel,
    "file": FileChannel,
}
"""What stands under ``kind``."""
