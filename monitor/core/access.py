"""How a feed is asked for, as an operator writes it: ``key=value`` words, checked, with secrets by name only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from monitor.model import Access

PLAIN = ("username", "password_env", "password_file", "proxy", "proxy_env", "proxy_file")
"""Keys that stand for themselves; ``header.NAME``, ``header_env.NAME`` and ``header_file.NAME`` name a header too."""
_HEADERS = {"header": "headers", "header_env": "headers_env", "header_file": "headers_file"}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_OURS = frozenset(
    (
        *("host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect", "accept-encoding"),
        *("user-agent", "if-none-match", "if-modified-since", "proxy-authorization"),
    )
)
_SECRET = re.compile(r"authorization|cookie|token|secret|password|api-?key|-key$", re.IGNORECASE)


def is_access(key: str) -> bool:
    """Say whether a key of ``strait feeds set`` belongs here."""
    return key in PLAIN or key.partition(".")[0] in _HEADERS


def with_words(access: Access, words: Iterable[tuple[str, str]]) -> Access:
    """Return what is said of a feed's access after these keys and values; an empty value takes a key back.

    Raises UsageError for what would be unsafe: a secret written plainly, a header that is ours to set.
    """
    for key, value in words:
        kind, _, name = key.partition(".")
        if key in PLAIN:
            said: dict[str, Any] = {key: _checked(key, value)}
            access = replace(access, **said)
        elif kind in _HEADERS and name:
            access = _with_header(access, kind, name, value)
        else:
            raise UsageError(
                f"{key}: unknown; known are {', '.join(PLAIN)} and {', '.join(f'{h}.NAME' for h in _HEADERS)}"
            )
    return _settled(access)


def words(access: Access) -> Mapping[str, str]:
    """Return the keys and values that say a feed's access."""
    plain = {key: getattr(access, key) for key in PLAIN if getattr(access, key)}
    headers = {
        f"{kind}.{name}": value for kind, part in _HEADERS.items() for name, value in getattr(access, part).items()
    }
    return plain | headers


def _checked(key: str, value: str) -> str:
    if not value.isprintable():
        raise UsageError(f"{key}: must be one line of printable characters")
    if key == "proxy" and value not in {"", "direct"}:
        _check_proxy(value)
    return value


def _check_proxy(value: str) -> None:
    try:
        parts = urlsplit(value)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
        secret = parts.username is not None or parts.password is not None
    except ValueError:
        good, secret = False, False
    if not good:
        raise UsageError('proxy: wants an address such as "http://proxy.example:3128", or "direct"')
    if secret:
        raise UsageError("proxy: holds a password; give the whole address as proxy_env=NAME or proxy_file=PATH")


def _with_header(access: Access, kind: str, name: str, value: str) -> Access:
    if not _TOKEN.fullmatch(name):
        raise UsageError(f"{kind}.{name}: this is no name of a header")
    if name.lower() in _OURS:
        raise UsageError(f"{kind}.{name}: this header is not a feed's to set")
    if kind == "header" and value and _SECRET.search(name):
        raise UsageError(
            f"{kind}.{name}: its value is a secret; give it as header_env.{name}=NAME or header_file.{name}=PATH"
        )
    parts = {part: _without(getattr(access, part), name) for part in _HEADERS.values()}
    if value:
        parts[_HEADERS[kind]][name] = _checked(kind, value)
    return replace(
        access, headers=parts["headers"], headers_env=parts["headers_env"], headers_file=parts["headers_file"]
    )


def _without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {known: value for known, value in headers.items() if known.lower() != name.lower()}


def _settled(access: Access) -> Access:
    """Refuse what contradicts itself."""
    if access.password_env and access.password_file:
        raise UsageError("give only one of password_env, password_file")
    if sum(map(bool, (access.proxy, access.proxy_env, access.proxy_file))) > 1:
        raise UsageError("give only one of proxy, proxy_env, proxy_file")
    if (access.password_env or access.password_file) and not access.username:
        raise UsageError("a password wants a username too")
    return access
