"""What a site lets robots read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.robots import permits, robots_address

URL = "https://daily.example/news/1?a=b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /news", False),
        ("User-agent: *\nDisallow:", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: strait-monitor\nAllow: /", True),
        ("User-agent: strait-monitor\nDisallow: /news/", False),
        ("User-agent: GPTBot\nDisallow: /", True),
        ("\ufeffUser-agent: *\r\nDisallow: /", False),
        ("<html>not found</html>", True),
    ],
)
def test_who_may_read_what(text: str, *, expected: bool) -> None:
    """By our name first, else by the rules for all."""
    assert permits(text.encode(), URL) is expected


def test_it_stands_at_the_root() -> None:
    """Of the same server."""
    assert robots_address(URL) == "https://daily.example/robots.txt"


@given(st.binary(), st.text(max_size=20))
def test_any_file_is_an_answer(robots: bytes, path: str) -> None:
    """Nothing is raised."""
    assert permits(robots, f"https://daily.example/{path}") in {True, False}
