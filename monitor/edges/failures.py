"""Every status that a fetch can end with, in words, and what the operator can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Failure(NamedTuple):
    """What a status means, in words, and what the operator can do about it."""

    words: str
    advice: str


FAILURES: Mapping[str, Failure] = {
    "http_401": Failure(
        "the server wants a name and password", "give them with 'strait feeds set URL username=... password_env=...'"
    ),
    "access": Failure("a secret that it is asked for with cannot be read", "see 'strait feeds set --help'"),
    "forbidden": Failure(
        "the server refuses us (403)", "ask the outlet to admit this reader, or use another feed of it"
    ),
    "http_404": Failure("there is nothing at this address (404)", "look for the feed's new address"),
    "gone": Failure("the feed was taken down for good (410)", "remove it, or look for its new address"),
    "too_many_requests": Failure("the server asks us to come less often (429)", "poll it less often"),
    "http_3xx": Failure("the server answered with a redirect that leads nowhere", "open the address in a browser"),
    "http_4xx": Failure("the server finds our request wrong", "open the address in a browser"),
    "http_5xx": Failure("the server is in trouble", "wait: it is tried again, less often each time"),
    "http_other": Failure("the server answered with an unknown code", "open the address in a browser"),
    "timeout": Failure("no complete answer in time", "wait, or raise fetch.timeout"),
    "dns": Failure("the host's name is not known", "check the address for typing errors, and the name server"),
    "connect": Failure("no connection to the host", "wait, or check that the host is up and the network works"),
    "disconnected": Failure("the server hung up without an answer", "wait: it is tried again"),
    "tls": Failure("the host cannot prove who it is (TLS)", "tell the outlet that its certificate is wrong"),
    "proxy": Failure("the proxy did not let us through", "check fetch.proxy"),
    "bad_http": Failure("the answer is not HTTP", "check the address and its port"),
    "cut_off": Failure("the answer broke off", "wait: it is tried again"),
    "bad_compression": Failure("the answer is compressed in a way that cannot be read", "tell the outlet"),
    "empty": Failure("the answer is empty", "open the address in a browser; tell the outlet"),
    "too_big": Failure("the answer is bigger than allowed", "raise fetch.max_bytes if this feed is worth it"),
    "too_many_redirects": Failure("redirects that do not end", "open the address in a browser; look for a new one"),
    "bad_scheme": Failure("the address, or a redirect, is neither http nor https", "use a web address"),
    "bad_url": Failure("the address, or a redirect, is not valid", "correct the address"),
    "refused_address": Failure(
        "the address leads into a private or reserved network", "list the range in fetch.allow_networks if it is meant"
    ),
}
"""Every status a fetch can end with; ``http_`` and a number falls back to its hundred."""


def explain(status: str) -> Failure:
    """Return what a status means and what to do."""
    hundred = f"{status[:6]}xx"
    return FAILURES.get(status) or FAILURES.get(hundred) or FAILURES["http_other"]
