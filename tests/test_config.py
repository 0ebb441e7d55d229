"""The configuration: one bad file a rule, secrets that stay secret, defaults that load."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import DEFAULT_FILES, ConfigError, defaults, load, locate, write_defaults
from config.values import clock, duration, size
from monitor.model import Bound, Rule

FILES = sorted((Path(__file__).parent / "data" / "config").glob("*.toml"))
GOOD = [path for path in FILES if path.name.startswith("good-")]
BAD = [path for path in FILES if path not in GOOD]
NAMES = ":2: coercion.names: unknown key; known here are name"
SECTIONS = ("database", "schedule", "fetch", "runner", "classifier", "retention", "heartbeat", "digest")
KEYS = (
    "url",
    "url_env",
    "url_file",
    "tick",
    "timeout",
    "max_bytes",
    "proxy",
    "kind",
    "thresholds",
    "items",
    "channels",
)
anything = st.recursive(
    st.text(max_size=8) | st.integers() | st.floats() | st.booleans() | st.sampled_from(["3d", "08:00", "slack", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)


def write(home: Path, text: str) -> Path:
    """Write a configuration."""
    (home / "monitor.toml").write_text(text, encoding="utf-8")
    return home


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_what_is_wrong_is_named(path: Path, tmp_path: Path) -> None:
    """File, line, key and what is allowed, as the file's first line expects."""
    text = path.read_text(encoding="utf-8")
    expected = text.splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), {})
    where = f"{tmp_path / 'monitor.toml'}:"
    assert str(caught.value).startswith(where)
    assert expected in str(caught.value)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_what_is_right_loads(path: Path, tmp_path: Path) -> None:
    """Without a word."""
    assert load(write(tmp_path, path.read_text(encoding="utf-8")), {}).warnings == ()


@given(st.dictionaries(st.sampled_from((*SECTIONS, "rules", "timezone", "other")), anything, max_size=3))
def test_whatever_stands_there_is_a_configuration_or_an_error_in_words(table: dict[str, object]) -> None:
    """Never another exception; the file and a line are named."""
    with TemporaryDirectory() as home:
        try:
            load(write(Path(home), "".join(f"{key} = {toml(value)}\n" for key, value in table.items())), {})
        except ConfigError as error:
            assert re.match(r".*monitor\.toml:\d+: ", str(error), re.DOTALL)  # noqa: PT017 - no other kind is raised


def toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08X}" for letter in value if not "\ud800" <= letter <= "\udfff") + '"'
    return str(value).lower()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing one tells how to write it; one that is no text says so."""
    with pytest.raises(ConfigError, match="strait init"):
        load(tmp_path, {})
    (tmp_path / "monitor.toml").write_bytes(b"timezone = \xff")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(tmp_path, {})
    (tmp_path / "monitor.toml").unlink()
    (tmp_path / "monitor.toml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path, {})


def test_defaults_are_written_once_and_load(tmp_path: Path) -> None:
    """What init writes is what holds without it, apart from its terminal channel and rules."""
    home = tmp_path / "new" / "home"
    assert [path.name for path in write_defaults(home)] == list(DEFAULT_FILES)
    written = load(home, {}).settings
    bare = defaults(home).settings
    assert written.model_copy(update={"channels": {}, "rules": (), "digest": bare.digest}) == bare
    (home / "monitor.toml").write_text("# mine", encoding="utf-8")
    assert write_defaults(home) == []
    assert (home / "monitor.toml").read_text(encoding="utf-8") == "# mine"


def test_only_what_is_missing_is_written(tmp_path: Path) -> None:
    """A file of one's own stays, the others come."""
    (tmp_path / "feeds.opml").write_text("mine", encoding="utf-8")
    assert [path.name for path in write_defaults(tmp_path)] == ["monitor.toml", "themes.toml"]
    assert (tmp_path / "feeds.opml").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_defaults(tmp_path / "file")


