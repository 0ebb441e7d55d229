"""A clock that is some days off, for the whole program. As a command this is `strait`, off as the file $SHIFT says."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import apscheduler.executors.base
import apscheduler.schedulers.base
import apscheduler.triggers.interval

import monitor.app
from monitor.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

CLOCKS = (
    monitor.app,
    apscheduler.executors.base,
    apscheduler.schedulers.base,
    apscheduler.triggers.interval,
)
"""The modules that ask what time it is."""


def shifted(days: Callable[[], int]) -> type[datetime]:
    """Return a clock like the machine's, so many days off."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # a plain one is enough
            return datetime.now(tz) + timedelta(days=days())  # noqa: TID251 - the clock that is off

    return Shifted


if __name__ == "__main__":
    file = Path(os.environ["SHIFT"])
    for module in CLOCKS:
        module.datetime = shifted(lambda: int(file.read_text(encoding="utf-8")))  # type: ignore[attr-defined]
    main()
