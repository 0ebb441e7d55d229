"""Settings of what people can bear: quiet hours, bursts, messages a minute, and who is told when nobody takes note."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import Field, model_validator

from config.values import Clock, Pause, Section
from monitor.model import Escalation, Severity

PerMinute = Annotated[int, Field(ge=0, le=6000)]
"""Messages in any minute; 0 is without limit."""


class QuietTable(Section):
    """A stretch of every night in which only what is urgent enough is sent; none unless it has both ends."""

    start: Clock | None = None
    end: Clock | None = None
    breaks_through: Severity | None = Field(default=None, alias="except")

    @model_validator(mode="after")
    def _a_stretch(self) -> QuietTable:
        if (self.start is None) != (self.end is None):
            raise ValueError("wants both start and end")
        if self.start is not None and self.start == self.end:
            raise ValueError("start and end are the same time; leave [quiet_hours] out for none")
        return self


class BundlesTable(Section):
    """From when on alerts of one rule go together; over = 0 is never."""

    over: int = Field(default=5, ge=0, le=10_000)
    within: Pause = timedelta(minutes=10)


class EscalateTable(Section):
    """Who is told when nobody takes note of an alert."""

    after: Pause
    channels: tuple[str, ...] = Field(min_length=1)

    def escalation(self) -> Escalation:
        """Return it as a value of the program."""
        return Escalation(self.after, self.channels)
