"""An item without what nobody reads says what the whole item says."""

from __future__ import annotations

from typing import Any

import pytest
from feedpages import Made, pages
from hypothesis import event, example, given, settings
from hypothesis import strategies as st
from test_feedxml import FILES, HEADERS, told

from monitor.core import feedxml
from monitor.core.cut import cut
from monitor.core.parse import _item

RSS = (
    '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:own="urn:own" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>C</title>{}</channel></rss>'
)
SUMMARY = "<description>Summary &amp; more</description>"
TEXT = "<content:encoded><![CDATA[<p>All of it</p>]]></content:encoded>"


def slimmed(body: bytes) -> bytes:
    """Return a page without what nobody reads; the page itself where it is not cut."""
    made = cut(body, "application/xml", {}, 1000, slim=True)
    return made.body if made else body


def kept(body: bytes) -> Any:
    """Return what is kept of a page's entries and of its head, or the error that reading it ends with."""
    try:
        found = feedxml.read(body, HEADERS)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return type(error).__name__
    head = {key: value for key, value in told(found.feed).items() if key in {"title", "language", "ttl"}}
    return [_item(dict(entry)) for entry in found.entries], head, found.version


def of(items: str) -> Made:
    """Return a page of RSS with these items."""
    return Made(RSS.format(items).encode(), ())


@settings(deadline=None, max_examples=500)
@given(pages())
@example(of(f"<item>{TEXT}{SUMMARY}</item>"))
@example(of(f"<item><description>&#160;</description>{TEXT}</item>"))
@example(of(f"<item><description><!-- none --></description>{TEXT}</item>"))
@example(of(f"<item><description><![CDATA[&nbsp;]]></description>{TEXT}</item>"))
@example(of(f"<item><media:description>First</media:description>{SUMMARY}{TEXT}</item>"))
@example(of(f"<item>{SUMMARY}{TEXT}<description>Again</description></item>"))
@example(of(f"<item>{SUMMARY}{TEXT}<summary/></item>"))
@example(of(f"<item><description mode='base64' type='a/b'>_</description>{TEXT}</item>"))
@example(of("<item><media:content url='>'/><title>T</title></item>"))
@example(of("<item><category>a/></category><title>T</title><category/><category a='>'/></item>"))
@example(of("<item><media:content lang='fr'/><title>T</title></item>"))
@example(of("<item><media:content><media:title>T</media:title></media:content></item>"))
@example(Made(RSS.replace("<rss ", '<rss xmlns="urn:own" ').format(f"<item>{SUMMARY}{TEXT}</item>").encode(), ()))
def test_what_is_left_out_says_nothing(page: Made) -> None:
    """Whatever stands beside it, everything that is kept of an entry is the same."""
    slim = slimmed(page.body)
    event("slimmer" if slim != page.body else "as it was")
    assert kept(slim) == kept(page.body)


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [
                SUMMARY,
                TEXT,
                *(
                    f"<{name}>{text}</{name}>"
                    for name in (
                        "description",
                        "summary",
                        "content",
                        "body",
                        "own:x",
                        "category",
                        "media:content",
                        "media:title",
                        "title",
                    )
                    for text in ("", " ", "Word", "<![CDATA[<b>W</b>]]>")
                ),
            ]
        ),
        max_size=6,
    )
)
def test_whichever_texts_an_item_has(parts: list[str]) -> None:
    """Summaries, texts and titles in any order, empty ones among them."""
    test_what_is_left_out_says_nothing.hypothesis.inner_test(of(f"<item>{''.join(parts)}</item>"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_real_files_say_the_same(path: Any) -> None:
    """Feeds as they are found in the wild."""
    body = path.read_bytes().lstrip(b"\xef\xbb\xbf \t\r\n\0")
    assert kept(slimmed(body)) == kept(body)


def test_half_of_a_usual_item_is_left_out() -> None:
    """Categories, pictures, counts and the text beside a summary."""
    item = (
        f"<item><title>T</title>{SUMMARY}<category domain='d'>a</category><category>b</category><comments>/c</comments>"
        f"<media:content url='u'/><media:thumbnail url='u'></media:thumbnail>{TEXT}<guid>1</guid></item>"
    )
    expected = f"<item><title>T</title>{SUMMARY}<guid>1</guid></item>"
    assert slimmed(RSS.format(item).encode()) == RSS.format(expected).encode()
