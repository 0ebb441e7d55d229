"""Themes of a user's own: what may stand in themes.toml, and who may name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from classifiers.keywords import CustomTheme
from classifiers.themes import THEMES
from config.settings import ConfigError, defaults, load, write_defaults
from config.themes import MOST_THEMES

if TYPE_CHECKING:
    from pathlib import Path

CABLES = """
[cables]
name = "Undersea cables"
keywords = ["undersea cable*", "海纜", "海纜"]
"""
RULE = """
[channels.t]
kind = "console"
[classifier]
thresholds = { cables = 0.7 }
[[rules]]
name = "Cables"
themes = ["cables", "exercises"]
channels = ["t"]
"""


def write(home: Path, themes: str, monitor: str = "") -> Path:
    """Write both files."""
    (home / "themes.toml").write_text(themes, encoding="utf-8")
    (home / "monitor.toml").write_text(monitor, encoding="utf-8")
    return home


def test_a_theme_of_ones_own_is_one_block(tmp_path: Path) -> None:
    """A name and keywords are enough; rules and thresholds may name it; it stands where it is written."""
    loaded = load(write(tmp_path, CABLES + '[coercion]\nname = "Pressure"\n', RULE), {})
    assert list(loaded.themes.items())[:2] == [("cables", "Undersea cables"), ("coercion", "Pressure")]
    assert set(loaded.themes) == {*THEMES, "cables"}
    assert loaded.custom == (CustomTheme("cables", ("undersea cable*", "海纜")),)
    assert loaded.examples == {}
    assert loaded.settings.rules[0].themes == ("cables", "exercises")


def test_all_that_may_be_said_of_it(tmp_path: Path) -> None:
    """A threshold, a description, and a file of labelled lines beside themes.toml."""
    more = CABLES + 'threshold = 0.6\ndescription = "Cuts and repairs"\nexamples = "cables.jsonl"\n'
    loaded = load(write(tmp_path, more), {})
    assert loaded.custom[0].threshold == 0.6
    assert loaded.examples == {"cables": tmp_path.resolve() / "cables.jsonl"}


@pytest.mark.parametrize(
    ("themes", "said"),
    [
        ('[sports]\nname = "x"\n', "1: sports: unknown theme; known are exercises, "),
        ('[Sports]\nname = "x"\nkeywords = ["a"]\n', "1: Sports: wants a short name of small letters"),
        ('[x]\nkeywords = ["a"]\n', "1: x.name: Field required"),
        ('[x]\nname = "X"\nkeywords = []\n', "3: x.keywords: Tuple should have at least 1 item"),
        ('[x]\nname = "X"\nkeywords = ["ok", "!!"]\n', "3: x.keywords.1: the keyword '!!' has no letter"),
        ('[x]\nname = "X"\nkeywords = "word"\n', "3: x.keywords: "),
        ('[x]\nname = "X"\nkeywords = ["a"]\nthreshold = 1\n', "4: x.threshold: Input should be less than 1"),
        ('[x]\nname = "X"\nkeywords = ["a"]\nkeyword = 1\n', "4: x.keyword: unknown key; known here are name, desc"),
        ('[coercion]\nname = "X"\nkeywords = ["a"]\n', "3: coercion.keywords: unknown key; known here are name, desc"),
        ('[rules]\nname = "X"\nkeywords = ["a"]\nkey = 1\n', "4: rules.key: unknown key; known here are name, desc"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, themes: str, said: str) -> None:
    """File, line, key and what is allowed."""
    with pytest.raises(ConfigError, match=re.escape(f"{tmp_path / 'themes.toml'}:{said}")):
        load(write(tmp_path, themes), {})


def test_one_theme_too_many_is_an_error(tmp_path: Path) -> None:
    """Each is asked of every item."""
    blocks = [f'[t{n}]\nname = "T"\nkeywords = ["a"]\n' for n in range(MOST_THEMES + 1)]
    load(write(tmp_path, "".join(blocks[:-1])), {})
    with pytest.raises(ConfigError, match=f":{3 * MOST_THEMES + 1}: t{MOST_THEMES}: is one theme too many"):
        load(write(tmp_path, "".join(blocks)), {})


def test_a_rule_for_a_theme_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """And says which themes there are, one's own among them."""
    with pytest.raises(ConfigError, match=r"unknown theme 'cables'; known are exercises.*, quakes"):
        load(write(tmp_path, '[quakes]\nname = "Quakes"\nkeywords = ["quake*"]\n', RULE), {})


def test_the_example_in_the_file_that_init_writes_works(tmp_path: Path) -> None:
    """Taken out of its comment."""
    write_defaults(tmp_path)
    text = (tmp_path / "themes.toml").read_text(encoding="utf-8")
    block = text[text.index("# [cables]") :].replace("# ", "", 1).replace("\n# ", "\n")
    assert load(write(tmp_path, block), {}).custom[0].id == "cables"
    assert defaults(tmp_path).custom == ()
