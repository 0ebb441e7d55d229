"""``strait demo``: the whole program at work on invented news, without a network beyond loopback."""

from __future__ import annotations

import shlex
import tempfile
from contextlib import closing
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import load
from monitor import jobs, outbox, pipeline
from monitor.app import build
from monitor.core import opml
from monitor.demo import news
from monitor.demo.server import Newsroom, serving
from monitor.edges.store import Store
from monitor.errors import MonitorError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitor.app import App
    from monitor.model import Digest, Story
    from monitor.pipeline import Polled

DATABASE = "demo.db"
FILES = {
    "monitor.toml": "the configuration: channels and rules",
    "feeds.opml": "the feeds, as the program takes them in",
    DATABASE: "the database: items, stories, decisions, what was sent",
    "alerts.txt": "every alert",
    "digest.html": "the digest; open it in a browser",
}
"""What the demonstration leaves, and what each is."""
_LEFT_BY_SQLITE = frozenset({f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}.lock"})


def show(keep: Path | None) -> Iterator[str]:
    """Run the demonstration and tell it line by line; the alerts print themselves in between.

    Its files go into *keep*, or into a new temporary folder, and stay there.
    """
    folder = _folder(keep)
    loaded = load(folder, {})
    with closing(Store(loaded.database_url)) as store:
        store.upgrade()
        app = build(loaded, store)
        with serving(news.read(), app.now()) as room:
            _follow(app, room, folder / "feeds.opml")
            yield from _rounds(app, room)
        yield from _digest(app, folder / "digest.html")
    yield from _files(folder)


def _configuration() -> str:
    return resources.files("monitor.demo").joinpath("monitor.toml").read_text(encoding="utf-8")


def _folder(keep: Path | None) -> Path:
    """Return a folder for the demonstration with nothing but its configuration; a former one's files make way."""
    try:
        folder = keep or Path(tempfile.mkdtemp(prefix="strait-demo-"))
        folder.mkdir(parents=True, exist_ok=True)
        found = list(folder.iterdir())
        if found and not _ours(found):
            raise UsageError(f"{folder}: is not empty; name a new folder, or one that `strait demo` filled")
        for path in found:
            path.unlink()
        (folder / "monitor.toml").write_text(_configuration(), encoding="utf-8")
    except OSError as error:
        place = keep or tempfile.gettempdir()
        raise UsageError(f"{place}: cannot be used ({error.strerror}); name a folder with --keep") from error
    return folder


def _ours(found: Sequence[Path]) -> bool:
    """Say whether files are all a demonstration's: only its names, and its configuration to the letter.

    Anything less sure might delete what somebody works with.
    """
    files = {path.name: path for path in found if path.is_file()}
    return (
        len(files) == len(found)
        and files.keys() <= {*FILES, *_LEFT_BY_SQLITE}
        and "monitor.toml" in files
        and files["monitor.toml"].read_bytes() == _configuration().encode()
    )


def _follow(app: App, room: Newsroom, path: Path) -> None:
    """Write the feeds as OPML and take them in from there."""
    path.write_text(opml.write(room.feeds()), encoding="utf-8")
    with app.store.begin() as work:
        for outline in opml.read(path.read_bytes(), str(path)):
            work.add_feed(outline.url, **outline.fields())


def _rounds(app: App, room: Newsroom) -> Iterator[str]:
    outlets, items = len(room.news.outlets), len(room.news.items)
    yield f"{outlets} invented outlets with {items} items, served on {room.address}; nothing leaves this machine."
    yield ""
    first = _poll(app)
    yield "The first poll of a feed is silent: what it holds is old news to somebody."
    yield f"  {_told(first)}; {first.held} alerts held back"
    room.release()
    second = _poll(app)
    yield "Then news breaks, and the feeds are polled again."
    yield f"  {_told(second)}; {second.alerts} alerts"
    yield ""
    delivered = outbox.deliver(app)
    yield ""
    failed = delivered.put_off + delivered.dead
    yield f"{delivered.sent} messages sent to {len(app.channels)} channels, {failed} failed."


def _poll(app: App) -> Polled:
    polled = jobs.poll_round(app, "inline", force=True)
    if polled.failed:
        with app.store.read() as work:
            wrong = next(feed for feed in work.feeds() if feed.failures)
        raise MonitorError(f"{polled.failed} of the demonstration's feeds failed, {wrong.name} with: {wrong.error}")
    return polled


def _told(polled: Polled) -> str:
    return f"{polled.feeds} feeds polled, {polled.items} new items, {polled.tagged} with a theme"


def _digest(app: App, path: Path) -> Iterator[str]:
    """Write the digest of today and tell its gist."""
    digest = pipeline.digest_of(app, app.now().astimezone(app.zone).date())
    path.write_text(app.renderer.digest_html(digest), encoding="utf-8")
    if story := _most_told(digest):
        yield f"{len(story.sources)} outlets told one story nearly word for word; people heard of it once a rule:"
        yield f"  {story.headline}"
    yield ""
    yield f"The digest of {digest.date} begins:"
    yield from (f"  {line}" for line in digest.lines)


def _most_told(digest: Digest) -> Story | None:
    """Return the story with the most reports, if one has more than one."""
    stories = [row.story for _, rows in digest.sections for row in rows if len(row.story.sources) > 1]
    return max(stories, key=lambda story: len(story.sources), default=None)


def _files(folder: Path) -> Iterator[str]:
    yield ""
    yield f"Everything is in {folder}:"
    yield from (f"  {name:<13} {what}" for name, what in FILES.items())
    yield ""
    yield f"Look around: `strait alerts list --config {shlex.quote(str(folder))}`, and `items`, `search`, `rules test`."
    yield "Next: `strait init` writes a configuration of your own, `strait run` starts watching."
