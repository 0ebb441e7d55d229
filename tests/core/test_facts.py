"""What a text tells: a table of examples for each kind, and what tells nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.app import extractor
from monitor.core.facts import KINDS
from monitor.core.facts.extractor import MOST_FACTS
from monitor.core.facts.written import row

EXTRACTOR = extractor()
Wanted = dict[str, Any]


def told(text: str) -> list[Wanted]:
    """Return the facts of a title, with a summary after " | ", without where they are told."""
    title, _, summary = text.partition(" | ")
    rows = [row(fact) for fact in EXTRACTOR.facts(title, summary)]
    return [{name: value for name, value in fact.items() if name not in {"sentence", "span"}} for fact in rows]


def fact(kind: str, value: float | None, **more: Any) -> Wanted:
    """Return what a row should say."""
    return {"kind": kind, "value": value, **more}


def usd(value: float, about: str, **more: Any) -> Wanted:
    """Return a sum in dollars."""
    return fact("money", value, currency="USD", about=about, **more)


def system(name: str, value: float | None = None, **more: Any) -> Wanted:
    """Return a weapon."""
    return fact("weapon", value, system=name, **more)


BULLETINS: list[tuple[str, list[Wanted]]] = [
    (
        "Taiwan counted 31 Chinese warplanes and six warships on Tuesday",
        [fact("aircraft", 31), fact("vessels", 6)],
    ),
    (
        "18 sorties of PLA aircraft, 9 PLAN vessels, 2 official ships off Taiwan | 11 of 18 sorties crossed the ADIZ",
        [fact("aircraft", 18), fact("vessels", 9), fact("official_ships", 2), fact("crossings", 11)],
    ),
    (
        "Taipei tracked 42 planes, 29 of which crossed the median line",
        [fact("aircraft", 42), fact("crossings", 29)],
    ),
    (
        "Twelve jets and two drones crossed the Taiwan Strait median line",
        [fact("aircraft", 12), fact("crossings", 14), fact("drones", 2)],
    ),
    (
        "China sends 20 warplanes into Taiwan's air defence zone",
        [fact("aircraft", 20), fact("crossings", 20)],
    ),
    (
        "Taiwan reports 25 aircraft and nine ships, with some jets crossing the median line",
        [fact("aircraft", 25), fact("vessels", 9)],
    ),
    (
        "Taiwan: 33 planes, including 12 fighters, seen in a day",
        [fact("aircraft", 33)],
    ),
    (
        "國防部：共機33架次、共艦8艘、公務船2艘擾台 | 其中21架次逾越海峽中線，進入北部及西南空域。",
        [fact("aircraft", 33), fact("vessels", 8), fact("official_ships", 2), fact("crossings", 21)],
    ),
    (
        "偵獲共機三十架次（逾越中線進入西南空域十二架次）、空飄氣球兩顆",
        [fact("aircraft", 30), fact("crossings", 12), fact("balloons", 2)],
    ),
    (
        "台军称16架次越过“海峡中线”",
        [fact("aircraft", 16), fact("crossings", 16)],
    ),
    ("共軍14機擾台 9架次越線", [fact("aircraft", 14), fact("crossings", 9)]),
    ("四艘海警船駛入金門水域", [fact("official_ships", 4)]),
    ("China's coast guard steps up | It sent 12 ships to Taiwan's east", [fact("official_ships", 12)]),
    ("中國海警4船闖金門", [fact("official_ships", 4)]),
    (
        "Twenty planes and three ships crossed the Taiwan Strait median line",
        [fact("aircraft", 20), fact("crossings", 20), fact("vessels", 3)],
    ),
    ("Taiwan tracked 30 warplanes, the most since January when 39 aircraft came", [fact("aircraft", 30)]),
    (
        "Taiwan reports 39 jets | 21 Chinese aircraft, including 12 J-16 fighters, flew across the line",
        [fact("aircraft", 39), fact("crossings", 21), system("J-16", 12)],
    ),
    ("Taiwan saw 71 planes; 47 crossed", [fact("aircraft", 71), fact("crossings", 47)]),
    ("Three Chinese coast guard ships entered waters off Kinmen", [fact("official_ships", 3)]),
    ("海巡驅離十二艘抽砂船 馬祖漁民鬆口氣", []),
    ("PLA Navy's dual aircraft carrier drill ended east of Taiwan", [fact("vessels", 2)]),
    ("Two US warships sail through the Taiwan Strait", [fact("vessels", 2)]),
    ("Taiwan spots Chinese balloon drifting over the strait", [fact("balloons", 1)]),
    ("China fired 11 ballistic missiles over Taiwan", [fact("missiles", 11)]),
    ("解放军向台岛以东发射九枚导弹", [fact("missiles", 9)]),
]

BOUNDS: list[tuple[str, list[Wanted]]] = [
    ("More than 70 jets flew near Taiwan", [fact("aircraft", 70, approx=True, low=70)]),
    ("Nearly 40 jets flew near Taiwan", [fact("aircraft", 40, approx=True, high=40)]),
    ("About two dozen jets flew near Taiwan", [fact("aircraft", 24, approx=True)]),
    ("Dozens of jets and several ships circled Taiwan", []),
    ("數十架軍機繞台", []),
    ("百餘架軍機繞台", [fact("aircraft", 100, approx=True, low=100)]),
    ("近九十艘軍艦在台海周邊活動", [fact("vessels", 90, approx=True, high=90)]),
    ("Washington may post 100 to 200 troops in Taiwan", [fact("personnel", 100, low=100, high=200)]),
    (
        "US to keep 200 soldiers in Taiwan, up from about 30",
        [fact("personnel", 200), fact("personnel", 30, approx=True)],
    ),
    # The rounded figure of a headline and the exact one of its lead tell the same.
    ("More than 70 jets near Taiwan | Taipei said 71 aircraft flew by day", [fact("aircraft", 71)]),
]

MONEY: list[tuple[str, list[Wanted]]] = [
    (
        "US clears $330 million sale of F-16 parts to Taiwan",
        [usd(330_000_000, "arms_sale"), system("F-16")],
    ),
    ("Taiwan proposes T$586 billion budget for defence", [fact("money", 586 * 10**9, currency="TWD", about="budget")]),
    ("Washington frees US$1.2bn in military aid for Taiwan", [usd(1_200_000_000, "aid")]),
    (
        "Lai asks for NT$1.25 trillion (US$40 billion) special defence budget for Taiwan",
        [fact("money", 1_250_000_000_000, currency="TWD", about="budget"), usd(40_000_000_000, "budget")],
    ),
    ("美批准對台軍售 總額約2.2億美元", [usd(220_000_000, "arms_sale", approx=True)]),
    ("行政院拍板1.25兆國防特別條例", [fact("money", 1_250_000_000_000, currency="TWD", about="budget")]),
    ("國防特別預算砍到3800億 立委吵成一團", [fact("money", 380_000_000_000, currency="TWD", about="budget")]),
    (
        "美国会为台湾拨款十亿美元军事融资",
        [usd(1_000_000_000, "aid")],
    ),
    (
        "台海局势下，中国国防预算升至1.8万亿元",
        [fact("money", 1_800_000_000_000, currency="CNY", about="budget")],
    ),
    ("Senate passes $95bn aid law for Ukraine, Israel and Taiwan", []),
    ("TSMC pledges $100 billion for plants in Arizona, Taiwan's premier says", []),
    ("Taiwan museum shows gold brick worth NT$600 million", []),
    ("海鯤號延期 台船每日罰款十九萬元", [system("Hai Kun / Narwhal")]),
]

WEAPONS: list[tuple[str, list[Wanted]]] = [
    ("Taiwan signs for 29 HIMARS launchers", [system("HIMARS", 29)]),
    (
        "Package for Taiwan: up to 400 Harpoon missiles and 108 M1A2T Abrams tanks",
        [system("Harpoon", 400, approx=True, high=400), system("M1A2T Abrams", 108)],
    ),
    ("General Atomics to build two more MQ-9Bs for Taiwan", [system("MQ-9B", 2)]),
    ("P-8A Poseidon flies down the Taiwan Strait", [system("P-8A Poseidon")]),
    ("Two H-6K bombers and a Y-8 passed Taiwan", [system("H-6K", 2), system("Y-8")]),
    ("台海／兩架殲-16尾隨美軍P-8A", [system("J-16", 2), system("P-8A")]),
    ("勇鷹高教機累計交付四十五架", [system("Brave Eagle", 45)]),
    ("台湾接收首批38辆M1A2T坦克", [system("M1A2T", 38)]),
    ("Why Taiwan's F-16s are late | All 66 jets were due by December, the factory said", [system("F-16", 66)]),
    ("Taiwan plans to buy around 50,000 drones", [system("UAV", 50_000, approx=True)]),
    ("USS Ralph Johnson goes north through Taiwan Strait", [system("USS Ralph Johnson")]),
    ("HMCS Montreal rests in Halifax after its Taiwan cruise | HMCS Montreal is in dock.", [system("HMCS Montreal")]),
    ("山東艦現身台灣東南", [system("Shandong")]),
    ("Shandong and Fujian export less to Taiwan", []),
    ("台灣專家：055型驅逐艦不可輕忽", [system("Type 055")]),
    ("「愛國者治台」遭陸委會駁斥 台灣不接受", []),
    ("Visa H-1B and Link 16 matter to Taiwan's engineers", []),
]

MEASURES: list[tuple[str, list[Wanted]]] = [
    (
        "Taiwan to lift defence spending to 3.3 percent of GDP next year and 5% by 2030",
        [fact("percent_gdp", 3.3), fact("percent_gdp", 5)],
    ),
    ("台灣國防預算占GDP比重達3.32%", [fact("percent_gdp", 3.32)]),
    ("台灣國防支出提高到GDP的百分之三", [fact("percent_gdp", 3)]),
    (
        "Taiwan stretches conscription from four months to one year",
        [fact("duration", 4, unit="months"), fact("duration", 1, unit="years")],
    ),
    (
        "Taiwan's conscription grows from 4 months to a year",
        [fact("duration", 4, unit="months"), fact("duration", 1, unit="years")],
    ),
    ("一年期義務役上路", [fact("duration", 1, unit="years")]),
    ("China opens three days of drills around Taiwan", [fact("duration", 3, unit="days")]),
    ("Taiwan is quiet after 24 hours; the Two-year-old plan is two years late", []),
    ("專家談台灣四周的聯合演訓", []),
]

NOTHING = [
    "Poland buys 96 Apache helicopters for $10 billion",
    "Philippines counts 12 Chinese coast guard ships at Scarborough Shoal",
    "Taiwan's exports rose 20% | Poland will take 48 F-16 jets.",
    "Taiwan: 11 Chinese aircraft and vessels near island",
    "In 2022 Chinese aircraft came close to Taiwan",
    "On Aug. 7 Chinese ships left the waters off Taiwan",
    "Four in ten troops trust the plan, a Taiwan poll says",
    "Taiwan court jails four soldiers for spying",
    "Penghu fireworks adds 400 drones to its show",
    "Taiwan searches for a fishing boat with 6 people; 70 fishing boats help",
    "川普談台灣：9月登場的會談",
    "",
    "$ % 45 架",
]

TABLES = [*BULLETINS, *BOUNDS, *MONEY, *WEAPONS, *MEASURES]


@pytest.mark.parametrize(("text", "wanted"), TABLES, ids=[text for text, _ in TABLES])
def test_a_text_tells_its_facts(text: str, wanted: list[Wanted]) -> None:
    """Each fact once, in the order it is told, and nothing else."""
    assert told(text) == wanted


@pytest.mark.parametrize("text", NOTHING)
def test_what_does_not_concern_taiwan_or_counts_nothing_is_left_out(text: str) -> None:
    """Other countries' figures, dates, mixed counts, rates, trials and shows."""
    assert told(text) == []


