"""Read ``monitor.toml`` and ``themes.toml`` once, strictly, into frozen values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, model_validator

from classifiers.keywords import CustomTheme
from classifiers.themes import THEMES
from config.channels import KINDS, Channel
from config.limits import BundlesTable, EscalateTable, QuietTable
from config.pages import PageTable
from config.sections import (
    Classification,
    Database,
    DeliveryTable,
    DigestTo,
    Fetch,
    Heartbeat,
    Retention,
    RuleTable,
    Runner,
    Schedule,
)
from config.themes import IDENT, MOST_THEMES, OwnTheme, Theme
from config.values import Section, Zone
from config.watching import SurgeTable, WatchTable

DEFAULT_FILES = ("monitor.toml", "feeds.opml", "themes.toml")


class ConfigError(Exception):
    """A setting is unknown or wrong; the text names the file, the line, the key and what is allowed."""


class Settings(Section):
    """All of the configuration."""

    timezone: Zone = ZoneInfo("Asia/Taipei")
    database: Database = Database()
    schedule: Schedule = Schedule()
    fetch: Fetch = Fetch()
    runner: Runner = Runner()
    classifier: Classification = Classification()
    retention: Retention = Retention()
    heartbeat: Heartbeat = Heartbeat()
    channels: dict[str, Channel] = Field(default_factory=dict)
    digest: DigestTo = DigestTo()
    delivery: DeliveryTable = DeliveryTable()
    quiet_hours: QuietTable = QuietTable()
    bundles: BundlesTable = BundlesTable()
    rules: tuple[RuleTable, ...] = ()
    watch: tuple[WatchTable, ...] = ()
    surge: SurgeTable = SurgeTable()
    pages: tuple[PageTable, ...] = ()

    @model_validator(mode="after")
    def _pages_differ(self) -> Settings:
        urls = [page.url for page in self.pages]
        if twice := {url for url in urls if urls.count(url) > 1}:
            raise ValueError(f"two [[pages]] have the address {min(twice)}; one page is one source")
        return self

    @model_validator(mode="after")
    def _names_meet(self) -> Settings:
        for where, names in [
            ("[digest]", self.digest.channels),
            ("[delivery]", self.delivery.tell),
            ("[surge]", self.surge.channels),
            *((f'rule "{r.name}"', r.channels) for r in self.rules),
            *((f'escalate of rule "{r.name}"', r.escalate.channels) for r in self.rules if r.escalate),
            *((f'watch "{w.name}"', w.channels) for w in self.watch),
        ]:
            if missing := [name for name in names if name not in self.channels]:
                known = ", ".join(self.channels) or "none"
                raise ValueError(
                    f"{where} names the channel {missing[0]!r}, which is not configured (there is: {known})"
                )
        rules = [rule.name for rule in self.rules]
        if twice := {name for name in rules if rules.count(name) > 1}:
            raise ValueError(f"two rules are named {min(twice)!r}; their alerts could not be told apart")
        watched = [watch.name for watch in self.watch]
        if twice := {name for name in watched if watched.count(name) > 1}:
            raise ValueError(f"two [[watch]] are named {min(twice)!r}; only one of them would be told of")
        return self


_SECRETIVE: Mapping[str, type[Section]] = {"heartbeat": Heartbeat, "database": Database, "fetch": Fetch}
_LISTS: Mapping[str, type[Section]] = {"rules": RuleTable, "watch": WatchTable, "pages": PageTable}
_PASSWORD = re.compile(r"://[^/]*:[^@]*@|[?&]password=")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration with where it came from."""

    settings: Settings
    home: Path
    themes: Mapping[str, str]
    """Theme id to the name shown, in order."""
    warnings: tuple[str, ...]
    """What works but should be changed, in words."""
    custom: tuple[CustomTheme, ...] = ()
    """The themes that the user added."""
    examples: Mapping[str, Path] = field(default_factory=dict)
    """Files of labelled lines for them."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Where feeds' own secrets are read from."""

    @property
    def database_url(self) -> str:
        """Return the database's URL with a relative SQLite path made absolute."""
        url = self.settings.database.url.get_secret_value()
        match = re.fullmatch(r"sqlite:///([^/].*)", url)
        return f"sqlite:///{self.home / match[1]}" if match and match[1] != ":memory:" else url


def load(home: Path, environ: Mapping[str, str]) -> Loaded:
    """Read the configuration of a folder; raise :class:`ConfigError` for the first thing that is wrong."""
    path = home / "monitor.toml"
    text, table = _read_toml(path)
    themes = _themes(home)
    known = tuple(dict.fromkeys((*THEMES, *themes)))
    context = {"environ": environ, "home": home, "themes": known}
    try:
        settings = Settings.model_validate(table, context=context)
    except ValidationError as error:
        raise ConfigError(_explain(path, text, error)) from None
    names = {ident: theme.name for ident, theme in themes.items()}
    own = {ident: theme for ident, theme in themes.items() if isinstance(theme, OwnTheme)}
    return Loaded(
        settings,
        home.resolve(),
        {**names, **{ident: ident for ident in THEMES if ident not in names}},
        _plain_secrets(table),
        tuple(theme.custom(ident) for ident, theme in own.items()),
        {ident: file for ident, theme in own.items() if (file := theme.lines(home.resolve()))},
        environ,
    )


