"""Addresses of items: made absolute, safe to show, and free of what only tracks readers."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_plus, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 4000
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]")
_TRACKING = re.compile(
    r"utm_\w+|at_(medium|campaign|custom\d*|link\w*|format|ptr_name|bbc_team)|ns_(campaign|mchannel|source|linkname|fee)"
    r"|fbclid|gclid|dclid|gbraid|wbraid|gclsrc|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mc_[ce]id|mkt_tok"
    r"|_hsenc|_hsmi|__s|vero_id|xtor|s_cid|s_kwcid|wt[._]mc(_\w+)?|cmpid|ncid|ocid|sr_share|guccounter|guce_\w+|spm|_ga",
    re.IGNORECASE,
)
_SOURCE = frozenset({"source", "src", "from", "ref", "partner", "emc", "cmp", "feature"})
_KEPT = "%/:=&?~#+!$,;'@()*[]._-"  # what quote leaves alone: an address that is already quoted stays as it is


def clean_url(text: str, base: str = "") -> str:
    """Return an absolute http(s) address without credentials and tracking parameters, or nothing.

    Cleaning twice changes nothing more.
    """
    if not text.strip():
        return ""  # joined to the base, it would be the page's own address
    try:
        parts = urlsplit(urljoin(base, text.strip()))
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    if parts.scheme not in _PORTS or not _HOST.fullmatch(host) or "\\" in parts.netloc:
        return ""
    netloc = host if port in {None, _PORTS[parts.scheme]} else f"{host}:{port}"
    path, query, fragment = (_quoted(part) for part in (parts.path or "/", parts.query, parts.fragment))
    url = urlunsplit((parts.scheme, netloc, path, _untracked(query), _untracked(fragment)))
    return url if len(url) <= MAX_LENGTH else ""


def bare_url(text: str) -> str:
    """Return an address fit for messages and logs: without credentials, query and fragment."""
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return "its address"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")) or "its address"


def without_login(url: str) -> str:
    """Return an address without the name and password in it."""
    scheme, slashes, rest = url.partition("://")
    end = next((at for at, sign in enumerate(rest) if sign in "/?#"), len(rest))
    return f"{scheme}{slashes}{rest[:end].rpartition('@')[2]}{rest[end:]}"


def _quoted(text: str) -> str:
    return quote(text, safe=_KEPT, errors="replace")


def _untracked(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if not _tracks(pair))


def _tracks(pair: str) -> bool:
    key, _, value = pair.partition("=")
    key = unquote_plus(key)
    return bool(_TRACKING.fullmatch(key)) or (key.lower() in _SOURCE and value.lower() in {"rss", "feed"})
