"""Settings of what is watched besides stories: sources that are expected, and days that stand out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.values import Clock, Section, one_line

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEK: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(one_line)]


class WatchTable(Section):
    """A source that shows something new every day, by a local time."""

    name: Name
    source: Name
    """The outlet, as its feed has it."""
    by: Clock
    days: tuple[Weekday, ...] = Field(WEEK, min_length=1)
    channels: tuple[str, ...] = Field(min_length=1)


class SurgeTable(Section):
    """Who is told of themes that are reported far more than usual; nobody unless named."""

    channels: tuple[str, ...] = ()
