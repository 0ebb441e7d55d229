"""What the corpus covers: items by theme, language and form, and which cells are thin."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from classifiers.corpus import LANGUAGES
from classifiers.features import comes_near, document
from classifiers.themes import CORE, THEMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from classifiers.corpus import Item
    from classifiers.lexicon import Lexicon

NONE = "no theme"
LEAST_ITEMS = 3_000
LEAST_CORE, LEAST_OTHER = 300, 150
LEAST_CHINESE = 1 / 3
LEAST_HARD = 0.5
THIN = 5
"""A cell of theme, language, with or without summary, alone or with other themes, that holds fewer is thin."""
Cell = tuple[str, str, bool, bool]


def cells(items: Sequence[Item]) -> Mapping[Cell, int]:
    """Count items by theme, language, whether there is a summary, and whether there are other themes."""
    counts: Counter[Cell] = Counter()
    for item in items:
        for theme in item.themes or (NONE,):
            counts[theme, item.lang, bool(item.summary.strip()), len(item.themes) > 1] += 1
    return counts


def hard(items: Sequence[Item], lexicon: Lexicon) -> list[Item]:
    """Return the items without a theme that come near one.

    They name Taiwan, or a drill, a weapon, a law, a threat, a tariff: a query by keywords would look at them.
    """
    bare = [item for item in items if not item.themes]
    return [item for item in bare if comes_near(document(item.title, item.summary, lexicon), lexicon)]


def table(items: Sequence[Item], lexicon: Lexicon) -> list[list[str]]:
    """Return the coverage as rows of a table, the first its head."""
    counts = cells(items)
    head = ["theme", "items"]
    head += [f"{lang} {form}" for lang in LANGUAGES for form in ("title only", "with summary")]
    head += ["alone", "with others", "Chinese"]
    rows = [head, *(_row(theme, counts) for theme in (*THEMES, NONE))]
    whole = [item.lang for item in items]
    rows.append(["all", f"{len(items):,}", *_forms(items), "", "", _share(_chinese(whole), len(items))])
    near, bare = len(hard(items, lexicon)), sum(not item.themes for item in items)
    rows.append([f"{NONE}, near one", f"{near:,}", *[""] * 8, _share(near, bare)])
    return rows


def _row(theme: str, counts: Mapping[Cell, int]) -> list[str]:
    mine = {cell: n for cell, n in counts.items() if cell[0] == theme}
    total = sum(mine.values())
    forms = [sum(mine.get((theme, lang, s, m), 0) for m in (False, True)) for lang in LANGUAGES for s in (False, True)]
    others = sum(n for cell, n in mine.items() if cell[3])
    chinese = sum(n for cell, n in mine.items() if cell[1] != "en")
    shown = [total, *forms, total - others, others]
    return [theme, *(f"{n:,}" for n in shown), _share(chinese, total)]


def _forms(items: Sequence[Item]) -> list[str]:
    counts = Counter((item.lang, bool(item.summary.strip())) for item in items)
    return [f"{counts[lang, summary]:,}" for lang in LANGUAGES for summary in (False, True)]


def _chinese(languages: Sequence[str]) -> int:
    return sum(lang != "en" for lang in languages)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "-"


def thin(items: Sequence[Item]) -> list[str]:
    """Say which cells are thin; no theme stands with another, so that half of its cells does not exist."""
    counts = cells(items)
    result = []
    for theme in (*THEMES, NONE):
        for lang in LANGUAGES:
            for summary in (False, True):
                for others in (False, True) if theme != NONE else (False,):
                    n = counts.get((theme, lang, summary, others), 0)
                    if n < THIN:
                        form = f"{'with summary' if summary else 'title only'}, {'with others' if others else 'alone'}"
                        result.append(f"{theme}, {lang}, {form}: {n}")
    return result


def shortfalls(items: Sequence[Item], lexicon: Lexicon) -> list[str]:
    """Say what the corpus as a whole lacks."""
    themes = Counter(theme for item in items for theme in item.themes)
    wanted = {theme: LEAST_CORE if theme in CORE else LEAST_OTHER for theme in THEMES}
    result = [f"{t}: {themes[t]} items, wants {least}" for t, least in wanted.items() if themes[t] < least]
    if len(items) < LEAST_ITEMS:
        result.append(f"{len(items)} items, wants {LEAST_ITEMS}")
    chinese = _chinese([item.lang for item in items])
    if chinese < LEAST_CHINESE * len(items):
        result.append(f"{chinese} of {len(items)} items are Chinese, wants a third")
    near, bare = len(hard(items, lexicon)), sum(not item.themes for item in items)
    if near <= LEAST_HARD * bare:
        result.append(f"{near} of {bare} items without a theme come near one, wants more than half")
    return result
