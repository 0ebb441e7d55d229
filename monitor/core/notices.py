"""What the program says of its own channels: one that takes nothing, and one that works again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.model import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from monitor.model import Outage


def down(outage: Outage, counts: Mapping[str, int], zone: ZoneInfo) -> Message:
    """Return the message that a channel takes nothing; *counts* are those of its part of the outbox."""
    waiting, dead = counts.get("waiting", 0), counts.get("dead", 0)
    lines = (
        f"The channel {outage.channel} has taken no message since {_moment(outage.since, zone)}.",
        f"Its last error: {outage.error}",
        "",
        f"{waiting} waiting, which are tried again by themselves; {dead} given up, which 'strait alerts list --dead'",
        "shows and 'strait alerts replay' puts back.",
        "You are told of this once, and again when the channel works.",
    )
    return Message(
        f"[high] The channel {outage.channel} takes no messages",
        "\n".join(lines) + "\n",
        data=_data(outage, "channel_down") | {"error": outage.error},
        severity="high",
        thread=_thread(outage),
    )


def up(outage: Outage, now: datetime, zone: ZoneInfo) -> Message:
    """Return the message that a channel takes messages again."""
    lines = (
        f"The channel {outage.channel} takes messages again.",
        f"It took none from {_moment(outage.since, zone)} to {_moment(now, zone)}; what waited is on its way.",
    )
    return Message(
        f"[normal] The channel {outage.channel} works again",
        "\n".join(lines) + "\n",
        data=_data(outage, "channel_up"),
        thread=_thread(outage),
    )


def _thread(outage: Outage) -> str:
    return f"outage/{outage.channel}/{outage.since.isoformat()}"


def _data(outage: Outage, event: str) -> dict[str, str]:
    return {"event": event, "channel": outage.channel, "since": outage.since.isoformat()}


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"
