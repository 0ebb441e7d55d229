"""The command ``strait``. Exit codes: 0 done, 1 done with failures, 2 bad usage or bad configuration."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

import click

from classifiers.errors import ClassifierError
from config.settings import ConfigError
from monitor.app import VERSION
from monitor.cli import desk, evaluating, feeds, learning, reading, running, silences, stories, upkeep
from monitor.errors import MonitorError, UsageError


class Strait(click.Group):
    """A command that turns the program's own errors into a line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a subcommand."""
        try:
            return super().invoke(ctx)
        except (ConfigError, UsageError) as error:
            _fail(str(error), 2)
        except (MonitorError, ClassifierError) as error:
            _fail(str(error), 1)
        except BrokenPipeError:
            # The reader of our output went away, as `head` does: nothing is wrong.
            _silence()
            sys.exit(0)
        except OSError as error:
            _silence()
            _fail(f"{error.filename or 'standard output'}: {error.strerror}", 1)


def _silence() -> None:
    """Let what is left of our output go nowhere; Python would try once more at the end and complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(text: str, code: int) -> None:
    click.echo(f"strait: {text}", err=True)
    sys.exit(code)


@click.group(cls=Strait, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(VERSION, prog_name="strait")
def main() -> None:
    r"""Watch the news on the Taiwan Strait: poll feeds, tag items by theme, alert once, write a daily digest.

    \b
    Example: strait demo
             strait init && strait run
    """


for _command in (
    *running.COMMANDS,
    feeds.feeds,
    *reading.COMMANDS,
    *evaluating.COMMANDS,
    *desk.COMMANDS,
    *silences.COMMANDS,
    *stories.COMMANDS,
    *learning.COMMANDS,
    *upkeep.COMMANDS,
):
    main.add_command(_command)


def _keep_lines(command: click.Command) -> None:
    """Let the lines of examples stand as they are written: what says so is a control character, not two letters."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        _keep_lines(one)


_keep_lines(main)
