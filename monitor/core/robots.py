"""What a site lets robots read: its robots.txt, as RFC 9309 has it."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

MAX_SIZE = 500_000
"""Bytes that are read of it, as the RFC wants at least."""
AGENT = "strait-monitor"


def robots_address(url: str) -> str:
    """Return where the site of an address keeps its robots.txt."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))


def permits(robots: bytes, url: str) -> bool:
    """Say whether a robots.txt lets us read an address; one that is no such file permits everything."""
    rules = RobotFileParser()
    rules.parse(robots[:MAX_SIZE].decode("utf-8", "replace").lstrip("\ufeff").splitlines())
    return rules.can_fetch(AGENT, url)
