"""Read the secrets that a feed is asked for with: from the environment or from files, at each poll, never kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.model import Access, Keys


class SecretMissing(Exception):  # noqa: N818 - reads as what it says
    """A secret cannot be read; the text names where from, never the secret."""


@dataclass(frozen=True, slots=True)
class Safe:
    """Where secrets are read from."""

    environ: Mapping[str, str]
    home: Path

    def keys(self, access: Access) -> Keys:
        """Return how a feed is asked for, secrets filled in; raise :class:`SecretMissing` when one is not there."""
        headers = dict(access.headers)
        headers |= {name: self._variable(at) for name, at in access.headers_env.items()}
        headers |= {name: self._file(at) for name, at in access.headers_file.items()}
        password = self._either(access.password_env, access.password_file)
        proxy = access.proxy or self._either(access.proxy_env, access.proxy_file)
        return Keys(headers, (access.username, password) if access.username else None, proxy)

    def _either(self, variable: str, file: str) -> str:
        if variable:
            return self._variable(variable)
        return self._file(file) if file else ""

    def _variable(self, name: str) -> str:
        value = self.environ.get(name)
        if not value:
            raise SecretMissing(f"the environment variable {name} is not set")
        return _one_line(value, name)

    def _file(self, name: str) -> str:
        path = self.home / name
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise SecretMissing(f"{path} cannot be read ({error.__class__.__name__})") from None
        if not value:
            raise SecretMissing(f"{path} is empty")
        return _one_line(value, name)


def _one_line(value: str, name: str) -> str:
    """Refuse what would break out of a header."""
    if not value.isprintable():
        raise SecretMissing(f"what {name} holds is not one line of printable characters")
    return value
