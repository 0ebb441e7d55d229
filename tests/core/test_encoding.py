"""Web pages in the encodings that they are really in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.encoding import text_of_page

WORDS = "國防部今日公布臺海周邊動態，偵獲共機架次。" * 5
SIMPLE = "国防部今日公布台海周边动态，侦获军机架次。" * 5


@pytest.mark.parametrize(
    ("body", "content_type", "lang", "expected"),
    [
        (WORDS.encode(), "", "", WORDS),
        (WORDS.encode("big5"), "text/html; charset=Big5", "", WORDS),
        (b'<meta charset="big5">' + WORDS.encode("big5"), "text/html", "", '<meta charset="big5">' + WORDS),
        (WORDS.encode("big5"), "text/html", "zh-Hant", WORDS),
        (SIMPLE.encode("gb2312"), "text/html; charset=gb2312", "", SIMPLE),
        (SIMPLE.encode("gb18030"), "", "zh-Hans", SIMPLE),
        (WORDS.encode(), "text/html; charset=big5", "", WORDS),
        (b"\xef\xbb\xbf" + WORDS.encode(), "text/html; charset=big5", "", WORDS),
        (WORDS.encode("utf-16"), "", "", WORDS),
        ("café".encode("latin-1"), "text/html; charset=iso-8859-1", "", "café"),
        (b"plain", "text/html; charset=rot13", "", "plain"),
        (b"plain", "text/html; charset=zlib", "", "plain"),
        (b"plain", "text/html; charset=nonsense", "", "plain"),
        (WORDS.encode()[:-1], "", "", WORDS[:-1] + "\ufffd"),
        (b"", "", "", ""),
    ],
)
def test_a_page_is_read_as_it_is_written(body: bytes, content_type: str, lang: str, expected: str) -> None:
    """By header, by meta element, by reading; a declaration that the page contradicts is not believed."""
    assert text_of_page(body, content_type, lang) == expected


@given(st.binary(), st.text(), st.text())
def test_any_bytes_are_text(body: bytes, content_type: str, lang: str) -> None:
    """Nothing is raised."""
    assert isinstance(text_of_page(body, content_type, lang), str)
