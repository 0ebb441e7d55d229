"""Read ``monitor.toml`` and ``themes.toml`` once, strictly, into frozen values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, ValidationInfo, model_validator

from classifiers.keywords import CustomTheme
from classifiers.themes import THEMES
from config.bounds import Bounds
from config.channels import KINDS, Channel
from config.limits import BundlesTable, EscalateTable, QuietTable
from config.pages import PageTable
from config.themes import IDENT, MOST_THEMES, OwnTheme, Theme
from config.values import Clock, Duration, Network, Pause, Section, Size, Zone, one_line
from config.watching import SurgeTable, WatchTable
from monitor.model import CHANGES, Change, Kind, Rule, Severity

DEFAULT_FILES = ("monitor.toml", "feeds.opml", "themes.toml")


class ConfigError(Exception):
    """A setting is unknown or wrong; the text names the file, the line, the key and what is allowed."""


def _known(where: str, themes: Any, info: ValidationInfo) -> None:
    known = (info.context or {}).get("themes", THEMES)
    for theme in themes:
        if theme not in known:
            raise ValueError(f"{where} names the unknown theme {theme!r}; known are {', '.join(known)}")


class Database(Section):
    """Where state is kept."""

    url: SecretStr = SecretStr("sqlite:///strait.db")

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that may hold a password."""
        return ("url",)


class Schedule(Section):
    """When things are done."""

    tick: Pause = timedelta(seconds=30)
    poll_default: Pause = timedelta(minutes=15)
    poll_min: Pause = timedelta(minutes=5)
    poll_max: Pause = timedelta(hours=24)
    digest: Clock = time(8)

    @model_validator(mode="after")
    def _ordered(self) -> Schedule:
        if not self.poll_min <= self.poll_default <= self.poll_max:
            raise ValueError("poll_min, poll_default and poll_max must not decrease in this order")
        return self


class Fetch(Section):
    """How feeds are asked for."""

    timeout: Pause = timedelta(seconds=20)
    max_bytes: Size = 10_000_000
    per_host: int = Field(default=2, ge=1, le=64)
    per_host_gap: Duration = timedelta(seconds=1)
    allow_networks: tuple[Network, ...] = ()
    contact: Annotated[str, AfterValidator(one_line)] = ""
    proxy: SecretStr = SecretStr("")

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that may hold a password."""
        return ("proxy",)


class Runner(Section):
    """Where jobs run."""

    kind: Literal["inline", "threads"] = "threads"


class Classification(Section):
    """What overrides the trained classifier."""

    thresholds: dict[str, Annotated[float, Field(gt=0, lt=1)]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known_themes(self, info: ValidationInfo) -> Classification:
        _known("thresholds", self.thresholds, info)
        return self


class Retention(Section):
    """How long items are kept."""

    items: Pause = timedelta(days=400)
    items_untagged: Pause = timedelta(days=60)


class Heartbeat(Section):
    """A dead-man's switch: an address called while all is well."""

    url: SecretStr = SecretStr("")
    every: Pause = timedelta(minutes=5)
    allow_private: bool = False

    @classmethod
    def secrets(cls) -> tuple[str, ...]:
        """Return the field that holds a token."""
        return ("url",)


class DigestTo(Section):
    """Who gets the digest."""

    channels: tuple[str, ...] = ()


class DeliveryTable(Section):
    """What is done about channels that fail."""

    tell: Annotated[tuple[str, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value)] = ()
    """Over which channels people hear of another one's failing: the first that works itself."""
    tell_after: Pause = timedelta(minutes=30)


class RuleTable(Section):
    """A rule as it is written."""

    name: str = Field(min_length=1, max_length=100)
    themes: tuple[str, ...] = ()
    min_score: float | None = Field(None, ge=0, le=1)
    keywords: tuple[str, ...] = ()
    not_keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    languages: tuple[str, ...] = ()
    min_publishers: int = Field(1, ge=1)
    or_official: bool = False
    max_age: Pause = timedelta(days=3)
    repeat: Duration = timedelta(hours=6)
    updates: tuple[Change, ...] = CHANGES
    severity: Severity = "normal"
    channels: tuple[str, ...] = Field(min_length=1)
    facts: Bounds = ()
    escalate: EscalateTable | None = None

    @model_validator(mode="after")
    def _known_themes(self, info: ValidationInfo) -> RuleTable:
        _known("themes", self.themes, info)
        return self

    def rule(self) -> Rule:
        """Return the rule as a value of the program."""
        return Rule(**dict(self) | {"escalate": self.escalate.escalation() if self.escalate else None})


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
