"""The command as people type it, run within the process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner, Result

from monitor.cli import main

if TYPE_CHECKING:
    from pathlib import Path

DRILL = "PLA launches live-fire drill off Taiwan's coast, crossing the median line"
CONFIGURATION = """
[fetch]
allow_networks = ["127.0.0.0/8"]
[channels.terminal]
kind = "console"
[digest]
channels = ["terminal"]
[[rules]]
name = "Drills"
themes = ["exercises"]
channels = ["terminal"]
"""


class Strait:
    """The command over one configuration folder."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str, code: int = 0, **more: Any) -> Result:
        """Run a command and check its exit code; a traceback is never right."""
        result = CliRunner().invoke(main, [*arguments, "--config", str(self.home)], **more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert result.exit_code == code, result.output
        return result

    def json(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a listing command and return its rows."""
        return [json.loads(line) for line in self(*arguments, "--json").stdout.splitlines()]
