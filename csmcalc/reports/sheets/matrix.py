"""The BCG matrix as a bubble chart: which accounts are drawn, where, and which carry a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Axis, Bubble, Bubbles, Cell, Column, Look, Table, Unit
from csmcalc.reports.sheets.names import SIDES, Bubbled, Space, names_of
from csmcalc.reports.sheets.reach import LOWEST_GROWTH, reach_of

MOST_DRAWN, MOST_NAMED = 300, 6
WIDTH, HEIGHT = 25.5, 12.4
_MOST_COVERED = 40.0
"""The area of all bubbles, that of the largest being 1: more would hide each other."""

_LONGEST_NAME = 26
_SPACE = Space(radius=(0.06, 0.13), letter=0.0038, line=0.022, low=0.0, high=1.0, right=1.02)
"""What the chart leaves for names."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """What is drawn: accounts by segment, the named ones last and so on top.

    `drawn` has name, segment, x, y and arr; the last rows carry their names, on these `sides`.
    `outside` lie beyond an axis and stand at its end.
    """

    drawn: pd.DataFrame
    sides: tuple[str, ...]
    outside: int
    x: Axis
    y: Axis

    @property
    def named(self) -> int:
        """How many carry their names."""
        return len(self.sides)


def matrix_of(plan: Plan) -> Matrix:
    """The largest accounts of a plan on the matrix."""
    lines, accounts = plan.lines, plan.accounts
    assert lines.growth is not None
    largest = _largest(accounts[accounts["segment"] != NO_VERDICT])
    margin, growth = largest["margin"], largest["growth_used"]
    x = _axis(
        "Margin drawn", "Contribution margin at standard service", margin, lines.profitability
    )
    y = _axis("Growth drawn", "Growth a year", growth, lines.growth, LOWEST_GROWTH)
    placed = pd.DataFrame(
        {
            "name": largest["name"],
            "segment": largest["segment"],
            "x": margin.clip(x.low, x.high),
            "y": growth.clip(y.low, y.high),
            "arr": largest["arr"],
        }
    )
    off = (placed["x"] - margin).abs() + (placed["y"] - growth).abs()
    outside = off > WHOLE_TOLERANCE
    sides = _with_a_name(placed, x, y)
    named = list(sides)
    rank = {name: position for position, name in enumerate(SEGMENTS)}
    rest = placed.drop(named)
    rest = rest.iloc[np.argsort(rest["segment"].map(rank).to_numpy(), kind="stable")]
    drawn = pd.concat([rest, placed.loc[named]])
    return Matrix(drawn, tuple(sides.values()), int(outside.sum()), x, y)


def _largest(accounts: pd.DataFrame) -> pd.DataFrame:
    """The largest accounts, as many as a chart can tell apart; among equals the first."""
    largest = accounts.nlargest(MOST_DRAWN, "arr", keep="first")
    covered = (largest["arr"] / largest["arr"].max()).cumsum()
    return largest.head(int((covered <= _MOST_COVERED).sum()))


def _axis(
    heading: str, title: str, values: pd.Series, line: float, lowest: float | None = None
) -> Axis:
    """An axis over all but outliers, who are drawn at its ends."""
    reach = reach_of(values.to_numpy(float), line, lowest)
    return Axis(heading, title, reach.low, reach.high, line, reach.step)


def _with_a_name(placed: pd.DataFrame, x: Axis, y: Axis) -> dict[Any, str]:
    """The largest accounts for whose names there is room, and on which side."""
    across, up = (
        ((placed[one] - axis.low) / (axis.high - axis.low)).to_numpy(float)
        for one, axis in (("x", x), ("y", y))
    )
    lines = tuple((axis.line - axis.low) / (axis.high - axis.low) for axis in (x, y))
    arr = placed["arr"].to_numpy(float)
    root = np.sqrt(arr / max(1.0, arr.max(initial=0.0)))
    letters = placed["name"].astype(str).str.len().clip(upper=_LONGEST_NAME)
    bubbles = Bubbled(across, up, root, letters.to_numpy().astype(np.int64))
    # The largest accounts are who is asked for: on a full chart their names may lie on others.
    names = names_of(bubbles, (lines[0], lines[1]), _SPACE, most=len(placed))
    chosen = np.flatnonzero(names.free)[:MOST_NAMED]
    return {placed.index[at]: SIDES[names.side[at] - 1] for at in chosen}


def bubbles_of(matrix: Matrix) -> Bubbles:
    """The chart: one series per segment, one per named account."""
    segments = matrix.drawn["segment"].tolist()
    names = matrix.drawn["name"].tolist()
    rest = len(segments) - matrix.named
    bubbles = []
    for name in SEGMENTS:
        count = segments[:rest].count(name)
        if count:
            first = segments.index(name)
            colour = theme.SEGMENT_COLOURS[name]
            bubbles.append(Bubble(name, colour, first, first + count - 1))
    for position, side in enumerate(matrix.sides, start=rest):
        colour = theme.SEGMENT_COLOURS[segments[position]]
        bubbles.append(Bubble(_short(str(names[position])), colour, position, position, side))
    return Bubbles("Bubbles", matrix.x, matrix.y, "ARR", tuple(bubbles), WIDTH, HEIGHT)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def data_of(matrix: Matrix) -> Table:
    """The figures the chart draws."""
    drawn = matrix.drawn
    rows = tuple(
        (
            Cell(str(name), look=Look.MUTED),
            Cell(float(x), unit=Unit.SHARE, look=Look.MUTED),
            Cell(float(y), unit=Unit.SHARE, look=Look.MUTED),
            Cell(float(arr), unit=Unit.MONEY, look=Look.MUTED),
        )
        for name, x, y, arr in zip(drawn["name"], drawn["x"], drawn["y"], drawn["arr"], strict=True)
    )
    columns = (
        Column("Account"),
        Column(matrix.x.heading, Unit.SHARE),
        Column(matrix.y.heading, Unit.SHARE),
        Column("ARR", Unit.MONEY),
    )
    return Table("Bubbles", columns, rows)


def extent_of(matrix: Matrix, plan: Plan) -> str:
    """Which accounts the chart shows, in words."""
    count = int((plan.accounts["segment"] != NO_VERDICT).sum())
    if len(matrix.drawn) == count:
        words = f"all {count:,} accounts with a verdict"
    else:
        covered = float(matrix.drawn["arr"].sum()) / plan.arr
        words = f"the {len(matrix.drawn)} largest of {count:,} accounts, {covered:.0%} of ARR"
    return f"{words}, {matrix.outside} of them beyond an axis" if matrix.outside else words
