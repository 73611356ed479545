"""The BCG matrix as a chart that follows the customers: the largest accounts, found by formulas.

Axes of a chart have fixed ends: so they run from 0 to 1 whatever the inputs, accounts are drawn by
their share of the way along them, and figures and lines are bubbles of their own that move.
"""

from __future__ import annotations

from typing import Any

from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Matrix, Table, Unit
from csmcalc.reports.sheets.planning.drawing import DRAWN, NAMED, Drawing
from csmcalc.reports.sheets.planning.scale import DOTS, LETTERS, ROOM, TICKS
from csmcalc.reports.sheets.reach import MOST_TICKS

_LARGEST, _NAMED = "Largest", "LargestNamed"
_WIDTH, _HEIGHT = 33.0, 12.4

_COLUMNS = (
    Column("No", Unit.FIGURE),
    Column("Key", Unit.MONEY),
    Column("Row", Unit.FIGURE),
    Column("Name"),
    Column("Segment"),
    Column("ARR", Unit.MONEY),
    Column("Margin", Unit.SHARE),
    Column("Growth", Unit.SHARE),
    Column("Across", Unit.DECIMAL),
    Column("Upwards", Unit.DECIMAL),
    Column("Beyond", Unit.COUNT),
    Column("Free", Unit.COUNT),
    Column("Name no", Unit.COUNT),
    *(Column(name, Unit.MONEY) for name in SEGMENTS),
)


def _of_customer(heading: str) -> str:
    return f"INDEX(Customers[{heading}],[@Row])"


def _found(formula: str) -> str:
    return f'IF([@Row]="","",{formula})'


_KNOWN = f'AND([@Segment]<>"",[@Segment]<>"{NO_VERDICT}")'


def _value(heading: str) -> str:
    """Margin or growth of an account with a verdict; the others decide no axis."""
    value = _of_customer(heading)
    return f'IF({_KNOWN},{value},"")'


def _place(heading: str, axis: str) -> str:
    low, high = f"matrix_{axis}_low", f"matrix_{axis}_high"
    return f"IF({_KNOWN},MAX(0,MIN(1,([@{heading}]-{low})/({high}-{low}))),0)"


def _outside(heading: str, axis: str) -> str:
    low, high = f"matrix_{axis}_low-whole_tolerance", f"matrix_{axis}_high+whole_tolerance"
    return f"[@{heading}]<{low},[@{heading}]>{high}"


_NEAR = (
    f'SUMPRODUCT(([No]<[@No])*([Segment]<>"")*([Segment]<>"{NO_VERDICT}")'
    "*(ABS([Across]-[@Across])<names_apart_across)*(ABS([Upwards]-[@Upwards])<names_apart_up))"
)
_FORMULAS = (
    'IFERROR(LARGE(Customers[Order key],[@No]),"")',
    'IF([@Key]="","",MATCH([@Key],Customers[Order key],0))',
    _found(
        f'IF({_of_customer("Account")}="",{_of_customer("Account id")},{_of_customer("Account")})'
    ),
    _found(_of_customer("Segment")),
    _found(_of_customer("ARR")),
    _value("Standard margin"),
    _value("Growth"),
    _place("Margin", "across"),
    _place("Growth", "up"),
    f"IF({_KNOWN},IF(OR({_outside('Margin', 'across')},{_outside('Growth', 'up')}),1,0),0)",
    f"IF({_KNOWN},IF({_NEAR}=0,1,0),0)",
    'IF([@Free]=1,SUM(INDEX([Free],1):[@Free]),"")',
    *(f'IF([@Segment]="{name}",[@ARR],0)' for name in SEGMENTS),
)


def largest_table(drawing: Drawing) -> Table:
    """The accounts that the chart draws, a bubble size in the column of their segment."""
    rows = tuple(_line(drawing, at) for at in range(DRAWN))
    return Table(_LARGEST, _COLUMNS, rows)


def _line(drawing: Drawing, at: int) -> tuple[Cell, ...]:
    values: list[Any] = [*[""] * 7, *[0.0] * 4, "", *[0.0] * len(SEGMENTS)]
    if at < len(drawing.told):
        account = drawing.told[at]
        segment, arr = str(account["segment"]), float(account["arr"])
        known, named = bool(drawing.known[at]), drawing.named
        values = [
            float(drawing.key[at]),
            float(at + 1),
            str(account["name"]),
            segment,
            arr,
            *(float(value[at]) if known else "" for value in drawing.values),
            *(float(place[at]) for place in drawing.places),
            float(drawing.beyond[at]),
            float(at in named),
            float(named.index(at) + 1) if at in named else "",
            *(arr if segment == name else 0.0 for name in SEGMENTS),
        ]
    cells = (
        Cell(value, formula, column.unit, Look.MUTED)
        for value, formula, column in zip(values, _FORMULAS, _COLUMNS[1:], strict=True)
    )
    return Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED), *cells


def named_table(drawing: Drawing) -> Table:
    """The largest accounts that stand free, which carry their names on the chart."""
    at = f"MATCH([@No],{_LARGEST}[Name no],0)"
    name = f"INDEX({_LARGEST}[Name],{at})"
    short = f'IFERROR(IF(LEN({name})>name_letters,LEFT({name},name_letters)&"…",{name}),"")'
    rows = []
    for number in range(NAMED):
        place = drawing.named[number] if number < len(drawing.named) else None
        account = None if place is None else drawing.told[place]
        numbers = [
            (0.0 if place is None else float(drawing.places[0][place]), "Across"),
            (0.0 if place is None else float(drawing.places[1][place]), "Upwards"),
            (0.0 if account is None else float(account["arr"]), "ARR"),
        ]
        shown = "" if account is None else _short(str(account["name"]))
        rows.append(
            (
                Cell(number + 1, unit=Unit.FIGURE, look=Look.MUTED),
                Cell(shown, short, look=Look.MUTED),
                *(
                    Cell(v, f"IFERROR(INDEX({_LARGEST}[{h}],{at}),0)", Unit.DECIMAL, Look.MUTED)
                    for v, h in numbers
                ),
            )
        )
    columns = (
        Column("No", Unit.FIGURE),
        Column("Name"),
        Column("Across", Unit.DECIMAL),
        Column("Upwards", Unit.DECIMAL),
        Column("ARR", Unit.MONEY),
    )
    return Table(_NAMED, columns, tuple(rows))


def _short(name: str) -> str:
    return name[:LETTERS] + "…" if len(name) > LETTERS else name


def matrix_chart() -> Matrix:
    """The chart: a series for each segment, names, the figures of both axes, the lines."""
    return Matrix(
        table=_LARGEST,
        named=_NAMED,
        names=NAMED,
        ticks=TICKS,
        most_ticks=MOST_TICKS,
        dots=DOTS,
        room=ROOM,
        x="Across",
        y="Upwards",
        name="Name",
        size="ARR",
        series=tuple((name, theme.SEGMENT_COLOURS[name]) for name in SEGMENTS),
        x_title="Contribution margin at standard service",
        y_title="Growth a year",
        width=_WIDTH,
        height=_HEIGHT,
    )