def test_a_rule_becomes_a_value(tmp_path: Path) -> None:
    """Durations are durations, names are tuples."""
    rule = '[[rules]]\nname = "a"\nthemes = ["exercises"]\nrepeat = "6h"\nchannels = ["t"]\n'
    text = f'[channels.t]\nkind = "console"\n{rule}facts = {{ aircraft = ">= 1,200" }}\n'
    (table,) = load(write(tmp_path, text), {}).settings.rules
    facts = (Bound("aircraft", ">=", 1200.0),)
    assert table.rule() == Rule("a", ("exercises",), repeat=timedelta(hours=6), channels=("t",), facts=facts)


@pytest.mark.parametrize("way", ["plain", "env", "file"])
def test_a_secret_may_be_given_three_ways_and_is_never_shown(tmp_path: Path, way: str) -> None:
    """Plainly with a warning, by the environment, by a file beside the configuration."""
    line = {
        "plain": 'webhook_url = "https://s3cret.example"',
        "env": 'webhook_url_env = "HOOK"',
        "file": 'webhook_url_file = "hook"',
    }[way]
    (tmp_path / "hook").write_text("https://s3cret.example\n", encoding="utf-8")
    loaded = load(write(tmp_path, f'[channels.d]\nkind = "slack"\n{line}\n'), {"HOOK": "https://s3cret.example"})
    channel = loaded.settings.channels["d"]
    assert channel.kind == "slack"
    assert channel.webhook_url.get_secret_value() == "https://s3cret.example"
    assert "s3cret" not in repr(loaded)
    assert bool(loaded.warnings) is (way == "plain")


def test_one_channel_to_tell_may_stand_alone(tmp_path: Path) -> None:
    """Without brackets."""
    text = '[channels.t]\nkind = "console"\n[delivery]\ntell = "t"\n'
    assert load(write(tmp_path, text), {}).settings.delivery.tell == ("t",)


@pytest.mark.parametrize(
    "text",
    [
        'kind = "slack"\ntoken_env = "SECRET"\nchannel = "#desk"',
        'kind = "apprise"\nurl_env = "SECRET"',
    ],
)
def test_tokens_of_channels_are_secrets(tmp_path: Path, text: str) -> None:
    """From the environment without a warning, and never shown."""
    loaded = load(write(tmp_path, f"[channels.d]\n{text}\n"), {"SECRET": "s3cret"})
    assert loaded.warnings == ()
    assert "s3cret" not in repr(loaded)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[heartbeat]\nurl = "https://h.example/s3cret"', "heartbeat.url"),
        ('[fetch]\nproxy = "http://u:s3cret@p.example:3128"', "fetch.proxy"),
        ('[database]\nurl = "postgresql+psycopg://u:s3cret@d.example/x"', "database.url"),
        ('[database]\nurl = "postgresql+psycopg:///x?host=d&password=s3cret"', "database.url"),
        ('[channels.d]\nkind = "webhook"\nurl = "https://h.example"\nsecret_env = "KEY"', "channels.d.url"),
        ('[fetch]\nproxy = "http://p.example:3128"', None),
        ('[database]\nurl = "sqlite:///x.db"', None),
        ('[database]\nurl_env = "DB"', None),
    ],
)
def test_secrets_that_are_written_plainly_are_warned_of(tmp_path: Path, text: str, place: str | None) -> None:
    """An address of a database or a proxy is a secret when it holds a password."""
    loaded = load(write(tmp_path, text), {"KEY": "s3cret", "DB": "postgresql+psycopg://u:s3cret@d/x"})
    assert [warning.split()[0] for warning in loaded.warnings] == ([place] if place else [])
    assert "s3cret" not in repr(loaded)


def test_an_error_shows_no_value(tmp_path: Path) -> None:
    """What is wrong may be a secret."""
    text = (
        '[channels.d]\nkind = "email"\nhost = "h"\nfrom = "a@b.example"\nto = ["a@b.example"]\npassword = ["s3cret"]\n'
    )
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text), {})
    assert "s3cret" not in str(caught.value)


