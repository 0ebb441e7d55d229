"""Serves invented feeds on many loopback addresses, in a process of its own, with conditional GET.

    python benchmarks/newsstand.py 2000 50    # feeds, items a page; prints its port, ends when its standard input does

A feed is RSS of some 50 KB with 50 items, one feed in four in Chinese; an item has a headline, two sentences, an
author, categories, a picture and the beginning of its article. One item in fifty is drawn from those of the training
corpus that have a theme, so that outlets share reports; the others are of other subjects.
Whoever polls does so under a name of its own, ``/NAME/FEED.xml``, and sees the first edition until ``/NAME/turn`` is
asked for: then one feed in twenty shows two new items, and its two oldest are gone. Texts are drawn with a fixed seed.
"""

from __future__ import annotations

import asyncio
import resource
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from random import Random
from threading import Thread
from urllib.request import urlopen
from xml.sax.saxutils import escape

from classifiers import read_corpus

ITEMS, NEW, CHANGED = 50, 2, 20
"""Items of a page, new ones of a changed page, and how many feeds there are for each that changes."""
PER_HOST = 4
CHINESE = 4
"""One feed in so many is in Chinese."""
ABOUT = 50
"""One item in so many is in scope."""
KEPT = 6_000
"""Pages that are made beforehand and kept, so that making them takes no time from those who are measured."""
_SENTENCES = 3_000
_DRAW = Random(17)  # noqa: S311 - a fixed draw
_START = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=90)  # noqa: TID251 - news is recent

_words = str.split
_WHO = _words("council museum striker harvest hospital school festival ferry library orchestra bakery railway zoo")
_DID = _words("opens delays plans reviews loses praises repairs studies wins expects paints counts")
_WHY = ("after a long winter", "despite the rain", "with help from volunteers", "for the third year", "as prices fall")
_SYLLABLES = _words("ba be do fi ga ki lo lu mo na ne pe ri sa su ta to ve wi zo")
_ZH_NAMES = "北南東西新大中小光明華安信義仁愛和平春秋山水林田金石"
_ZH_WHO = _words("市議會 博物館 前鋒 果農 醫院 學校 音樂節 渡輪 圖書館 樂團 麵包店 鐵路 動物園")
_ZH_DID = _words("開放 延後 規劃 檢討 失去 稱讚 修復 研究 贏得 預計 清點")
_ZH_WHY = _words("在漫長的冬天之後 儘管下雨 在志工協助下 連續第三年 因價格下跌")
_NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def address(port: int, name: str, feed: int) -> str:
    """Return a feed's address; few feeds share a host."""
    host = feed // PER_HOST
    return f"http://127.{1 + host // 62_500}.{host // 250 % 250}.{1 + host % 250}:{port}/{name}/{feed}.xml"


def turn(port: int, name: str) -> None:
    """Let whoever polls under a name see the second edition."""
    with urlopen(f"http://127.0.0.1:{port}/{name}/turn", timeout=10):
        pass


def _name(draw: Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=3)).capitalize()


def _plain(draw: Random, *, chinese: bool) -> str:
    one, other, count = _name(draw), _name(draw), draw.randint(2, 999)
    if chinese:
        whose = "".join(draw.choices(_ZH_NAMES, k=2))
        return f"{whose}{draw.choice(_ZH_WHO)}{draw.choice(_ZH_WHY)}{draw.choice(_ZH_DID)}{one}的第{count}號計畫"
    return f"{one} {draw.choice(_WHO)} {draw.choice(_DID)} {count} seats for {other} {draw.choice(_WHY)}"


_TOLD = [item for item in read_corpus(Path(__file__).parent.parent / "classifiers" / "corpus") if item.themes]
_SECURITY = {zh: [item.text for item in _TOLD if item.text.lang.startswith("zh") is zh] for zh in (False, True)}
_POOLS = {zh: [_plain(_DRAW, chinese=zh) for _ in range(_SENTENCES)] for zh in (False, True)}


