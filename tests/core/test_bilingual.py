"""The line in the other language: theme, actors and facts."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import css_inline
import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import NOON, article, story

from classifiers.themes import THEMES
from monitor.app import bilingual, templates
from monitor.core.bilingual import ACTORS, Bilingual, other
from monitor.core.facts import KINDS
from monitor.core.facts.agreed import agree
from monitor.core.render import Look, Renderer, environment
from monitor.core.stories.lexicon import ACTORS as KINDS_OF_ACTORS
from monitor.core.stories.lexicon import kind, lexicon
from monitor.model import Alert, Fact, Said, Story

NAMES = {"exercises": "Military exercises and activity"}
LOOK = Look(ZoneInfo("Asia/Taipei"), NAMES, css_inline.inline, bilingual())
ENGLISH = "Taiwan's defense ministry detects 45 Chinese warplanes near the island"
CHINESE = "國防部：偵獲共機45架次 28架次逾越海峽中線"
COUNTED = (
    Said("Daily", Fact("aircraft", 45)),
    Said("Daily", Fact("crossings", 28)),
    Said("Daily", Fact("vessels", 7)),
)


def alert(title: str, lang: str = "", facts: tuple[Said, ...] = COUNTED, **changes: object) -> Alert:
    """Return an alert about a story with this headline."""
    told = story(article(title, lang=lang))
    return Alert("Drills", "high", replace(told, **changes), "exercises", 0.9, "first", 1, NOON, (), facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "lang", "line"),
    [
        (
            CHINESE,
            "zh-Hant",
            "Military exercises and activity · defence ministry · 45 aircraft, 28 across the median line, 7 ships",
        ),
        (ENGLISH, "en", "軍事演習與動態 · 台灣國防部 · 45架次軍機、28架次逾越中線、7艘軍艦"),
        (ENGLISH, "en-GB", "軍事演習與動態 · 台灣國防部 · 45架次軍機、28架次逾越中線、7艘軍艦"),
    ],
)
def test_the_line_says_theme_actors_and_facts(title: str, lang: str, line: str) -> None:
    """In Chinese under an English headline, in English under a Chinese one."""
    told = alert(title, lang)
    assert LOOK.bilingual.line(told.story, told.theme, agree(told.facts), NAMES) == line


@pytest.mark.parametrize(
    ("lang", "headline", "tongue"),
    [
        ("en", "x", "zh"),
        ("EN-us", "x", "zh"),
        ("zh", "x", "en"),
        ("zh-Hans", "x", "en"),
        ("ja", "x", "en"),
        ("", "軍演", "en"),
        ("", "Drill", "zh"),
    ],
)
def test_which_language_is_the_other_one(lang: str, headline: str, tongue: str) -> None:
    """As declared, else as the headline is written."""
    assert other(replace(story(), lang=lang, headline=headline)) == tongue


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        (Fact("aircraft", 45, approx=True, low=45), "至少45架次軍機"),
        (Fact("aircraft", 45, approx=True, high=45), "至多45架次軍機"),
        (Fact("aircraft", 45, approx=True), "約45架次軍機"),
        (Fact("missiles", 9, low=9, high=11), "9至11枚飛彈"),
        (Fact("official_ships", 2), "2艘公務船"),
        (Fact("drones", 3), "3架無人機"),
        (Fact("balloons", 4), "4顆氣球"),
        (Fact("personnel", 9_000), "9,000名官兵"),
        (Fact("percent_gdp", 3.32), "占GDP 3.32%"),
        (Fact("duration", 2, unit="months"), "2個月"),
        (Fact("money", 11_000_000_000, currency="USD", about="arms_sale"), "110億美元（軍售）"),
        (Fact("money", 1_250_000_000_000, currency="TWD", about="budget"), "新台幣1.25兆元（預算）"),
        (Fact("money", 350_000, currency="CHF", about="other"), "35萬 CHF"),
        (Fact("weapon", 66, system="F-16"), "F-16×66"),
        (Fact("weapon", 29, system="HIMARS"), "海馬士×29"),
        (Fact("weapon", None, system="Shandong"), "山東艦"),
        (Fact("weapon", None, system="J-20"), "J-20"),
    ],
)
def test_facts_as_chinese_says_them(fact: Fact, said: str) -> None:
    """Measure words, bounds, sums by 萬, 億 and 兆; a weapon without a number is named."""
    assert LOOK.bilingual.facts(agree([Said("Daily", fact)])) == [said]


def test_reports_that_differ_give_a_range() -> None:
    """As in English."""
    said = (Said("Daily", Fact("aircraft", 45)), Said("Evening", Fact("aircraft", 43)))
    assert LOOK.bilingual.facts(agree(said)) == ["43至45架次軍機"]


@given(
    st.sampled_from(KINDS),
    st.none() | st.floats(0, 1e13, allow_nan=False),
    st.text(max_size=9),
    st.sampled_from(["USD", "XXX", ""]),
)
def test_any_fact_is_said(kind: str, value: float | None, word: str, currency: str) -> None:
    """Or left out when nothing is known of it; never an error."""
    fact = Fact(kind, value, system=word, unit=word, about=word, currency=currency)
    assert all(LOOK.bilingual.facts(agree([Said("Daily", fact)])))


def test_a_name_of_the_operator_is_kept_in_its_language() -> None:
    """A renamed theme reads as renamed where its name is in the language of the line; a theme of one's own too."""
    told = alert(ENGLISH, "en", ())
    assert LOOK.bilingual.line(told.story, told.theme, (), {"exercises": "共軍動態"}).startswith("共軍動態")
    assert LOOK.bilingual.line(told.story, "cables", (), {"cables": "Undersea cables"}).startswith("Undersea")
    chinese = alert(CHINESE, "zh", ())
    assert LOOK.bilingual.line(chinese.story, chinese.theme, (), {"exercises": "PLA drills"}).startswith("PLA drills")