def test_the_database_is_relative_to_the_file(tmp_path: Path) -> None:
    """A relative SQLite path belongs to the folder; all else is as written."""
    assert load(write(tmp_path, ""), {}).database_url == f"sqlite:///{tmp_path.resolve()}/strait.db"
    url = "postgresql+psycopg://a@b/c"
    assert load(write(tmp_path, '[database]\nurl_env = "DB"\n'), {"DB": url}).database_url == url


def test_themes_can_be_renamed_but_not_invented(tmp_path: Path) -> None:
    """Their order is the digest's; an unknown one, or an unknown key, is an error with its line."""
    write(tmp_path, "")
    themes = tmp_path / "themes.toml"
    themes.write_text('[coercion]\nname = "Pressure"\n', encoding="utf-8")
    assert next(iter(load(tmp_path, {}).themes.items())) == ("coercion", "Pressure")
    for text, said in (
        ("coercion = 3\n", ":1: coercion: "),
        ('[sports]\nname = "x"\n', ":1: sports: unknown theme"),
        ("[coercion]\nnames = 1\n", NAMES),
    ):
        themes.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError, match=re.escape(f"{themes}{said}")):
            load(tmp_path, {})


@given(st.integers(1, 5000), st.sampled_from("smhdw"))
def test_durations(count: int, unit: str) -> None:
    """A number and a unit, with or without a blank."""
    seconds = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}[unit]
    assert duration(f"{count}{unit}") == duration(f"{count} {unit}") == timedelta(seconds=count * seconds)


@given(st.integers(1, 10**9), st.sampled_from([("B", 1), ("KB", 1000), ("MB", 10**6), ("GB", 10**9)]))
def test_sizes(count: int, unit: tuple[str, int]) -> None:
    """A number and a decimal unit, with or without a blank; a number alone is bytes."""
    assert size(f"{count}{unit[0]}") == size(f"{count} {unit[0]}") == int(float(count) * unit[1])
    assert size(count) == count


@given(st.times().map(lambda moment: moment.replace(second=0, microsecond=0)))
def test_clocks(moment: time) -> None:
    """Hours and minutes, as text or as TOML's own."""
    assert clock(f"{moment:%H:%M}") == clock(moment) == moment


@pytest.mark.parametrize(
    "value", ["9" * 400 + " MB", "9" * 400 + "d", "9000000d", False, True, "24:00", "8", "-1s", "١"]
)
def test_too_large_or_of_another_kind(value: object) -> None:
    """Refused in words, whichever reads it."""
    for read in (duration, size, clock):
        with pytest.raises(ValueError, match=r"wants|longer"):
            read(value)


@given(st.text() | st.integers() | st.none() | st.floats())
def test_anything_else_is_a_value_error(value: object) -> None:
    """Never another exception."""
    for read in (duration, size, clock):
        try:
            read(value)
        except ValueError as error:
            assert str(error)  # noqa: PT017 - the point is that no other kind is raised


def test_sizes_and_clocks() -> None:
    """Decimal units; hours and minutes."""
    assert (size("10 MB"), size("1.5KB"), size(7)) == (10_000_000, 1500, 7)
    assert (clock("8:05"), clock("23:59"), clock(time(1))) == (time(8, 5), time(23, 59), time(1))
    assert duration("0") == timedelta(0)


def test_a_key_is_found_in_the_right_table() -> None:
    """The second of two like tables, an absent key, a key that stands nowhere."""
    text = '[[rules]]\nname = "a"\n[[rules]]\nname = "b"\n[fetch]\ntimeout = "1s"\n'
    assert locate(text, ("rules", 1, "name")) == 4
    assert locate(text, ("rules", 1, "themes")) == 3
    assert locate(text, ("fetch", "timeout")) == 6
    assert locate(text, ("nowhere",)) == 1
