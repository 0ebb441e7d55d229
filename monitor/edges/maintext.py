"""The main text of web pages, read by trafilatura in a process of its own, which a page may end without harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_PAGE = 2_000_000
"""Characters of a page that is looked at; longer ones have no text."""
MAX_TEXT = 50_000
MAX_STARTS = 4
"""Pages that end the reader before the rest of a batch is given up."""
SECONDS = 4.0
"""Processor time for one page; a long article takes a tenth of a second."""
PATIENCE = 120.0
"""Seconds that all pages of a batch may take, on a machine that has other things to do."""
_WORKER = Path(__file__).with_name("maintext_worker.py")
log = structlog.get_logger()


def main_texts(pages: Sequence[str]) -> list[str]:
    """Return the main text of each page, in order; empty where there is none, or where it could not be read."""
    texts: list[str] = []
    wanted = [page if len(page) <= MAX_PAGE else "" for page in pages]
    for _ in range(MAX_STARTS):
        if len(texts) == len(wanted):
            break
        texts += _answers(wanted[len(texts) :])
        if len(texts) < len(wanted):
            log.warning("a page could not be read for its text", page=len(texts), pages=len(wanted))
            texts.append("")
    return texts + [""] * (len(wanted) - len(texts))


def _answers(pages: Sequence[str]) -> list[str]:
    """Return the texts of the first pages, as many as the reader came through."""
    lines = "".join(json.dumps(page) + "\n" for page in pages)
    # -I: neither the folder it is started in nor the environment can put other code into its way.
    command = [sys.executable, "-I", str(_WORKER), str(SECONDS)]
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - our own script, by this Python
        command, stdin=pipe, stdout=pipe, stderr=none, text=True, encoding="ascii", start_new_session=True
    ) as worker:
        try:
            out, _ = worker.communicate(lines, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            worker.kill()
            out, _ = worker.communicate()
    # What was being written when it ended has no line's end.
    return [_short(json.loads(line)) for line in out.splitlines(keepends=True) if line.endswith("\n")]


def _short(text: str | None) -> str:
    return (text or "").strip()[:MAX_TEXT]
