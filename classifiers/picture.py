"""A reliability picture: does a probability of 0.7 come true seven times in ten? As text and as a small SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from classifiers.evaluate import Bin

WIDTH = 40
_SIDE, _LEFT, _TOP = 320, 56, 40
_WILSON = 1.96


def chart(bins: Sequence[Bin]) -> str:
    """Return a chart of lines: the bar is the share that is true, the mark where the probability says it should be."""
    lines = ["probability  answers   mean   true"]
    for b in bins:
        head = f"{b.low:.1f} to {b.high:.1f}  {b.answers:8,}"
        lines.append(f"{head}  {b.chance:5.2f}  {b.share:5.2f}  {_bar(b)}" if b.answers else head)
    return "\n".join(lines)


def _bar(b: Bin) -> str:
    full, mark = round(b.share * WIDTH), min(WIDTH - 1, int(b.chance * WIDTH))
    return "".join("|" if at == mark else "█" if at < full else "·" for at in range(WIDTH))


def svg(bins: Sequence[Bin], title: str) -> str:
    """Return the picture: a dot for each bin over the diagonal of honesty, its 95 % interval, and how many answers."""
    size = f"0 0 {_SIDE + _LEFT + 24} {_SIDE + _TOP + 56}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
        f'<text x="{_LEFT}" y="22" font-size="14">{escape(title)}</text>',
        *_axes(),
        *(part for b in bins if b.answers for part in _dot(b)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(value: float) -> float:
    return round(_LEFT + value * _SIDE, 1)


def _y(value: float) -> float:
    return round(_TOP + (1 - value) * _SIDE, 1)


def _axes() -> list[str]:
    parts = [f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>']
    for step in range(0, 11, 2):
        at = step / 10
        parts.append(f'<text x="{_x(at)}" y="{_y(0) + 16}" text-anchor="middle">{at:.1f}</text>')
        parts.append(f'<text x="{_LEFT - 6}" y="{_y(at) + 4}" text-anchor="end">{at:.1f}</text>')
    middle = _y(0.5)
    return [
        *parts,
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" stroke-dasharray="4 4"/>',
        f'<text x="{_x(0.5)}" y="{_y(0) + 36}" text-anchor="middle">mean probability</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share that is true</text>',
    ]


def _dot(b: Bin) -> list[str]:
    low, high = wilson(b.share, b.answers)
    x = _x(b.chance)
    note = f"{b.low:.1f} to {b.high:.1f}: {b.answers} answers, mean {b.chance:.2f}, true {b.share:.2f}"
    return [
        f'<line x1="{x}" y1="{_y(low)}" x2="{x}" y2="{_y(high)}" stroke="#0b5394"/>',
        f'<circle cx="{x}" cy="{_y(b.share)}" r="5" fill="#0b5394"><title>{note}</title></circle>',
        f'<text x="{x + 8}" y="{_y(b.share) + 14}" fill="#444" font-size="10">{b.answers}</text>',
    ]


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of *count* (Wilson 1927)."""
    z2 = _WILSON**2 / count
    middle = (share + z2 / 2) / (1 + z2)
    half = _WILSON * ((share * (1 - share) + z2 / 4) / count) ** 0.5 / (1 + z2)
    return max(0.0, middle - half), min(1.0, middle + half)
