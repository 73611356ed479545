"""The BCG matrix as a chart that follows the customers: the largest accounts, found by formulas.

Axes of a chart have fixed ends: so they run from 0 to 1 whatever the inputs, accounts are drawn by
their share of the way along them, and figures and lines are bubbles of their own that move.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Matrix, Table, Unit
from csmcalc.reports.sheets.names import SIDES
from csmcalc.reports.sheets.planning import names
from csmcalc.reports.sheets.planning.drawing import DRAWN, LETTERS, NAMED, ROOM, Drawing
from csmcalc.reports.sheets.planning.scale import DOTS, TICKS
from csmcalc.reports.sheets.reach import MOST_TICKS

_LARGEST, _LARGEST_NAMED = "Largest", "LargestNamed"
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
    *names.COLUMNS,
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
    *names.formulas(_KNOWN),
    *(f'IF([@Segment]="{name}",[@ARR],0)' for name in SEGMENTS),
)


def largest_table(drawing: Drawing) -> Table:
    """The accounts that the chart draws, a bubble size in the column of their segment."""
    rows = tuple(_line(drawing, at) for at in range(DRAWN))
    return Table(_LARGEST, _COLUMNS, rows)


def _line(drawing: Drawing, at: int) -> tuple[Cell, ...]:
    values: list[Any] = [*[""] * 7, *[0.0] * 3, *names.nothing(), *[0.0] * len(SEGMENTS)]
    if at < len(drawing.told):
        account = drawing.told[at]
        segment, arr = str(account["segment"]), float(account["arr"])
        known = bool(drawing.known[at])
        values = [
            float(drawing.key[at]),
            float(at + 1),
            str(account["name"]),
            segment,
            arr,
            *(float(value[at]) if known else "" for value in drawing.values),
            *(float(place[at]) for place in drawing.places),
            float(drawing.beyond[at]),
            *names.values(drawing, at),
            *(arr if segment == name else 0.0 for name in SEGMENTS),
        ]
    cells = (
        Cell(value, formula, column.unit, Look.MUTED)
        for value, formula, column in zip(values, _FORMULAS, _COLUMNS[1:], strict=True)
    )
    return Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED), *cells


def named_table(drawing: Drawing) -> Table:
    """The accounts that carry their names on the chart, each on one side of its bubble."""
    named = drawing.named[:NAMED]
    rows = tuple(
        _named(drawing, number, named[number] if number < len(named) else None)
        for number in range(NAMED)
    )
    return Table(_LARGEST_NAMED, _NAMED_COLUMNS, rows)


_NAMED_COLUMNS = (
    Column("No", Unit.FIGURE),
    Column("Name"),
    Column("Side"),
    Column("Across", Unit.DECIMAL),
    Column("Upwards", Unit.DECIMAL),
    Column("ARR", Unit.MONEY),
    *(
        column
        for title in names.TITLES
        for column in (Column(title), Column(names.size_of(title), Unit.MONEY))
    ),
)


def _named(drawing: Drawing, number: int, place: int | None) -> tuple[Cell, ...]:
    name, side, across, up, arr = "", "", 0.0, 0.0, 0.0
    if place is not None:
        account = drawing.told[place]
        name, side = _short(str(account["name"])), names.title_of(drawing, place)
        across, up = (float(places[place]) for places in drawing.places)
        arr = float(account["arr"])
    told = [
        Cell(name, f'IFERROR({_CUT},"")'),
        Cell(side, f'IFERROR({_of_named("Side")},"")'),
        *(
            Cell(value, f"IFERROR({_of_named(heading)},0)", unit)
            for value, heading, unit in (
                (across, "Across", Unit.DECIMAL),
                (up, "Upwards", Unit.DECIMAL),
                (arr, "ARR", Unit.MONEY),
            )
        ),
    ]
    for title in names.TITLES:
        here, is_here = side == title, f'[@Side]="{title}"'
        told += [
            Cell(name if here else "", f'IF({is_here},[@Name],"")'),
            Cell(arr if here else 0.0, f"IF({is_here},[@ARR],0)", Unit.MONEY),
        ]
    muted = (replace(cell, look=Look.MUTED) for cell in told)
    return Cell(number + 1, unit=Unit.FIGURE, look=Look.MUTED), *muted


def _of_named(heading: str) -> str:
    return f"INDEX({_LARGEST}[{heading}],MATCH([@No],{_LARGEST}[Name no],0))"


_CUT = (
    f'IF(LEN({_of_named("Name")})>name_letters,LEFT({_of_named("Name")},name_letters)&"…",'
    f"{_of_named('Name')})"
)


def _short(name: str) -> str:
    return name[:LETTERS] + "…" if len(name) > LETTERS else name


def matrix_chart() -> Matrix:
    """The chart: a series for each segment, names, the figures of both axes, the lines."""
    return Matrix(
        table=_LARGEST,
        named=_LARGEST_NAMED,
        names=NAMED,
        ticks=TICKS,
        most_ticks=MOST_TICKS,
        dots=DOTS,
        room=ROOM,
        x="Across",
        y="Upwards",
        sides=tuple(
            (title, names.size_of(title), side)
            for title, side in zip(names.TITLES, SIDES, strict=True)
        ),
        series=tuple((name, theme.SEGMENT_COLOURS[name]) for name in SEGMENTS),
        x_title="Contribution margin at standard service",
        y_title="Growth a year",
        width=_WIDTH,
        height=_HEIGHT,
    )
