"""How far the axes of the live matrix reach, in cells: figures, steps, and the two lines."""

from __future__ import annotations

from csmcalc.reports.model import Cell, Column, Look, Table, Unit
from csmcalc.reports.sheets.planning.drawing import COVERED, LETTERS, ROOM, SPACE, Drawing
from csmcalc.reports.sheets.reach import (
    FENCE,
    INSIDE,
    LEAST,
    LOWEST_GROWTH,
    MOST_TICKS,
    QUARTILE,
    STEPS,
    STEPS_WANTED,
    Reach,
)
from csmcalc.reports.wording import phrase, share

_DOT, _DOTS, _SHAPE = 0.0012, 121, 2.4
_VALUES = ("Margin", "Growth")
_AXES = ("across", "up")
_LINES = ("profitability_line", "growth_line")


def steps_table() -> Table:
    """The round steps an axis may have."""
    rows = tuple((Cell(step, unit=Unit.SHARE),) for step in STEPS)
    return Table("MatrixSteps", (Column("Step", Unit.SHARE),), rows)


def scale_table(drawing: Drawing) -> Table:
    """The ends of both axes, and what they are found by."""
    given = (
        ("Accounts below the upper end, share", INSIDE, Unit.SHARE, "matrix_share"),
        ("Quartile", QUARTILE, Unit.SHARE, "matrix_quartile"),
        ("Widths of the quartiles beyond them", FENCE, Unit.PLAIN, "matrix_fence"),
        ("Ends from the line, at least", LEAST, Unit.SHARE, "matrix_least"),
        ("Lowest growth", LOWEST_GROWTH, Unit.SHARE, "matrix_lowest"),
        ("Steps of an axis, about", STEPS_WANTED, Unit.PLAIN, "matrix_steps"),
        ("Letters of a name", LETTERS, Unit.PLAIN, "name_letters"),
        ("Half a letter", SPACE.letter, Unit.PLAIN, "name_letter"),
        ("Half the height of a name", SPACE.line, Unit.PLAIN, "name_height"),
        ("Names end, across", SPACE.right, Unit.PLAIN, "name_end"),
        ("Widest bubble: half of it, across", SPACE.radius[0], Unit.PLAIN, "bubble_across"),
        ("Widest bubble: half of it, upwards", SPACE.radius[1], Unit.PLAIN, "bubble_up"),
        ("Frame off the ends of the axes", ROOM, Unit.SHARE, "matrix_room"),
        ("Width of the chart, of its height", _SHAPE, Unit.PLAIN, "matrix_shape"),
        ("Dot of a line, of the widest bubble", _DOT, Unit.PLAIN, "matrix_dot"),
        ("Largest bubbles side by side, at most", COVERED, Unit.PLAIN, "matrix_covered"),
    )
    rows: list[tuple[Cell, ...]] = [
        (Cell(title), Cell(value, unit=unit, name=name)) for title, value, unit, name in given
    ]
    for axis, values, line, reach in zip(_AXES, _VALUES, _LINES, drawing.reaches, strict=True):
        rows += _ends(axis, f"Largest[{values}]", line, reach)
    widest = "MAX(1,MAX(Largest[ARR]),SUM(Largest[ARR])/matrix_covered)"
    widest_cell = Cell(drawing.widest, widest, Unit.MONEY, name="matrix_widest")
    rows.append((Cell("ARR of the widest bubble"), widest_cell))
    for axis, line, at in zip(_AXES, _LINES, drawing.places_of_lines, strict=True):
        place = f"({line}-matrix_{axis}_low)/(matrix_{axis}_high-matrix_{axis}_low)"
        shown = Cell(at, place, Unit.SHARE, name=f"matrix_line_{axis}")
        rows.append((Cell(f"Place of the line {axis}"), shown))
    return Table("MatrixScale", (Column("Scale"), Column("Value", Unit.PLAIN)), tuple(rows))