def defaults(home: Path) -> Loaded:
    """Return what holds where nothing is configured."""
    themes = _read_themes(_packaged("themes.toml"), "themes.toml")
    return Loaded(Settings(), home, {ident: theme.name for ident, theme in themes.items()}, ())


def write_defaults(home: Path) -> list[Path]:
    """Write the commented default files into a folder, never over existing ones; return what was written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        written = []
        for name in DEFAULT_FILES:
            path = home / name
            if not path.exists():
                path.write_text(_packaged(name), encoding="utf-8")
                written.append(path)
    except OSError as error:
        raise ConfigError(f"{home}: cannot be written ({error.strerror}); name another folder") from error
    return written


def _packaged(name: str) -> str:
    return resources.files("config").joinpath(name).read_text(encoding="utf-8")


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; 'strait init {path.parent}' writes one") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from None


def _themes(home: Path) -> Mapping[str, Theme]:
    path = home / "themes.toml"
    if not path.exists():
        return _read_themes(_packaged("themes.toml"), "themes.toml")
    text, _ = _read_toml(path)
    return _read_themes(text, str(path))


def _read_themes(text: str, name: str) -> Mapping[str, Theme]:
    out: dict[str, Theme] = {}
    for ident, body in tomllib.loads(text).items():
        own = ident not in THEMES
        at = f"{name}:{locate(text, (ident,))}: {ident}"
        if own and not (isinstance(body, dict) and "keywords" in body):
            known = ", ".join(THEMES)
            raise ConfigError(f"{at}: unknown theme; known are {known}; one of your own needs keywords = [...]")
        if own and not IDENT.fullmatch(ident):
            raise ConfigError(f"{at}: wants a short name of small letters, digits and _, beginning with a letter")
        if own and sum(isinstance(theme, OwnTheme) for theme in out.values()) == MOST_THEMES:
            raise ConfigError(f"{at}: is one theme too many; {MOST_THEMES} of your own is the most")
        try:
            out[ident] = (OwnTheme if own else Theme).model_validate(body)
        except ValidationError as error:
            raise ConfigError(_explain(Path(name), text, error, (ident,))) from None
    return out


def _explain(path: Path, text: str, error: ValidationError, prefix: tuple[str | int, ...] = ()) -> str:
    """Say where and what the first error is: file, line, key, what is allowed; never the value, it may be secret."""
    errors = error.errors(include_url=False, include_context=True, include_input=False)
    # A misspelt key is often also a missing one; the spelling is what to mend.
    first = min(errors, key=lambda found: found["type"] != "extra_forbidden")
    where = (*prefix, *first["loc"])
    if where[0:1] == ("channels",):
        where = (*where[:2], *where[3:])  # the kind of channel is no key
    key = ".".join(str(part) for part in where)
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = f"unknown key; known here are {', '.join(_keys(where, first['loc']))}"
    if first["type"] == "union_tag_invalid":
        message = f"kind must be one of {first['ctx']['expected_tags']}"
    return f"{path}:{locate(text, where)}: {key + ': ' if key else ''}{message}"


def _keys(where: tuple[str | int, ...], found: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand in the table in which an unknown one was found; *found* tells a channel's kind."""
    table: Any = Settings
    if len(found) < len(where):  # themes.toml, where the theme's name was put before what was found
        table = Theme if where[0] in THEMES else OwnTheme
    elif where[0] in _LISTS:
        table = EscalateTable if where[2:3] == ("escalate",) else _LISTS[str(where[0])]
    elif where[0] == "channels":
        table = KINDS[str(found[2])]
    elif len(where) > 1:
        table = Settings.model_fields[str(where[0])].annotation
    secret = [f"{name}_{form}" for name in table.secrets() for form in ("env", "file")]
    return [field.alias or name for name, field in table.model_fields.items()] + secret


def locate(text: str, where: tuple[str | int, ...]) -> int:
    """Return the line, from 1, on which a key of a TOML text stands; its table's line when the key is absent."""
    parts = [part for part in where if isinstance(part, str)]
    wanted = next((part for part in where if isinstance(part, int)), 0)
    line_of, table, count, ours = 1, list[str](), -1, True
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line):
            table = [part.strip(" \"'") for part in header[2].split(".")]
            within = table == parts[: len(table)]
            count += within and header[1] == "[["
            ours = within and (header[1] == "[" or count == wanted)
            line_of = number if ours else line_of
            continue
        key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
        if ours and key and [*table, key[1]] == parts[: len(table) + 1]:
            return number
    return line_of


def _plain_secrets(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Warn of secrets that are written plainly; a database or a proxy is one when its address holds a password."""
    places = [(f"channels.{name}", body, KINDS[body["kind"]]) for name, body in table.get("channels", {}).items()]
    places += [(name, table.get(name, {}), kind) for name, kind in _SECRETIVE.items()]
    return tuple(
        f"{where}.{name} is written plainly in monitor.toml; move it to {name}_env or {name}_file"
        for where, body, kind in places
        for name in kind.secrets()
        if body.get(name) and (where not in ("database", "fetch") or _PASSWORD.search(body[name]))
    )