def _told(draw: Random, feed: int, number: int) -> tuple[str, str, str]:
    """Return a headline, a summary and more sentences."""
    chinese = feed % CHINESE == 0
    stop = "。" if chinese else ". "
    one, two, *more = draw.choices(_POOLS[chinese], k=4 if chinese else 5)
    rest = stop.join([*more, ""])
    if draw.randrange(ABOUT):
        return _plain(draw, chinese=chinese), f"{one}{stop}{two}{stop}", rest
    found = _SECURITY[chinese]
    text = found[(feed * 7919 + number) % len(found)]  # no feed says one thing twice
    return escape(text.title), escape(text.summary), rest


def _item(feed: int, number: int) -> str:
    """Return one item, some 1,000 bytes; the higher the number, the newer."""
    draw = Random(feed * 10_007 + number)  # noqa: S311 - a fixed draw
    title, summary, rest = _told(draw, feed, number)
    moment = format_datetime(_START + timedelta(hours=min(0, number - ITEMS), minutes=feed % 60 + number - ITEMS))
    site = f"https://feed-{feed}.example"
    return (
        f"<item><title>{title}</title><link>{site}/news/{number}?utm_source=rss</link>"
        f"<description>{summary}</description><dc:creator>{_name(draw)} {_name(draw)}</dc:creator>"
        f"<category>{draw.choice(_WHO)}</category><category>{draw.choice(_WHO)}</category>"
        f'<guid isPermaLink="false">feed-{feed}-{number}</guid><pubDate>{moment}</pubDate>'
        f'<media:content url="{site}/pictures/{number}.jpg" medium="image" width="800" height="450"/>'
        f'<content:encoded><![CDATA[<p><a href="{site}/news/{number}"><b>{title}</b></a></p>'
        f"<p>{summary}</p><p>{rest}</p>]]></content:encoded></item>\n"
    )


def _page(feed: int, edition: int) -> bytes:
    newest = ITEMS + edition * NEW
    items = "".join(_item(feed, number) for number in range(newest, newest - _SHOWN, -1))
    language = "zh-TW" if feed % CHINESE == 0 else "en"
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {_NAMESPACES}><channel><title>Feed {feed}</title>'
        f"<link>https://feed-{feed}.example/</link><language>{language}</language>\n{items}</channel></rss>\n"
    ).encode()


_SHOWN = int(sys.argv[2]) if __name__ == "__main__" else ITEMS
page = lru_cache(maxsize=KEPT)(_page)


class Stand(asyncio.Protocol):
    """Answers one connection's requests in turn."""

    turned: set[str] = set()  # noqa: RUF012 - all connections share it
    """The names under which the second edition is shown."""
    _transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin a conversation."""
        self._transport = transport  # type: ignore[assignment] # TCP's
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        *asked, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for head in asked:
            first, *lines = head.split(b"\r\n")
            self._transport.write(self._answer(first.split()[1].decode(), lines))
            if any(line.lower() == b"connection: close" for line in lines):
                self._transport.close()

    def _answer(self, path: str, lines: list[bytes]) -> bytes:
        _, name, what = path.split("/")
        if what == "turn":
            self.turned.add(name)
            return b"HTTP/1.1 204 Turned\r\nContent-Length: 0\r\n\r\n"
        feed = int(what.removesuffix(".xml"))
        edition = int(name in self.turned and feed % CHANGED == 1)
        etag = f'"{feed}-{edition}"'.encode()
        stamp = format_datetime(_START + timedelta(minutes=edition), usegmt=True).encode()
        head = b"ETag: %s\r\nLast-Modified: %s\r\n" % (etag, stamp)
        if any(line.lower().startswith(b"if-none-match:") and etag in line for line in lines):
            return b"HTTP/1.1 304 Not Modified\r\n%s\r\n" % head
        body = page(feed, edition)
        kind = b"Content-Type: application/rss+xml; charset=utf-8\r\nContent-Length: %d\r\n" % len(body)
        return b"HTTP/1.1 200 OK\r\n%s%s\r\n%s" % (head, kind, body)


async def _serve(feeds: int) -> None:
    for feed in range(min(feeds, KEPT)):
        page(feed, 0)
        if feed % CHANGED == 1:
            page(feed, 1)
    server = await asyncio.get_running_loop().create_server(Stand, "0.0.0.0", 0, backlog=4096)  # noqa: S104 - 127/8
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    Thread(target=lambda: (sys.stdin.read(), loop.call_soon_threadsafe(ended.set)), daemon=True).start()
    await ended.wait()


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_serve(int(sys.argv[1])))
