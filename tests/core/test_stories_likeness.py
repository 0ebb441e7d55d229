"""Which pairs of reports are of one event, and how invented weeks fall into stories."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from samples import HOUR, NOON, article, feed

from monitor.core.stories import place
from monitor.core.stories.likeness import features
from monitor.core.stories.rarity import Rarity, Times
from monitor.core.stories.signature import signature
from monitor.core.stories.weights import WEIGHTS
from monitor.model import Article, Entry, Feed

REPORTS = Path(__file__).parent.parent / "data" / "stories.jsonl"
DAY = 24 * HOUR
# News of the same days, so that the pairs are not alone in the world.
OTHERS = (
    "Taiwan's premier opens a reservoir in Tainan",
    "TSMC breaks ground in Kumamoto",
    "Recall vote fails in Taichung",
    "Typhoon closes schools in Hualien",
    "Lithuania sends a trade delegation to Taipei",
    "US Senate panel debates shipbuilding",
    "Kinmen ferry resumes after fog",
    "Xi meets farmers in Fujian",
    "Prosecutors search a shipyard in Kaohsiung",
    "Baseball: Taiwan beats Cuba",
)


def together(one: str, other: str, days: float = 0.0) -> bool:
    """Say whether two headlines become one story among other news."""
    reports = [article(title, feed=feed(n + 10)) for n, title in enumerate(OTHERS)]
    reports += [article(one, feed=feed(1)), article(other, feed=feed(2), seen=NOON + days * DAY)]
    placed = place(reports, []).placed
    return placed[-1].story == placed[-2].story


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("China fires missiles into waters off Hualien", "Beijing launches missiles toward Hualien in live-fire drill"),
        ("China fires missiles into waters off Hualien", "解放軍向花蓮外海發射飛彈"),
        ("Mainland suspends imports of mangoes from Taiwan", "中國暫停進口台灣芒果"),
        ("Honduras cuts ties with Taiwan", "宏都拉斯與台灣斷交"),
        ("Chinese foreign ministry condemns Prague speech", "Prague speech a provocation: Chinese foreign ministry"),
        ("Taiwan indicts ex-colonel for spying", "退役上校涉共諜 檢方起訴"),
        ("45 Chinese aircraft near Taiwan, ministry says", "國防部：偵獲共機45架次"),
        ("PLA to hold drills off Penghu next week", "China announces drills off Penghu"),
    ],
)
def test_one_event(one: str, other: str) -> None:
    """In other words, in the other language, from the other side."""
    assert together(one, other)


@pytest.mark.parametrize(
    ("one", "other", "days"),
    [
        ("45 Chinese aircraft near Taiwan, ministry says", "12 Chinese aircraft near Taiwan, ministry says", 1),
        ("國防部：偵獲共機45架次、共艦9艘", "國防部：偵獲共機14架次、共艦7艘", 1),
        ("China fires missiles off Hualien", "Why China chose missiles now", 0),
        ("China fires missiles off Hualien", "Expert: missiles off Hualien were a signal", 0),
        ("China fires missiles off Hualien", "Japan condemns missiles", 0),
        ("PLA to hold drills off Penghu", "PLA wraps up drills off Penghu", 3),
        ("Pentagon condemns missile launches", "Chinese foreign ministry condemns G7 statement on missiles", 0),
        ("US approves sale of HIMARS to Taiwan", "US approves sale of Harpoon missiles to Taiwan", 1),
        ("Kenya backs one-China principle", "Pakistan backs one-China principle", 0),
        ("Apple grower wins prize at the fair", "Apple unveils a thinner phone", 0),
    ],
)
def test_another_event(one: str, other: str, days: float) -> None:
    """Another day's count, an opinion on it, a reaction to it, its end, another speaker, another weapon."""
    assert not together(one, other, days)


def test_every_feature_has_a_weight() -> None:
    """None is computed in vain, none is missing; all are finite and symmetric."""
    one, other = (signature(t, "In Tainan.", NOON, ()) for t in ("China bans mangoes", "中國：禁止芒果 反制訪問"))
    rarity = Rarity(Counter(), 0)
    there, back = features(one, other, rarity), features(other, one, rarity)
    assert there.keys() == WEIGHTS.keys()
    assert there == pytest.approx(back)


def test_rare_terms_weigh_more() -> None:
    """The more reports of the time hold a term, the less it tells; what left the window no longer counts."""
    drill = frozenset({"act:drill"})
    times = Times([(NOON + n * HOUR, drill) for n in range(100)], DAY)
    late = times.rarity(NOON + 40 * DAY)
    busy = Times([(NOON + n * HOUR, drill) for n in range(100)], DAY).rarity(NOON)
    assert 0 <= busy("act:drill") < late("act:drill") < late("thing:sand") < 1.2
    assert times.crowd(NOON + 2 * HOUR, HOUR) == 3


def weeks() -> dict[str, list[dict[str, str]]]:
    """Return the invented reports by week."""
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for line in REPORTS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[row["week"]].append(row)
    return found


def b_cubed(gold: list[str], guess: list[int]) -> float:
    """Return B-cubed F1."""
    both = Counter(zip(gold, guess, strict=True))
    of_gold, of_guess = Counter(gold), Counter(guess)
    precision = sum(n * n / of_guess[p] for (_, p), n in both.items()) / len(gold)
    recall = sum(n * n / of_gold[g] for (g, _), n in both.items()) / len(gold)
    return 2 * precision * recall / (precision + recall)


def test_invented_weeks_fall_into_their_stories() -> None:
    """Well above what leaving every report alone scores; the figures by week are printed by the benchmark."""
    scores, alone = [], []
    for rows in weeks().values():
        reports = []
        for row in rows:
            when = datetime.fromisoformat(row["published"]).replace(tzinfo=UTC)
            entry = Entry(row["id"], "", row["title"], row["summary"], published=when, lang=row["lang"])
            reports.append(Article(entry, Feed(0, "", outlet=row["source"]), when, {}, ()))
        gold = [row["story"] for row in rows]
        scores.append(b_cubed(gold, [placed.story for placed in place(reports, []).placed]))
        alone.append(b_cubed(gold, list(range(len(gold)))))
    assert sum(scores) / len(scores) > 0.81
    assert sum(alone) / len(alone) < 0.72
    assert min(score - before for score, before in zip(scores, alone, strict=True)) > 0


def test_the_invented_reports_are_well_formed() -> None:
    """Every id once, no headline twice in a week, both languages in most weeks, stories of one week only."""
    rows = [row for week in weeks().values() for row in week]
    assert len({row["id"] for row in rows}) == len(rows)
    assert all(set(row) == {"id", "week", "lang", "published", "source", "title", "summary", "story"} for row in rows)
    assert len({(row["week"], row["title"]) for row in rows}) == len(rows)
    assert all(row["story"].startswith(f"{row['week']}-") for row in rows)
    bilingual = sum(len({row["lang"][:2] for row in week}) == 2 for week in weeks().values())
    assert bilingual >= len(weeks()) - 4
