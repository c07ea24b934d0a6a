"""Curves on logarithmic axes as SVG, readable on light and on dark pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 400, 64, 190, 40, 40
NEAREST = 15  # two names must not stand closer
COLORS = ("#2f7fd6", "#d9622b", "#2e9e5b", "#a05bd0", "#c79a00", "#d1467f", "#1f9ea8")
STYLE = """text { font: 13px system-ui, sans-serif; fill: #222 } .title { font-weight: 600 } .grid { stroke: #ddd }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .grid { stroke: #444 } }"""


def curves(title: str, sizes: Sequence[int], times: Mapping[str, Sequence[float]]) -> str:
    """Return a picture of `{name: milliseconds at each size}`, each name at the end of its line."""
    low = math.floor(math.log10(min(min(curve) for curve in times.values())))
    high = math.ceil(math.log10(max(max(curve) for curve in times.values())))

    def across(size: int) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def up(milliseconds: float) -> float:
        share = (math.log10(milliseconds) - low) / (high - low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="22">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        y = up(10.0**power)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:,g}</text>')
    for size in sizes:
        parts.append(f'<text x="{across(size):.0f}" y="{HEIGHT - 14}" text-anchor="middle">{size:,}</text>')
    places = _apart({name: up(curve[-1]) for name, curve in times.items()})
    for (name, curve), color in zip(times.items(), COLORS, strict=False):
        points = " ".join(f"{across(size):.0f},{up(t):.1f}" for size, t in zip(sizes, curve, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        label = f'<text x="{WIDTH - RIGHT + 10}" y="{places[name] + 4:.0f}" style="fill: {color}">'
        parts.append(f"{label}{escape(name)}</text>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Return heights near the wanted ones, none too near to another."""
    found: dict[str, float] = {}
    last = -math.inf
    for name, y in sorted(wanted.items(), key=lambda item: item[1]):
        found[name] = last = max(y, last + NEAREST)
    return found