def _ends(axis: str, column: str, line: str, reach: Reach) -> list[tuple[Cell, ...]]:
    lower, upper = (f"PERCENTILE({column},{at})" for at in ("matrix_quartile", "1-matrix_quartile"))
    width = f"matrix_fence*({upper}-{lower})"
    highest = f"MIN(PERCENTILE({column},matrix_share),{upper}+{width})"
    lowest = f"MAX(PERCENTILE({column},1-matrix_share),{lower}-{width})"

    def told(formula: str) -> str:
        return f"IF(COUNT({column})=0,{line},{formula})"

    def not_below(formula: str) -> str:
        return f"MAX(matrix_lowest,{formula})" if axis == "up" else formula

    low = not_below(f"MIN({told(lowest)},{line}-matrix_least)")
    high = f"MAX({told(highest)},{line}+matrix_least)"
    steps, step = "MatrixSteps[Step]", f"matrix_{axis}_step"
    smaller = f"SUMPRODUCT(--({steps}+whole_tolerance<({high}-{low})/matrix_steps))"
    round_low = not_below(f"INT(({low})/{step}+whole_tolerance)*{step}")
    lines = (
        (f"Step {axis}", reach.step, f"INDEX({steps},MIN(ROWS({steps}),{smaller}+1))", "step"),
        (f"Low end {axis}", reach.low, round_low, "low"),
        (f"High end {axis}", reach.high, f"-INT(-({high})/{step}+whole_tolerance)*{step}", "high"),
    )
    return [
        (Cell(title), Cell(value, formula, Unit.SHARE, name=f"matrix_{axis}_{end}"))
        for title, value, formula, end in lines
    ]


# --- what the chart draws besides accounts ---------------------------------------------------

TICKS, DOTS = "MatrixTicks", "MatrixLines"
_SIZE = "matrix_widest*matrix_dot"


def _dot(drawing: Drawing) -> float:
    return drawing.widest * _DOT


def ticks_table(drawing: Drawing) -> Table:
    """The figures beside both axes, and where they stand."""
    columns: list[Column] = [Column("No", Unit.FIGURE)]
    for title in _VALUES:
        columns += [
            Column(f"{title} shown"),
            Column(f"{title} at", Unit.DECIMAL),
            Column(f"{title} dot", Unit.MONEY),
        ]
    rows = []
    for at in range(MOST_TICKS):
        cells: list[Cell] = [Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED)]
        for axis, reach in zip(_AXES, drawing.reaches, strict=True):
            cells += _tick(axis, reach, at, _dot(drawing))
        rows.append((*cells, Cell(-ROOM, "-matrix_room", Unit.DECIMAL, Look.MUTED)))
    return Table(TICKS, (*columns, Column("Frame", Unit.DECIMAL)), tuple(rows))


def _tick(axis: str, reach: Reach, at: int, dot: float) -> tuple[Cell, Cell, Cell]:
    """A figure, its place, and the size of its bubble: none where an axis has fewer figures."""
    low, high, step = (f"matrix_{axis}_{end}" for end in ("low", "high", "step"))
    value = f"{low}+([@No]-1)*{step}"
    there = f"{value}<={high}+whole_tolerance"
    shown = at < len(reach.ticks)
    number = reach.low + at * reach.step
    words = phrase(share(value, number))
    place = (number - reach.low) / (reach.high - reach.low)
    return (
        Cell(words.value if shown else "", f'IF({there},{words.formula},"")', look=Look.MUTED),
        Cell(
            place if shown else 0.0,
            f"IF({there},({value}-{low})/({high}-{low}),0)",
            Unit.DECIMAL,
            Look.MUTED,
        ),
        Cell(dot if shown else 0.0, f"IF({there},{_SIZE},0)", Unit.MONEY, Look.MUTED),
    )


def dots_table(drawing: Drawing) -> Table:
    """The lines of the matrix, dotted: bubbles have no other lines that move."""
    across, up = drawing.places_of_lines
    size = _dot(drawing)
    rows = tuple(
        (
            Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED),
            Cell(at / (_DOTS - 1), "([@No]-1)/(ROWS([No])-1)", Unit.DECIMAL, Look.MUTED),
            Cell(
                min(1.0, at / (_DOTS - 1) * _SHAPE),
                "MIN(1,[@Along]*matrix_shape)",
                Unit.DECIMAL,
                Look.MUTED,
            ),
            Cell(across, "matrix_line_across", Unit.DECIMAL, Look.MUTED),
            Cell(up, "matrix_line_up", Unit.DECIMAL, Look.MUTED),
            Cell(size, _SIZE, Unit.MONEY, Look.MUTED),
            Cell(drawing.widest, "matrix_widest", Unit.MONEY, Look.MUTED),
        )
        for at in range(_DOTS)
    )
    columns = (
        Column("No", Unit.FIGURE),
        Column("Along", Unit.DECIMAL),
        Column("Along upwards", Unit.DECIMAL),
        Column("Margin line", Unit.DECIMAL),
        Column("Growth line", Unit.DECIMAL),
        Column("Dot", Unit.MONEY),
        Column("Widest", Unit.MONEY),
    )
    return Table(DOTS, columns, rows)
