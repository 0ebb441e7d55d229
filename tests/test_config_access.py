"""Where a feed's secrets are read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.access import Safe, SecretMissing
from monitor.model import Access, Keys

if TYPE_CHECKING:
    from pathlib import Path


def test_secrets_are_filled_in(tmp_path: Path) -> None:
    """From variables and from files beside the configuration; what is plain stays."""
    (tmp_path / "cookie").write_text("c=1\n", encoding="utf-8")
    access = Access({"X-A": "a"}, {"X-B": "B"}, {"Cookie": "cookie"}, "u", "P", proxy_env="PROXY")
    keys = Safe({"B": "b", "P": "p", "PROXY": "http://u:p@proxy"}, tmp_path).keys(access)
    assert keys == Keys({"X-A": "a", "X-B": "b", "Cookie": "c=1"}, ("u", "p"), "http://u:p@proxy")
    assert Safe({}, tmp_path).keys(Access()) == Keys()
    assert Safe({}, tmp_path).keys(Access(username="token")) == Keys(login=("token", ""))


@pytest.mark.parametrize(
    ("access", "says"),
    [
        (Access(username="u", password_env="NO"), "the environment variable NO is not set"),
        (Access(username="u", password_file="no"), "no cannot be read"),
        (Access(username="u", password_file="."), "cannot be read"),
        (Access(username="u", password_file="empty"), "is empty"),
        (Access(headers_env={"X-A": "LINES"}), "LINES holds is not one line"),
        (Access(proxy_file="bytes"), "bytes cannot be read"),
    ],
)
def test_a_secret_that_is_not_there(tmp_path: Path, access: Access, says: str) -> None:
    """The error says where it was looked for, and never the secret."""
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(SecretMissing, match=says) as caught:
        Safe({"LINES": "s3cret\r\nX: y"}, tmp_path).keys(access)
    assert "s3cret" not in str(caught.value)
