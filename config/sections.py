"""The sections of ``monitor.toml`` that are few lines each, and a rule."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo, model_validator

from classifiers.themes import THEMES
from config.bounds import Bounds
from config.limits import EscalateTable
from config.values import Clock, Duration, Network, Pause, Section, Size, one_line
from monitor.model import CHANGES, Change, Kind, Rule, Severity


def _known(where: str, themes: Any, info: ValidationInfo) -> None:
    known = (info.context or {}).get("themes", THEMES)
    for theme in themes:
        if theme not in known:
            raise ValueError(f"{where} names the unknown theme {theme!r}; known are {', '.join(known)}")


class Database(Section):
    """Where state is kept."""

    url: SecretStr = SecretStr("sqlite:///strait.db")

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that may hold a password."""
        return ("url",)


class Schedule(Section):
    """When things are done."""

    tick: Pause = timedelta(seconds=30)
    poll_default: Pause = timedelta(minutes=15)
    poll_min: Pause = timedelta(minutes=5)
    poll_max: Pause = timedelta(hours=24)
    digest: Clock = time(8)

    @model_validator(mode="after")
    def _ordered(self) -> Schedule:
        if not self.poll_min <= self.poll_default <= self.poll_max:
            raise ValueError("poll_min, poll_default and poll_max must not decrease in this order")
        return self


class Fetch(Section):
    """How feeds are asked for."""

    timeout: Pause = timedelta(seconds=20)
    max_bytes: Size = 10_000_000
    per_host: int = Field(default=2, ge=1, le=64)
    per_host_gap: Duration = timedelta(seconds=1)
    allow_networks: tuple[Network, ...] = ()
    contact: Annotated[str, AfterValidator(one_line)] = ""
    proxy: SecretStr = SecretStr("")

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that may hold a password."""
        return ("proxy",)


class Runner(Section):
    """Where jobs run."""

    kind: Literal["inline", "threads"] = "threads"


class Classification(Section):
    """What overrides the trained classifier."""

    thresholds: dict[str, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_themes(self, info: ValidationInfo) -> Classification:
        _known("thresholds", self.thresholds, info)
        return self


class Retention(Section):
    """How long items are kept."""

    items: Pause = timedelta(days=400)
    items_untagged: Pause = timedelta(days=60)


class Heartbeat(Section):
    """A dead-man's switch: an address called while all is well."""

    url: SecretStr = SecretStr("")
    every: Pause = timedelta(minutes=5)
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that holds a token."""
        return ("url",)


class DigestTo(Section):
    """Who gets the digest."""

    channels: tuple[str, ...] = ()


class DeliveryTable(Section):
    """What is done about channels that fail."""

    tell: Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)] = ()
    """Over which channels people hear of another one's failing: the first that works itself."""
    tell_after: Pause = timedelta(minutes=30)


class RuleTable(Section):
    """A rule as it is written."""

    name: str = Field(min_length=1, max_length=100)
    themes: tuple[str, ...] = ()
    min_score: float | None = Field(None, ge=0, le=1)
    keywords: tuple[str, ...] = ()
    not_keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    languages: tuple[str, ...] = ()
    min_publishers: int = Field(1, ge=1)
    or_official: bool = False
    max_age: Pause = timedelta(days=3)
    repeat: Duration = timedelta(hours=6)
    updates: tuple[Change, ...] = CHANGES
    severity: Severity = "normal"
    channels: tuple[str, ...] = Field(min_length=1)
    facts: Bounds = ()
    escalate: EscalateTable | None = None

    @model_validator(mode="after")
    def _known_themes(self, info: ValidationInfo) -> RuleTable:
        _known("themes", self.themes, info)
        return self

    def rule(self) -> Rule:
        """Return the rule as a value of the program."""
        return Rule(**dict(self) | {"escalate": self.escalate.escalation() if self.escalate else None})