def test_a_fact_stands_in_its_sentence() -> None:
    """The sentence is the original one, and the span points into it."""
    summary = "Nothing yet.　國防部昨日公布，偵獲共機４５架次。後續待查。"
    (aircraft,) = EXTRACTOR.facts("台海動態", summary)
    assert aircraft.value == 45
    assert aircraft.sentence in summary
    assert aircraft.sentence[slice(*aircraft.span)].startswith("４５架次")


def test_the_body_is_read_like_the_summary() -> None:
    """A body far from Taiwan does not count, one about it does."""
    assert EXTRACTOR.facts("Morning notes", "", "Taiwan tracked 12 Chinese jets. It was raining.")
    assert not EXTRACTOR.facts("Morning notes", "", "Latvia tracked 12 jets.")


def test_the_same_fact_is_told_once() -> None:
    """Title, summary and body repeat each other."""
    text = "Taiwan tracked 12 Chinese jets"
    assert len(EXTRACTOR.facts(text, text, text)) == 1


@given(st.text(), st.text(), st.text())
@settings(max_examples=200)
def test_no_text_breaks_it(title: str, summary: str, text: str) -> None:
    """Whatever is handed in, it answers with facts of known kinds."""
    found = EXTRACTOR.read(f"Taiwan {title}", summary, text)
    assert all(f.kind in KINDS and f.sentence for f in found.facts)