def test_what_is_not_known_is_left_out() -> None:
    """No actors, no facts, no table."""
    bare = alert("Drill", "en", (), signatures=())
    assert LOOK.bilingual.line(bare.story, bare.theme, (), NAMES) == "軍事演習與動態"
    assert Bilingual().line(bare.story, bare.theme, (), NAMES) == ""


def test_a_role_gives_way_to_a_name() -> None:
    """Every state has a defence ministry."""
    titles = (CHINESE, ENGLISH)
    signed = tuple(signature for title in titles for signature in story(article(title)).signatures)
    told = alert(CHINESE, "zh", (), signatures=signed)
    line = LOOK.bilingual.line(told.story, told.theme, (), NAMES)
    assert line == "Military exercises and activity · Taiwan's defence ministry"


def test_facts_stand_once_where_the_line_has_them() -> None:
    """In a chat, in Slack and in a page; the text lists them all the same."""
    renderer = Renderer(LOOK, environment(templates()))
    for medium in ("chat", "slack", "email"):
        message = renderer.alert(alert(CHINESE, "zh-Hant"), medium)
        shown = {"chat": message.text, "slack": str(message.blocks)}.get(medium) or message.html.split("<h2")[0]
        assert shown.count("45 aircraft, 28 across the median line") == 1
    assert "Facts: 45 aircraft" in renderer.alert(alert(CHINESE, "zh-Hant"), "text").text
    assert renderer.alert(replace(alert(CHINESE), change="confirmed by 2"), "chat").text.startswith("Update: confirmed")


def test_only_a_few_actors_are_named() -> None:
    """Those whom most reports let speak come first."""
    titles = ("Xi Jinping warns Taiwan", "Xi Jinping warns Taiwan again", "Lai Ching-te answers Xi", "Trump speaks")
    signed = tuple(signature for title in titles for signature in story(article(title)).signatures)
    told = alert("Xi warns", "en", (), signatures=signed)
    line = LOOK.bilingual.line(told.story, told.theme, (), NAMES)
    who = line.split(" · ")[1].split("、")
    assert who[0] == "習近平"
    assert len(who) <= ACTORS


def test_the_table_names_every_theme_and_every_actor() -> None:
    """In both languages, and no actor that stories do not know; every counted kind of fact has its words."""
    table = bilingual()
    assert set(table.themes) == set(THEMES)
    actors = {name for name in lexicon().concepts if kind(name) in KINDS_OF_ACTORS}
    assert set(table.actors) == actors
    for names in (*table.themes.values(), *table.actors.values()):
        assert set(names) == {"en", "zh"}
        assert all(names.values())
    assert set(table.chinese["facts"]) == set(KINDS) - {"money", "duration"}


@pytest.mark.parametrize("medium", ["text", "chat", "email", "slack", "webhook"])
def test_the_line_stands_under_the_headline(medium: str) -> None:
    """In every medium."""
    renderer = Renderer(LOOK, environment(templates()))
    told: Story = alert(ENGLISH, "en").story
    message = renderer.alert(replace(alert(ENGLISH, "en"), story=told), medium)
    shown = {
        "email": message.html,
        "slack": str(message.blocks),
        "webhook": message.data.get("other_language", ""),
    }.get(medium, message.text)
    assert "軍事演習與動態 · 台灣國防部 · 45架次軍機" in shown
    if medium == "text":
        lines = message.text.splitlines()
        assert lines[1:3] == [ENGLISH, "軍事演習與動態 · 台灣國防部 · 45架次軍機、28架次逾越中線、7艘軍艦"]
