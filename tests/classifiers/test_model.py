from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers import CORE, THEMES, Classifier, Text

CLEAR = [
    ("Taiwan reports 30 Chinese warplanes crossing the median line", {"exercises"}),
    ("US approves $2 billion arms sale of Harpoon missiles to Taiwan", {"arms_sales"}),
    ("White House says its one-China policy and strategic ambiguity on Taiwan are unchanged", {"us_policy"}),
    ("國防部：共機16架次逾越海峽中線", {"exercises"}),
    ("美国国务院批准对台军售，出售鱼叉导弹", {"arms_sales"}),
    ("Magnitude 6 earthquake shakes Hualien, no damage reported", set()),
    ("NATO warships begin Baltic drill", set()),
    ("Local bakery wins prize for sourdough", set()),
]


@pytest.mark.parametrize(("title", "core"), CLEAR)
def test_clear_headlines_are_tagged(builtin: Classifier, title: str, core: set[str]) -> None:
    """What anyone would say of a plain headline, the shipped model says."""
    (scored,) = builtin.score([Text(title)])
    assert set(scored.themes) & set(CORE) == core


ORDINARY = (
    "Taipei mayor on the budget cut for parks",
    "Taipei mayor on reserves of water",
    "Taipei mayor on tax relief for families",
    "Taipei mayor on duty during the storm",
    "Four months of rain in Keelung",
    "Taipei to recruit bus drivers",
    "Kaohsiung: sale of used cars falls",
    "Hualien shelter takes in stray dogs",
    "Governor of Taiwan's central bank on GDP",
    "客運駕駛荒 花蓮三路線減班 業者加薪仍招不到人",
    "台北市長談急救訓練",
    "台東農會加薪搶人",
)


@pytest.mark.parametrize("title", ORDINARY)
def test_a_plain_word_beside_the_name_of_a_place_is_no_theme(builtin: Classifier, title: str) -> None:
    """What towns, firms and banks of Taiwan do all day alarms nobody."""
    (scored,) = builtin.score([Text(title)])
    assert scored.themes == ()


def test_every_theme_has_a_probability_and_the_decided_come_first(builtin: Classifier) -> None:
    """Scores cover all themes; decided themes are those over their threshold, most probable first."""
    for scored in builtin.score([Text(title) for title, _ in CLEAR]):
        assert tuple(scored.scores) == THEMES
        assert all(0 <= p <= 1 for p in scored.scores.values())
        assert set(scored.themes) == {t for t, p in scored.scores.items() if p >= builtin.thresholds[t]}
        assert list(scored.themes) == sorted(scored.themes, key=lambda t: -scored.scores[t])


def test_reasons_can_be_checked_against_the_text(builtin: Classifier) -> None:
    """Each decided theme has up to eight reasons with positive weights, whose quoted words stand in the text."""
    title = "US approves arms sale of Harpoon missiles to Taiwan"
    (scored,) = builtin.score([Text(title)])
    assert set(scored.reasons) == set(scored.themes)
    reasons = scored.reasons["arms_sales"]
    assert 0 < len(reasons) <= 8
    assert all(weight > 0 for _, weight in reasons)
    for text, _ in reasons:
        assert all(word.lower() in title.lower() for word in re.findall("“(.*?)”", text))


def test_thresholds_can_be_given(builtin: Classifier) -> None:
    """A threshold over the score undecides a theme, one below decides it; others keep their own."""
    text = [Text(CLEAR[0][0])]
    assert "exercises" not in builtin.score(text, thresholds={"exercises": 1.01})[0].themes
    assert "trade_chips" in builtin.score(text, thresholds={"trade_chips": 0.0})[0].themes
    assert "exercises" in builtin.score(text, thresholds={"trade_chips": 0.0})[0].themes


def test_a_whole_article_gets_each_of_its_themes(builtin: Classifier) -> None:
    """Paragraphs are judged one by one, so that what comes late in a text is found."""
    body = (
        "Fighter jets of the People's Liberation Army crossed the median line again on Monday, and warships began "
        "drills around the island, its defence ministry said.\n\n"
        "A week earlier the Pentagon had notified Congress of a possible sale of HIMARS rocket launchers and "
        "F-16 spare parts to Taipei, worth 700 million dollars, by Lockheed Martin.\n\n"
        "President Biden told reporters that the one-China policy stands, and that America would help to defend "
        "Taiwan under the Taiwan Relations Act. Strategic ambiguity is not what he offered."
    )
    head, whole = builtin.score([Text("A long week in Taipei"), Text("A long week in Taipei", text=body)])
    assert not set(head.themes) & set(CORE)
    assert set(CORE) <= set(whole.themes)
    assert whole.reasons["arms_sales"]


def test_scope_spreads_through_an_article_but_not_from_nowhere(builtin: Classifier) -> None:
    """The same drill paragraph counts in an article that names Taiwan, and less in one that does not."""
    drill = "Warships fired live ammunition in a drill at dawn."
    here = Text("", text=f"{drill}\n\n{'nothing new ' * 60}.\n\nTaiwan watches the PLA.")
    there = Text("", text=f"{drill}\n\n{'nothing new ' * 60}.\n\nSweden watches the sea.")
    near, far = builtin.score([here, there])
    assert near.scores["exercises"] > far.scores["exercises"]


def test_batches_do_not_change_answers(builtin: Classifier) -> None:
    """A text is judged alike alone and among others, and no texts give no answers."""
    texts = [Text(title, text="Body. " * 30 if n % 2 else "") for n, (title, _) in enumerate(CLEAR)]
    together = builtin.score(texts)
    alone = [builtin.score([text])[0] for text in texts]
    assert [s.themes for s in together] == [s.themes for s in alone]
    assert all(a.scores == pytest.approx(b.scores, abs=1e-6) for a, b in zip(together, alone, strict=True))
    assert builtin.score([]) == []


@pytest.mark.parametrize(
    "raw",
    ["", " ", "🎈🛩️🚢", "مناورات عسكرية", "\x00\xff\x1b[0m", "<div><p></p></div>", "x" * 2_000_000, "Ελλάδα", "。。。"],
)
def test_odd_input_gets_low_probabilities(builtin: Classifier, raw: str) -> None:
    """Empty, binary, emoji, right-to-left, enormous or marked-up text is answered, and nothing is decided."""
    (scored,) = builtin.score([Text(raw, raw, raw)])
    assert scored.themes == ()
    assert max(scored.scores.values()) < 0.1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=st.text(max_size=80), summary=st.text(max_size=200), body=st.text(max_size=400))
def test_no_text_breaks_the_classifier(builtin: Classifier, title: str, summary: str, body: str) -> None:
    """Any text whatever is answered with probabilities."""
    (scored,) = builtin.score([Text(title, summary, body)])
    assert all(0 <= p <= 1 for p in scored.scores.values())
