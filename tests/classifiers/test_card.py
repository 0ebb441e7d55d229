from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest

import classifiers
from classifiers import THEMES, Classifier, Item
from classifiers.card import CARD, MEASURED, TEMPLATE, CardError, block, card, main
from classifiers.evaluate import evaluate

DOCS = Path(classifiers.__file__).parent.parent / "docs"
FAILURES = """
[[failures]]
what = "Nothing is meant"
title = "Bakery opens"
themes = ["coercion"]

[[failures]]
what = "All is well"
title = "A goose crossed the road"
summary = "It did so slowly | alone."
themes = []
"""


@pytest.fixture
def docs(tmp_path: Path, builtin: Classifier, few: list[Item]) -> Path:
    """Return a folder with a template that asks for every part, and figures measured on a part of the corpus."""
    parts = ("version", "items", "coverage", "thin", "cross_validated", "measured", "wild", "failures")
    (tmp_path / TEMPLATE).write_text("\n\n".join(f"{part}: {{{{{part}}}}}" for part in parts), encoding="utf-8")
    report = evaluate(few, builtin.score([item.text for item in few]), draws=20)
    text = block(report, builtin.version, 'a "set"', "2026-05-01") + FAILURES
    (tmp_path / MEASURED).write_text(text, encoding="utf-8")
    return tmp_path


def test_every_part_is_filled_in(docs: Path, builtin: Classifier, few: list[Item]) -> None:
    """Version, coverage, figures of the corpus and elsewhere, base rate, failures: nothing stays blank."""
    text = card(docs, builtin, few)
    assert "{{" not in text
    assert f"version: `{builtin.version}`" in text
    assert f"items: {len(few):,}" in text
    assert '### a "set"' in text
    assert "2026-05-01, this model: `strait evaluate FILE`" in text
    for theme in THEMES:
        assert f"| `{theme}` | {builtin.meta['base_rates'][theme]:.3f} |" in text
    assert "| Nothing is meant | “Bakery opens” | `coercion` | nothing |" in text
    assert (
        "| All is well | “A goose crossed the road / It did so slowly \\| alone.” | nothing | nothing: mended |" in text
    )


def test_rarity_lowers_what_a_probability_is_worth(docs: Path, builtin: Classifier, few: list[Item]) -> None:
    """By the odds of the base rates; certainty suffers least."""
    text = card(docs, builtin, few)
    measured = tomllib.loads((docs / MEASURED).read_text(encoding="utf-8"))["measured"][0]
    rate, wild = measured["tagged"] / measured["items"], 1 / 150
    odds = 9 * (wild / (1 - wild)) / (rate / (1 - rate))
    assert f"| 0.9 | {odds / (1 + odds):.2f} |" in text


def test_figures_of_an_earlier_model_are_called_so(docs: Path, builtin: Classifier, few: list[Item]) -> None:
    """What was measured before the model changed stays, under its own version."""
    text = (docs / MEASURED).read_text(encoding="utf-8").replace(builtin.version, "0123456789ab")
    (docs / MEASURED).write_text(text, encoding="utf-8")
    assert "an earlier model, `0123456789ab`" in card(docs, builtin, few)


def test_nothing_measured_is_a_card_too(docs: Path, builtin: Classifier, few: list[Item]) -> None:
    """Without figures from elsewhere the tables are empty."""
    (docs / MEASURED).write_text("", encoding="utf-8")
    assert "promised" in card(docs, builtin, few)


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        (TEMPLATE, "{{nothing}}", r"unknown \{\{nothing\}\}; one of version"),
        (TEMPLATE, None, "cannot be read"),
        (MEASURED, "[[", MEASURED),
        (MEASURED, '[[measured]]\nname = "x"', r"\[\[measured\]\] number 1 lacks command"),
        (MEASURED, '[[failures]]\ntitle = "x"', r"\[\[failures\]\] number 1 lacks themes, what"),
    ],
)
def test_a_fault_is_named(
    docs: Path, builtin: Classifier, few: list[Item], *, file: str, content: str | None, reason: str
) -> None:
    """The file and what is wrong with it."""
    (docs / file).unlink()
    if content is not None:
        (docs / file).write_text(content, encoding="utf-8")
    with pytest.raises(CardError, match=reason):
        card(docs, builtin, few)


def test_the_command_writes_checks_and_measures(
    docs: Path, tmp_path: Path, few: list[Item], capsys: pytest.CaptureFixture[str]
) -> None:
    """A card is stale until it is written; a fault ends with exit code 1; figures are printed as a block."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    keys = ("id", "lang", "title", "summary", "themes", "note")
    lines = [json.dumps({key: getattr(item, key) for key in keys}) for item in few[:50]]
    (corpus / "x.jsonl").write_text("\n".join(lines), encoding="utf-8")
    places = ["--docs", str(docs), "--corpus", str(corpus)]
    assert main(["--check", *places]) == 1
    assert main(places) == 0
    assert main(["--check", *places]) == 0
    assert "up to date" in capsys.readouterr().out
    (docs / CARD).write_text("changed", encoding="utf-8")
    assert main(["--check", *places]) == 1
    (docs / TEMPLATE).unlink()
    assert main(places) == 1
    assert "cannot be read" in capsys.readouterr().err
    assert main(["--measure", str(corpus / "x.jsonl"), "--name", "n", "--date", "2026-05-01"]) == 0
    found = tomllib.loads(capsys.readouterr().out)["measured"][0]
    assert (found["items"], found["name"]) == (50, "n")
    assert len(found["themes"]["exercises"]["f1"]) == 3


def test_the_shipped_template_and_figures_make_a_card(tmp_path: Path, builtin: Classifier, few: list[Item]) -> None:
    """Whatever model and corpus are."""
    for name in (TEMPLATE, MEASURED):
        shutil.copy(DOCS / name, tmp_path)
    text = card(tmp_path, builtin, few)
    for heading in ("What it is for", "Data", "Figures", "Calibration", "Known failures", "Limits", "How to reproduce"):
        assert f"## {heading}" in text
