"""Draws feeds a second as bars, one panel a phase, each with a scale of its own; SVG, written by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, LEFT, RIGHT = 760, 190, 90
BAR, GAP, HEAD = 26, 8, 44
OURS, OTHERS, INK = "#1f6f8b", "#b8c4cc", "#222222"


def draw(panels: Mapping[str, Sequence[tuple[str, float]]], ours: str) -> str:
    """Return a picture; the bars of the program named *ours* stand out."""
    parts: list[str] = []
    top = 10
    for title, bars in panels.items():
        parts += [_text(LEFT, top + 26, f"{title}, feeds a second", weight="bold")]
        top += HEAD
        most = max(value for _, value in bars)
        for label, value in bars:
            length = (WIDTH - LEFT - RIGHT) * value / most
            fill = OURS if label.startswith(ours) else OTHERS
            middle = top + BAR / 2 + 5
            parts += [
                _text(LEFT - 10, middle, label, anchor="end"),
                f'<rect x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3" fill="{fill}"/>',
                _text(LEFT + length + 8, middle, f"{value:,.0f}"),
            ]
            top += BAR + GAP
    size = f'width="{WIDTH}" height="{top + 10}" viewBox="0 0 {WIDTH} {top + 10}"'
    style = 'font-family="system-ui, sans-serif" font-size="15"'
    ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>', ground, *parts, "</svg>\n"])


def _text(x: float, y: float, text: str, *, anchor: str = "start", weight: str = "normal") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
    return f'<text {where} fill="{INK}">{escape(text)}</text>'
