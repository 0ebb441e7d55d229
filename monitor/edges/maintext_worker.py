"""Runs by itself: a web page as JSON text on each line of standard input, its main text or null on each line out.

The argument is the processor time for one page, in seconds. It imports nothing of ours, and ends at the first page that
takes too much time or memory, or that breaks the reader: whoever started it sees which one by counting the answers.
"""

from __future__ import annotations

import json
import resource
import signal
import sys

import trafilatura

MEMORY = 2_000_000_000


def main(seconds: float) -> None:
    """Answer each page until there are no more."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for line in sys.stdin:
        # Nobody listens to this signal, so the system ends the process, whatever library it is in.
        signal.setitimer(signal.ITIMER_PROF, seconds)
        text = trafilatura.extract(json.loads(line), include_comments=False, include_tables=True)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(json.dumps(text) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
