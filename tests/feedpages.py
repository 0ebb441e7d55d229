"""Generated feed pages, well-formed and odd in every way that feedparser keeps state for."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:own="urn:own" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)
ATOM = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"
_WORDS = st.sampled_from(
    ["drill", "a < b & c", "46 ships", "海峽", "café", "<b>bold</b>", "&nbsp;", "[x]", "", " two  words "]
)
_FORMS = st.sampled_from(
    [*["{}", "<![CDATA[{}]]>", "&#233;{}", "{}<!-- aside -->"] * 10, "{}<!-- <item> -->", "<![CDATA[</item>]]>{}"]
)
_DATES = st.sampled_from(
    ["Mon, 04 May 2026 12:00:00 GMT", "2026-05-04T12:00:00+08:00", "2026-05-04", "yesterday", "", "Tue, 99 Foo 2026"]
)
_URLS = st.sampled_from(
    ["https://a.example/1?x=1&y=2", "/2", "3", "", "javascript:x", "https://a.example/4#f", "&#x68;"]
)
_IDS = st.sampled_from(["urn:1", "urn:2", "/3", "https://a.example/4", "", " urn:1 "])
_TYPES = st.sampled_from(
    ["", ' type="html"', ' type="text"', ' type="xhtml"', ' type="text/plain"', ' type="image/png"']
)
_ATTRIBUTES = st.sampled_from(
    ["", "", "", ' xml:base="https://b.example/x/"', ' xml:lang="zh-TW"', ' lang="fr"', ' own:a="1"']
)


@st.composite
def _text(draw: st.DrawFn) -> str:
    """Return text as XML writes it: escaped, in CDATA, with references and comments."""
    word = draw(_WORDS)
    form = draw(_FORMS)
    return form.format(word if form.startswith("<![CDATA[{") else escape(word))


@st.composite
def _leaf(draw: st.DrawFn, names: str, text: st.SearchStrategy[str] | None = None) -> str:
    name = draw(st.sampled_from(names.split()))
    return f"<{name}{draw(_ATTRIBUTES)}>{draw(_text() if text is None else text)}</{name}>"


@st.composite
def _markup(draw: st.DrawFn) -> str:
    """Return XHTML, some of it made of elements whose names mean something in feeds."""
    inner = draw(_text())
    names = ["p", "b", "div", "title", "source", "link", "body", "content", "summary", "image", "svg", "a", "category"]
    for name in draw(st.lists(st.sampled_from(names), max_size=3)):
        inner = f"<{name}>{inner}</{name}>"
    return draw(st.sampled_from([f'<div xmlns="{XHTML}">{inner}</div>', f"<div>{inner}</div>", inner]))


@st.composite
def _construct(draw: st.DrawFn) -> str:
    """Return a text construct: escaped, or with markup in it."""
    name = draw(
        st.sampled_from(["title", "summary", "content", "description", "content:encoded", "subtitle", "rights"])
    )
    return f"<{name}{draw(_TYPES)}{draw(_ATTRIBUTES)}>{draw(st.one_of(_text(), _markup()))}</{name}>"


@st.composite
def _odd(draw: st.DrawFn) -> str:
    """Return an element that nests, declares or means something unusual."""
    text = draw(_text())
    return draw(
        st.sampled_from(
            [
                f"<author><name>{text}</name><uri>/me</uri><email>a@b.example</email></author>",
                f"<contributor><name>{text}</name></contributor>",
                f"<itunes:owner><itunes:name>{text}</itunes:name></itunes:owner>",
                f'<source url="https://s.example/">{text}</source>',
                f"<source><title>{text}</title><id>s</id><updated>2026-05-04</updated></source>",
                f'<category term="a" scheme="b"/><category>{text}</category>',
                '<itunes:category text="a"><itunes:category text="b"/></itunes:category>',
                f'<media:group><media:content url="u"><media:title>{text}</media:title></media:content></media:group>',
                f'<media:content url="u"><media:description type="html">{text}</media:description></media:content>',
                f"<description>{text}</description><content:encoded>{text}</content:encoded>",
                f"<description>{text}</description><category/><content:encoded><![CDATA[<p>]]></content:encoded>",
                f'<media:content url="u"/><slash:comments>4</slash:comments><comments>{text}</comments>',
                f'<media:content url="a>b"/><media:thumbnail url="u"></media:thumbnail><category>{text}/></category>',
                f'<media:thumbnail url="t"/><media:credit role="author">{text}</media:credit>',
                f"<image><title>{text}</title><url>/i.png</url></image>",
                f"<image>{text}</image>",
                f"<textinput><title>{text}</title><name>q</name></textinput>",
                "<georss:point>1 2</georss:point>",
                "<georss:where><gml:Point><gml:pos>1 2</gml:pos></gml:Point></georss:where>",
                '<psc:chapters><psc:chapter start="00:00:01.000" title="x"/></psc:chapters>',
                '<psc:chapter start="00:00:01.000" title="x"/>',
                '<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>',
                f'<own:thing a="1">{text}</own:thing><own:thing>{text}</own:thing>',
                f'<n:title xmlns:n="urn:n">{text}</n:title>',
                f'<m:title xmlns:m="urn:n">{text}</m:title>',
                f'<media:title xmlns:media="{ATOM}">{text}</media:title>',
                f'<dc:title xmlns:dc="http://purl.org/dc/terms/">{text}</dc:title>',
                f'<svg xmlns="http://www.w3.org/2000/svg"><title>{text}</title></svg>',
                f'<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:title>{text}</svg:title></svg:svg>',
                f"<language>{text}</language>",
                f"<foo><title>{text}</title><link>/x</link></foo>",
                f"<channel><title>{text}</title></channel>",
                "<link/>",
                '<link rel="self" href="/self"/><link href="/alternate"/>',
                "<!-- <item><title>none</title></item> -->",
                "<newlocation>/new</newlocation>",
                f"<body>{text}</body><fullitem>{text}</fullitem><abstract>{text}</abstract>",
            ]
        )
    )


def _usual() -> st.SearchStrategy[str]:
    return st.one_of(
        _leaf("title title description dc:title media:title itunes:summary"),
        _leaf("link comments", _URLS.map(escape)),
        _leaf("guid id", _IDS),
        _IDS.map(lambda ident: f'<guid isPermaLink="false">{ident}</guid>'),
        _URLS.map(lambda url: f"<link href={quoteattr(url)}/>"),
        _leaf("pubDate updated published dc:date created", _DATES),
        _leaf("author dc:creator itunes:author category dc:subject itunes:keywords own:leaf"),
        _construct(),
    )


@dataclass(frozen=True)
class Made:
    """A page, and its items as they stand in it."""

    body: bytes
    items: tuple[bytes, ...]


@st.composite
def pages(draw: st.DrawFn) -> Made:
    """Return a well-formed page of RSS, RDF or Atom, of any number of items."""
    kind = draw(st.sampled_from(["rss", "rdf", "atom"]))
    name = "entry" if kind == "atom" else "item"
    about = st.sampled_from(["", "", ' rdf:about="urn:1"']) if kind == "rdf" else st.just("")
    items = [
        f"<{name}{draw(about)}{draw(_ATTRIBUTES)}>{''.join(children)}</{name}>"
        for children in draw(st.lists(st.lists(st.one_of(_usual(), _usual(), _odd()), max_size=5), max_size=6))
    ]
    items += draw(st.lists(st.sampled_from(items), max_size=2)) if items else []
    plain_head = _leaf("title link description language updated dc:date ttl own:leaf generator")
    head = "".join(draw(st.lists(st.one_of(*[plain_head] * 8, _usual(), _odd()), max_size=3)))
    tail = draw(st.sampled_from([*[""] * 9, "<!-- <item> -->", "<title>late</title>", "<Item><title>o</title></Item>"]))
    space = draw(st.sampled_from(["", "\n", "<!-- between -->", "\ntext\n"]))
    return Made(_page(kind, (head, space.join(items), tail), draw(_ATTRIBUTES)), tuple(item.encode() for item in items))


def _page(kind: str, parts: tuple[str, str, str], attributes: str) -> bytes:
    start = '<?xml version="1.0" encoding="utf-8"?>\n'
    if kind == "atom":
        return f'{start}<feed xmlns="{ATOM}" {NAMESPACES}{attributes}>{"".join(parts)}</feed>'.encode()
    if kind == "rss":
        return f'{start}<rss version="2.0" {NAMESPACES}{attributes}><channel>{"".join(parts)}</channel></rss>'.encode()
    rdf = 'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    head, *rest = parts
    return f"{start}<rdf:RDF {rdf} {NAMESPACES}{attributes}><channel>{head}</channel>{''.join(rest)}</rdf:RDF>".encode()
