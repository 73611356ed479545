"""The names on the live matrix: the formulas that find on which side of its bubble each stands.

They say in cells what `reports.sheets.names` says of whole columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csmcalc.reports.model import Column, Unit
from csmcalc.reports.sheets.names import SIDES
from csmcalc.reports.sheets.planning.drawing import SPACE, Drawing

TITLES = ("Right", "Left", "Above", "Below")
"""The sides as the chart's data call them, in the order of `SIDES`."""
_EDGES = ("From", "To", "Lower", "Upper")

COLUMNS = (
    Column("Root", Unit.DECIMAL),
    Column("Half a name", Unit.DECIMAL),
    *(Column(title, Unit.COUNT) for title in TITLES),
    Column("Side"),
    *(Column(edge, Unit.DECIMAL) for edge in _EDGES),
    Column("Free", Unit.COUNT),
    Column("Name no", Unit.COUNT),
)
"""What of the accounts that are drawn decides on their names."""

_BESIDE = "bubble_across*[@Root]+[@Half a name]+[@Half a name]"
_BEYOND = "bubble_up*[@Root]+name_height+name_height"
_ALONG = ("[@Upwards]-name_height", "[@Upwards]+name_height")
_ABOUT = ("[@Across]-[@Half a name]", "[@Across]+[@Half a name]")
_BOXES = {
    "r": ("[@Across]+name_letter", f"[@Across]+({_BESIDE})", *_ALONG),
    "l": (f"[@Across]-({_BESIDE})", "[@Across]-name_letter", *_ALONG),
    "t": (*_ABOUT, "[@Upwards]+name_letter", f"[@Upwards]+({_BEYOND})"),
    "b": (*_ABOUT, f"[@Upwards]-({_BEYOND})", "[@Upwards]-name_letter"),
}


def _ways(side: str) -> str:
    """How many bubbles, lines and ends of the frame a name on a side would lie on."""
    left, right, lower, upper = _BOXES[side]
    bubbles = (
        "SUMPRODUCT(([No]<>[@No])*([Root]>0)"
        f"*([Across]-bubble_across*[Root]<{right})*([Across]+bubble_across*[Root]>{left})"
        f"*([Upwards]-bubble_up*[Root]<{upper})*([Upwards]+bubble_up*[Root]>{lower}))"
    )
    lines = (
        f"(matrix_line_across>{left})*(matrix_line_across<{right})"
        f"+(matrix_line_up>{lower})*(matrix_line_up<{upper})"
    )
    ends = (
        f"({left}<-matrix_room)+({right}>name_end)+({lower}<-matrix_room)+({upper}>1+matrix_room)"
    )
    return f"IF([@Root]>0,{bubbles}+{lines}+{ends},0)"


def _by_side(choices: Sequence[str], otherwise: str) -> str:
    """One of four formulas, by the side."""
    chosen = otherwise
    for title, choice in reversed(tuple(zip(TITLES, choices, strict=True))):
        chosen = f'IF([@Side]="{title}",{choice},{chosen})'
    return chosen


def _side() -> str:
    chosen = '""'
    for title in reversed(TITLES):
        chosen = f'IF([@{title}]=0,"{title}",{chosen})'
    return f'IF([@Root]>0,{chosen},"")'


_MET = (
    'SUMPRODUCT(([No]<[@No])*([Side]<>"")*([From]<[@To])*([To]>[@From])'
    "*([Lower]<[@Upper])*([Upper]>[@Lower]))"
)


def formulas(known: str) -> tuple[str, ...]:
    """The formulas of these columns; `known` is whether an account has a verdict."""
    return (
        f"IF({known},SQRT([@ARR]/matrix_widest),0)",
        f"IF({known},MIN(LEN([@Name]),name_letters+1)*name_letter,0)",
        *(_ways(side) for side in SIDES),
        _side(),
        *(_by_side([_BOXES[side][at] for side in SIDES], "0") for at in range(len(_EDGES))),
        f'IF([@Side]="",0,IF({_MET}=0,1,0))',
        'IF([@Free]=1,SUM(INDEX([Free],1):[@Free]),"")',
    )


def values(drawing: Drawing, at: int) -> list[Any]:
    """Their values for one of the accounts that are drawn."""
    bubbles, names = drawing.bubbles, drawing.names
    if not drawing.known[at]:
        return nothing()
    named = drawing.named
    return [
        float(bubbles.root[at]),
        float(bubbles.letters[at] * SPACE.letter),
        *(float(one) for one in names.ways[:, at]),
        title_of(drawing, at),
        *(float(edge[at]) for edge in names.boxes),
        float(names.free[at]),
        float(named.index(at) + 1) if at in named else "",
    ]


def size_of(title: str) -> str:
    """The heading of the sizes of the bubbles whose names stand on a side."""
    return f"ARR, {title.lower()}"


def title_of(drawing: Drawing, at: int) -> str:
    """The side of an account's name as the cells call it; empty where it has none."""
    side = int(drawing.names.side[at])
    return TITLES[side - 1] if side else ""


def nothing() -> list[Any]:
    """Their values where no account is drawn or it has no verdict."""
    ways, box = [0.0] * len(TITLES), [0.0] * len(_EDGES)
    return [0.0, 0.0, *ways, "", *box, 0.0, ""]
