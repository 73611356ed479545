"""The BCG matrix as a chart that follows the customers: the largest accounts, found by formulas.

Both lines of the matrix stand in the middle of the chart, so that it needs no other axes when they
or the customers change: an account is drawn by how far it lies off the lines.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from csmcalc.plan.plan import Plan
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Matrix, Table, Unit
from csmcalc.reports.sheets.planning.drawing import DRAWN, INSIDE, LEAST, ROOM, Drawing

_LETTERS = 26
_LARGEST, _FIRST = "Largest", "LargestOf"
_WIDTH, _HEIGHT = 33.0, 12.4


def scale_table(plan: Plan) -> Table:
    """Half the width and height of the matrix, and what they are found by."""
    across, up = Drawing(plan).halves

    def half(heading: str) -> str:
        column = f"{_LARGEST}[{heading}]"
        highest = f"PERCENTILE({column},matrix_share)"
        lowest = f"PERCENTILE({column},1-matrix_share)"
        widest = f"IF(COUNT({column})=0,0,MAX({highest},-{lowest}))"
        return f"MAX(matrix_least,{widest}*matrix_room)"

    lines = (
        ("Accounts up to either edge, share", INSIDE, None, Unit.SHARE, "matrix_share"),
        ("Half-width, at least", LEAST, None, Unit.SHARE, "matrix_least"),
        ("Room around them, multiple", ROOM, None, Unit.PLAIN, "matrix_room"),
        ("Letters of a name", _LETTERS, None, Unit.PLAIN, "name_letters"),
        ("Half-width across, margin points", across, half(_OFF[0]), Unit.SHARE, "matrix_across"),
        ("Half-height, growth points", up, half(_OFF[1]), Unit.SHARE, "matrix_up"),
    )
    rows = tuple((Cell(t), Cell(v, formula, of, name=n)) for t, v, formula, of, n in lines)
    return Table("MatrixScale", (Column("Scale"), Column("Value", Unit.PLAIN)), rows)


_OFF = "Off across", "Off upwards"
_COLUMNS = (
    Column("No", Unit.FIGURE),
    Column("Key", Unit.MONEY),
    Column("Row", Unit.FIGURE),
    Column("Name"),
    Column("Segment"),
    Column("ARR", Unit.MONEY),
    Column(_OFF[0], Unit.SHARE),
    Column(_OFF[1], Unit.SHARE),
    Column("Across", Unit.DECIMAL),
    Column("Upwards", Unit.DECIMAL),
    Column("Beyond", Unit.COUNT),
    *(Column(name, Unit.MONEY) for name in SEGMENTS),
)


def _of_customer(heading: str) -> str:
    return f"INDEX(Customers[{heading}],[@Row])"


def _found(formula: str) -> str:
    return f'IF([@Row]="","",{formula})'


def _off(heading: str, line: str) -> str:
    value = _of_customer(heading)
    return _found(f'IF(ISNUMBER({value}),{value}-{line},"")')


_KNOWN = f'AND([@Segment]<>"",[@Segment]<>"{NO_VERDICT}")'


def _place(heading: str, half: str) -> str:
    return f"IF({_KNOWN},MAX(-1,MIN(1,[@{heading}]/{half})),0)"


_NAME = _of_customer("Account")
_FORMULAS = (
    'IFERROR(LARGE(Customers[Order key],[@No]),"")',
    'IF([@Key]="","",MATCH([@Key],Customers[Order key],0))',
    _found(
        f'IF({_of_customer("Account")}="",{_of_customer("Account id")},{_of_customer("Account")})'
    ),
    _found(_of_customer("Segment")),
    _found(_of_customer("ARR")),
    _off("Standard margin", "profitability_line"),
    _off("Growth", "growth_line"),
    _place(_OFF[0], "matrix_across"),
    _place(_OFF[1], "matrix_up"),
    f"IF({_KNOWN},IF(OR(ABS([@{_OFF[0]}])>matrix_across,ABS([@{_OFF[1]}])>matrix_up),1,0),0)",
    *(f'IF([@Segment]="{name}",[@ARR],0)' for name in SEGMENTS),
)


def largest_table(drawing: Drawing) -> Table:
    """The accounts that the chart draws, a bubble size in the column of their segment."""
    rows = tuple(_line(drawing, at) for at in range(DRAWN))
    return Table(_LARGEST, _COLUMNS, rows)


def _line(drawing: Drawing, at: int) -> tuple[Cell, ...]:
    values: list[Any] = [*[""] * 7, *[0.0] * 7]
    if at < len(drawing.accounts):
        account = drawing.accounts.iloc[at]
        segment, arr = str(account["segment"]), float(account["arr"])
        values = [
            float(drawing.key[at]),
            float(at + 1),
            str(account["name"]),
            segment,
            arr,
            *(_number(off[at]) for off in drawing.off),
            *(float(place[at]) for place in drawing.places),
            float(drawing.beyond[at]),
            *(arr if segment == name else 0.0 for name in SEGMENTS),
        ]
    cells = (
        Cell(value, formula, column.unit, Look.MUTED)
        for value, formula, column in zip(values, _FORMULAS, _COLUMNS[1:], strict=True)
    )
    return Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED), *cells


def _number(value: float) -> float | str:
    return "" if np.isnan(value) else float(value)


def first_table(drawing: Drawing) -> Table:
    """The largest account of each segment, which carries its name on the chart."""
    at = f"MATCH([@Segment],{_LARGEST}[Segment],0)"
    name = f"INDEX({_LARGEST}[Name],{at})"
    short = f'IFERROR(IF(LEN({name})>name_letters,LEFT({name},name_letters)&"…",{name}),"")'
    rows = []
    for segment in SEGMENTS:
        found = np.flatnonzero((drawing.accounts["segment"] == segment).to_numpy())
        place = int(found[0]) if len(found) else None
        account = None if place is None else drawing.accounts.iloc[place]
        numbers = [
            (0.0 if place is None else float(drawing.places[0][place]), "Across"),
            (0.0 if place is None else float(drawing.places[1][place]), "Upwards"),
            (0.0 if account is None else float(account["arr"]), "ARR"),
        ]
        rows.append(
            (
                Cell(segment, look=Look.MUTED),
                Cell(
                    "" if account is None else _short(str(account["name"])), short, look=Look.MUTED
                ),
                *(
                    Cell(v, f"IFERROR(INDEX({_LARGEST}[{h}],{at}),0)", Unit.DECIMAL, Look.MUTED)
                    for v, h in numbers
                ),
            )
        )
    columns = (
        Column("Segment"),
        Column("Name"),
        Column("Across", Unit.DECIMAL),
        Column("Upwards", Unit.DECIMAL),
        Column("ARR", Unit.MONEY),
    )
    return Table(_FIRST, columns, tuple(rows))


def _short(name: str) -> str:
    return name[:_LETTERS] + "…" if len(name) > _LETTERS else name


def matrix_chart() -> Matrix:
    """The chart: a series for each segment, and the name of its largest account."""
    return Matrix(
        table=_LARGEST,
        named=_FIRST,
        x="Across",
        y="Upwards",
        name="Name",
        size="ARR",
        series=tuple((name, theme.SEGMENT_COLOURS[name]) for name in SEGMENTS),
        x_title="Contribution margin at standard service, off the line",
        y_title="Growth a year, off the line",
        width=_WIDTH,
        height=_HEIGHT,
    )
