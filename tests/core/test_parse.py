"""Bytes of many kinds become the same entries, or an error with a name."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from samples import NOON, feed

from monitor.core.html import one_line, text_of
from monitor.core.parse import MAX_ENTRIES, MAX_IDENT, parse
from monitor.core.urls import clean_url
from monitor.errors import FeedError
from monitor.model import Entry, Feed, Page, ParsedFeed

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://outlet.example/feed"
DATE = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
RSS = (
    "<item><title>A &amp; B</title><link>/a?utm_source=rss</link><guid>urn:a</guid>"
    "<pubDate>Mon, 04 May 2026 16:30:00 +0800</pubDate><description>&lt;p&gt;One&lt;/p&gt;</description></item>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>F</title><entry>'
    '<title type="html">A &amp;amp; B</title><link href="/a?utm_source=rss"/><id>urn:a</id>'
    "<published>2026-05-04T08:30:00Z</published><summary>One</summary></entry></feed>"
)
JSON = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "F",
    "language": "en-GB",
    "items": [
        {
            "id": "urn:a",
            "url": "/a?utm_source=rss",
            "title": "A & B",
            "content_html": "<p>One</p>",
            "date_published": "2026-05-04T08:30:00Z",
        }
    ],
}


def rss(items: str, head: str = "<language>en-gb</language>") -> bytes:
    """Return an RSS page around items."""
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>{head}{items}</channel></rss>'.encode()


def read(body: bytes, *, kind: str = "", **changes: Any) -> ParsedFeed:
    """Parse a page of our feed at noon."""
    return parse(Page(URL, body, kind), feed(**changes), NOON)


def only(body: bytes) -> Entry:
    """Return the one entry of a page."""
    (entry,) = read(body).entries
    return entry


@pytest.mark.parametrize("body", [rss(RSS), ATOM.encode(), json.dumps(JSON).encode()], ids=["rss", "atom", "json"])
def test_three_formats_one_entry(body: bytes) -> None:
    """Text without markup, an absolute address without tracking, the date in UTC, the language."""
    found = read(body)
    entry = found.entries[0]
    assert (found.title, found.lang) == ("F", "en")
    assert (entry.ident, entry.url, entry.title, entry.summary) == ("urn:a", "https://outlet.example/a", "A & B", "One")
    assert (entry.published, entry.lang) == (DATE, "en")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "empty"),
        (b"  \r\n\xef\xbb\xbf", "empty"),
        (b"<!doctype html><html><body>News</body></html>", "html"),
        (b"hello", "not_a_feed"),
        (b"<note><to>you</to></note>", "not_a_feed"),
        (b'<?xml version="1.0"?><rss vers', "cut_off"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "cut_off"),
        (b'{"hello": 1}', "not_a_feed"),
        (b"[" * 100_000, "cut_off"),
    ],
)
def test_what_is_no_feed_has_a_name(body: bytes, status: str) -> None:
    """The error names the feed and says what the answer is."""
    with pytest.raises(FeedError, match="Outlet 1: ") as caught:
        read(body)
    assert caught.value.status == status


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    """Whole entries before the break are not lost."""
    body = rss(RSS + RSS.replace("urn:a", "urn:b").replace("/a?", "/b?"))
    assert [e.ident for e in read(body[: body.rindex(b"<description>")]).entries][:1] == ["urn:a"]


@pytest.mark.parametrize(
    ("item", "ident"),
    [
        ("<title>T</title><guid isPermaLink='false'>g</guid>", "g"),
        ("<title>T</title><link>https://a.example/1?utm_medium=x</link>", "https://a.example/1"),
    ],
)
def test_identity_is_the_id_or_the_address(item: str, ident: str) -> None:
    """The declared id comes first, then the cleaned address."""
    assert only(rss(f"<item>{item}</item>")).ident == ident


def test_without_id_and_address_the_text_is_the_identity() -> None:
    """It is the same at every poll, and another text is another entry."""
    one, same, other = (
        only(rss(f"<item><title>{t}</title></item>")) for t in ("Nine ships", "Nine ships", "Ten ships")
    )
    assert one == same
    assert one.ident != other.ident
    assert one.published is None


def test_an_id_that_items_share_identifies_none_of_them() -> None:
    """Two items under one id are two entries, and a repeated item is still one."""
    item = "<item><title>{0}</title><link>/{0}</link><guid isPermaLink='false'>same</guid></item>"
    idents = [entry.ident for entry in read(rss(item.format("a") + item.format("b") + item.format("a"))).entries]
    assert idents == ["https://outlet.example/a", "https://outlet.example/b"]


def test_an_endless_author_costs_no_time() -> None:
    """It is cut before a mail address is looked for in it, which would take minutes here."""
    entry = only(rss(f"<item><title>T</title><author>{'a.' * 100_000}</author></item>"))
    assert len(entry.author) <= 300


def test_an_error_shows_no_password() -> None:
    """A feed without a name is called by its bare address."""
    with pytest.raises(FeedError) as caught:
        parse(Page(URL, b"hello"), Feed(1, "https://user:s3cret@a.example/feed?key=s3cret"), NOON)
    assert "s3cret" not in str(caught.value)


def test_an_endless_id_is_shortened() -> None:
    """An id is a key: it stays short and stays different."""
    one, other = (only(rss(f"<item><title>T</title><guid>{'x' * 5000}{n}</guid></item>")).ident for n in (1, 2))
    assert len(one) <= MAX_IDENT
    assert one != other


def test_the_future_is_capped() -> None:
    """A date after now is now; one that no calendar knows is none."""
    item = "<item><title>T</title><guid>1</guid><pubDate>{}</pubDate></item>"
    assert only(rss(item.format("Tue, 04 May 2027 08:00:00 GMT"))).published == NOON
    assert only(rss(item.format("Tue, 99 Foo 2027"))).published is None


def test_a_page_shows_each_entry_once_and_not_too_many() -> None:
    """Repeated ids count once; the rest of an endless page is left out; entries that say nothing at all are none."""
    assert len(read(rss(RSS * 3)).entries) == 1
    many = "".join(f"<item><title>T{n}</title><guid>{n}</guid></item>" for n in range(MAX_ENTRIES + 50))
    assert len(read(rss(many)).entries) == MAX_ENTRIES
    assert read(rss("<item><pubDate>Mon, 04 May 2026 12:00:00 GMT</pubDate></item>")).entries == ()


def test_an_entry_without_text_is_known_by_its_address_or_id() -> None:
    """It is not lost, and no two are taken for one because neither says anything."""
    found = read(rss("<item><link>/a</link></item><item><guid isPermaLink='false'>urn:b</guid></item>")).entries
    assert [(entry.title, entry.text_hash) for entry in found] == [("https://outlet.example/a", ""), ("urn:b", "")]


@pytest.mark.parametrize(("encoding", "lang"), [("big5", ""), ("big5", "zh-Hant"), ("gb18030", "zh-Hans")])
def test_chinese_that_calls_itself_utf_8(encoding: str, lang: str) -> None:
    """It is read in the encoding that it is in."""
    text = "共軍演習" if encoding == "big5" else "解放军演习"
    body = (
        rss(f"<item><title>{text}</title></item>")
        .decode()
        .replace('"1.0"?', '"1.0" encoding="utf-8"?')
        .encode(encoding)
    )
    assert read(body, lang=lang).entries[0].title == text


def test_a_declared_encoding_is_believed() -> None:
    """Latin-1 that says so, and UTF-8 without a word, are read as they are."""
    latin = '<?xml version="1.0" encoding="iso-8859-1"?>' + rss("<item><title>Café</title></item>").decode()[21:]
    assert read(latin.encode("latin-1")).entries[0].title == "Café"
    assert only(rss("<item><title>Café 台灣</title></item>")).title == "Café 台灣"


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh_CN", "zh-Hans"),
        ("zh-Hant", "zh-Hant"),
        ("zh", "zh"),
        ("en-US", "en"),
        ("<b>", ""),
        ("", ""),
    ],
)
def test_languages_in_our_spelling(tag: str, lang: str) -> None:
    """Both Chinese scripts by name, others by their first part, nonsense as nothing."""
    body = json.dumps(JSON | {"language": tag}).encode()
    assert read(body).lang == lang


def test_markup_and_tricks_are_taken_out() -> None:
    """No script, no control characters, no link but http and https."""
    evil = "&lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=x&gt;Drill&lt;/b&gt;\r\nBcc: x@example.org"
    entry = only(
        rss(f"<item><title>{evil}</title><link>javascript:alert(1)</link><description>{evil}</description></item>")
    )
    assert entry.title == "Drill Bcc: x@example.org"
    assert entry.url == ""
    assert "alert" not in entry.summary


def test_bytes_that_name_a_file_open_none(tmp_path: Path) -> None:
    """What a server answers is content, never a path."""
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(RSS))
    with pytest.raises(FeedError, match="no feed"):
        read(os.fsencode(path))


def test_entities_reach_no_file_and_do_not_grow() -> None:
    """An external entity brings nothing, a bomb of nested ones stays small."""
    external = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    found = read(b'<?xml version="1.0"?>' + external + rss("<item><title>a&x;b</title></item>")[21:])
    assert all("root:" not in entry.title for entry in found.entries)
    nested = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">{nested}]>'.encode()
    found = read(bomb + rss("<item><title>T&e9;</title></item>")[21:])
    assert all(len(entry.title) < 1000 for entry in found.entries)


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda t: rss(f"<item><title>{t}</title></item>")))
def test_any_bytes_are_entries_or_a_named_error(body: bytes) -> None:
    """Nothing else is ever raised, and what comes out is fit to keep."""
    try:
        found = read(body)
    except FeedError as error:
        event(error.status)
        return
    for entry in found.entries:
        assert entry.ident
        assert entry.title == one_line(entry.title)
        assert entry.title or entry.summary


@given(st.text())
def test_text_of_anything_is_text(markup: str) -> None:
    """Of the asked length at most; taking markup out raises nothing."""
    assert len(text_of(markup, 50)) <= 50


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("<p>One</p><p>Two <b>bold</b></p>", "One\nTwo bold"),
        ("A<br>B", "A\nB"),
        ("<style>x</style>A<script>y</script>", "A"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("\u202eevil\u202c", "evil"),
    ],
)
def test_markup_to_text(markup: str, text: str) -> None:
    """Blocks become lines, what nobody sees is dropped."""
    assert text_of(markup, 1000) == text


def test_deep_nesting_is_read() -> None:
    """Elements a hundred thousand deep are no trap: no tree is built of them."""
    assert text_of("<div><b>" * 30_000 + "end", 1000) in {"", "end"}


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://A.example:443/x?utm_source=a&id=1#top", "https://a.example/x?id=1#top"),
        ("//b.example/x", "https://b.example/x"),
        ("y?fbclid=1", "https://outlet.example/y"),
        ("https://user:pass@a.example/", "https://a.example/"),
        ("ftp://a.example/x", ""),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
        ("https://a.example/ b", "https://a.example/%20b"),
        ("data:text/html,x", ""),
    ],
)
def test_clean_addresses(url: str, clean: str) -> None:
    """Absolute, http or https, without credentials and tracking."""
    assert clean_url(url, URL) == clean


@given(st.text() | st.text().map(lambda t: f"https://a.example/{t}"))
def test_cleaning_twice_changes_nothing(url: str) -> None:
    """A cleaned address is its own cleaned address."""
    assert clean_url(clean_url(url, URL), URL) == clean_url(url, URL)


HOSTILE = st.lists(
    st.sampled_from(
        [
            *("<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>", "<guid>", "<description>"),
            *("<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "<!DOCTYPE r [", "]>", "&x;", "&#0;"),
            *('<!ENTITY x SYSTEM "file:///etc/passwd">', "<!ENTITY y '&y;'>", "<pubDate>", "</pubDate>", "<updated>"),
            *("Mon, 04 May 2026", "99999-99-99T99:99:99Z", "<content:encoded>", "<media:group>", "<div>" * 50, "\0"),
            *("javascript:alert(1)", "http://[::1", "<author>" + "a@" * 500, "<category", '">', "\x1b", "共軍"),
            *("</channel>", "</rss>", "<channel>", "<rss version='2.0'>", "<feed xmlns='http://www.w3.org/2005/Atom'>"),
        ]
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)


@given(pieces=HOSTILE, within=st.booleans())
def test_pieces_of_feeds_in_any_order_are_entries_or_a_named_error(pieces: str, *, within: bool) -> None:
    """Whatever opens and never closes, nothing else is raised, and every date is the past's."""
    try:
        found = read(rss(pieces) if within else pieces.encode("utf-8", "surrogatepass"))
    except FeedError as error:
        event(error.status)
        return
    for entry in found.entries:
        assert entry.ident
        assert entry.title == one_line(entry.title)
        assert entry.published is None or entry.published <= NOON
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert "root:" not in entry.title + entry.summary


def test_ten_thousand_entries_are_bounded() -> None:
    """The first ones are taken, and no more of each than may be."""
    items = "".join(f"<item><title>{'T' * 900} {n}</title><guid>urn:{n}</guid></item>" for n in range(10_000))
    found = read(rss(items))
    assert [entry.ident for entry in found.entries] == [f"urn:{n}" for n in range(MAX_ENTRIES)]
    assert all(len(entry.title) <= 500 for entry in found.entries)
