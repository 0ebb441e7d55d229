"""The channels as they are configured, one table a kind."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from config.limits import PerMinute
from config.values import Pause, Section, mail_address, one_line


def slack_channel(value: str) -> str:
    """Read a channel's id or name."""
    if not re.fullmatch(r"#?[\w.-]{1,80}", value):
        raise ValueError("wants a channel's id, such as C0123456789, or its name")
    return value


def unsubscribe_address(value: str) -> str:
    """Read where a reader asks to get no more mail."""
    if not re.fullmatch(r"(?:mailto:[^@?]+@|https://)[!#-;=?-~]+", value):
        raise ValueError("wants an address such as mailto:desk@example.org?subject=unsubscribe, or https://")
    return value


class SlackChannel(Section):
    """Slack: an incoming webhook, or a bot with the channel that it posts into."""

    kind: Literal["slack"]
    webhook_url: SecretStr = SecretStr("")
    token: SecretStr = SecretStr("")
    channel: Annotated[str, AfterValidator(slack_channel)] = ""
    api_url: Annotated[str, AfterValidator(one_line)] = "https://slack.com/api"
    """Another one is that of GovSlack."""
    max_per_minute: PerMinute = 20
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the address, which is itself a credential, and the bot's token."""
        return ("webhook_url", "token")

    @model_validator(mode="after")
    def _one_way(self) -> SlackChannel:
        token = self.token.get_secret_value()
        if bool(token) == bool(self.webhook_url.get_secret_value()):
            raise ValueError("give either webhook_url, or token and channel")
        if token and not self.channel:
            raise ValueError("token wants a channel to post into: its id, such as C0123456789")
        if not (token.isascii() and token.isprintable()):
            raise ValueError("token must be one line of printable characters")
        return self


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
    unsubscribe: Annotated[str, AfterValidator(unsubscribe_address)] = ""
    timeout: Pause = timedelta(seconds=30)
    max_per_minute: PerMinute = 20
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
    max_per_minute: PerMinute = 0
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the address, which may hold a token, and the signing key."""
        return ("url", "secret")


class AppriseChannel(Section):
    """A service that Apprise speaks, by Apprise's address for it."""

    kind: Literal["apprise"]
    url: SecretStr
    timeout: Pause = timedelta(seconds=60)
    max_per_minute: PerMinute = 20
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the address, which mostly holds a credential."""
        return ("url",)


class ConsoleChannel(Section):
    """The terminal."""

    kind: Literal["console"]
    max_per_minute: PerMinute = 0


class FileChannel(Section):
    """A file to which messages are appended."""

    kind: Literal["file"]
    path: Path
    max_per_minute: PerMinute = 0


Channel = Annotated[
    SlackChannel | EmailChannel | WebhookChannel | AppriseChannel | ConsoleChannel | FileChannel,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[Section]] = {
    "slack": SlackChannel,
    "email": EmailChannel,
    "webhook": WebhookChannel,
    "apprise": AppriseChannel,
    "console": ConsoleChannel,
    "file": FileChannel,
}
"""What stands under ``kind``."""
