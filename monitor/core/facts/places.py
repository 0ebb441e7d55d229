"""Places that a text names, by their English names."""

from __future__ import annotations

import re
import tomllib

from classifiers.text import fold


class Places:
    """Finds the places of a table."""

    def __init__(self, toml: str) -> None:
        self._names = {
            alias: name
            for name, entry in tomllib.loads(toml).items()
            for alias in (*entry.get("en", ()), *map(fold, entry.get("zh", ())))
        }
        longest = sorted(self._names, key=len, reverse=True)
        english = "|".join(re.escape(alias) for alias in longest if alias.isascii())
        chinese = "|".join(re.escape(alias) for alias in longest if not alias.isascii())
        # The set of first letters is tried before the long list: most places in a text begin none.
        begin = re.escape("".join({alias[0] for alias in longest}))
        self._pattern = re.compile(rf"(?=[{begin}])(?:(?<![A-Za-z])(?:{english})(?![A-Za-z])|{chinese})")

    def find(self, plain: str) -> tuple[str, ...]:
        """Return the places of a plain text in the order of their first mention."""
        return tuple(dict.fromkeys(self._names[match[0]] for match in self._pattern.finditer(plain)))