PIECES = st.sampled_from(
    [
        *("Taiwan", "aircraft", "crossed", "median line", "F-16V", "of", "which", "and", "two", "hundred", "million"),
        *("GDP", "to", "between", "fewer than", "Aug.", "7", "2022", "drones", "troops", "from", "45", "$", "NT$", "%"),
        *(
            "架次",
            "共機",
            "1.25",
            "兆",
            "億",
            "元",
            "逾越中線",
            "海馬斯",
            "(",
            "）",
            "，",
            ". ",
            "。",
            "艘",
            "-",
            "年",
            "月",
        ),
        *("日", "個", "十", "餘", "數"),
    ]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from(["", " "]))
@settings(max_examples=300)
def test_spans_and_values_hold_for_any_order_of_words(pieces: list[str], glue: str) -> None:
    """A span lies within its sentence; a value is a number over zero, or unknown; bounds enclose it."""
    for f in EXTRACTOR.facts("Taiwan", glue.join(pieces)):
        start, end = f.span
        assert 0 <= start < end <= len(f.sentence)
        assert f.value is None or f.value >= 0
        assert f.low is None or f.value is None or f.low <= f.value
        assert f.high is None or f.value is None or f.high >= f.value


@pytest.mark.parametrize(
    "piece", ["1,", "四", "a ", "Taiwan 45 ", "F-", "十百千萬", "two ", "越", "(", "45架次、", "military "]
)
def test_a_long_run_of_anything_is_read_in_bounded_time(piece: str) -> None:
    """No pattern goes wild on repetition: fifty thousand characters come back."""
    EXTRACTOR.read("Taiwan", piece * (50_000 // len(piece)))


@pytest.mark.parametrize("piece", ["{}架次、", "Taiwan saw {} planes. ", "${} million for arms and "])
def test_a_list_of_figures_is_cut(piece: str) -> None:
    """Thousands of different figures are no report."""
    listed = "".join(piece.format(number) for number in range(2, 5_000))
    assert len(EXTRACTOR.facts("Taiwan", listed)) <= MOST_FACTS
