"""A report as frozen data: sheets, texts, tables, charts; nothing here knows a file format.

Formulas are written as people write them in Excel, with columns by their headings: `[@ARR]` is the
cell of the same row, `[ARR]` the column of the same table, `Customers[ARR]` that of another, and
a bare word is the name of a cell. In a grid of months `{heads}` is the cell of that row in the same
month, `{heads.before}` that of the month before. Every formula stands beside its value, computed by
the library.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Value: TypeAlias = str | float | int | bool | dt.date | None


class Unit(StrEnum):
    """What a number is; the number format follows from it and the currency."""

    TEXT = "text"
    WORDS = "text that stays as it is typed"
    MONEY = "money"
    SCALED = "money, in millions or billions while its column needs them"
    MILLIONS = "money in millions"
    BILLIONS = "money in billions"
    SHARE = "share"
    EXACT_SHARE = "share with more decimals where it has them"
    PERCENT = "share in whole per cent"
    PLAIN = "plain number"
    NUMBER = "number as it is typed"
    DECIMAL = "number with decimals"
    CENTS = "money with cents"
    TINY = "tiny number"
    GAP = "gap"
    RATE = "rate of a month"
    COUNT = "count"
    FIGURE = "figure"
    FTE = "fte"
    HOURS = "hours"
    DATE = "date"
    MONTH = "month"
    YEAR = "year"
    FLAG = "true or false"


class Look(StrEnum):
    """How a cell looks; colours, sizes and lines stand in `reports.theme`."""

    TITLE = "title"
    SHEET_TITLE = "sheet title"
    SUBTITLE = "subtitle"
    SECTION = "section"
    SENTENCE = "sentence"
    CARD_LABEL = "card label"
    CARD_FIGURE = "card figure"
    CARD_NOTE = "card note"
    REMARK = "remark"
    HEADER = "header"
    BODY = "body"
    PROSE = "prose"
    STRONG = "strong"
    MUTED = "muted"
    TOTAL = "total"
    INPUT = "input"
    LINK = "link"
    LINKED_WORDS = "linked words"
    FOUND = "found by csmcalc"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a value, the formula that yields it if there is one, its unit and look.

    An Excel error as a value is its `FaultKind`.
    `colour` overrides that of the look; `coloured` are the words that choose it themselves. `found`
    are words that only csmcalc finds, and writes anew when it fills the workbook again.
    `spill` are the rows and columns that the formula fills as a dynamic array; the cells beside
    and below the first hold their values alone.
    """

    value: Value
    formula: str | None = None
    unit: Unit = Unit.TEXT
    look: Look = Look.BODY
    name: str | None = None
    colour: str | None = None
    coloured: tuple[str, ...] = ()
    allowed: Allowed | None = None
    spill: tuple[int, int] | None = None
    found: bool = False


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be typed into an input cell, and what it tells who enters it: `title` and `help`.

    `choices_from` is a column such as `Tiers[Tier]`, `letters` the one length of a text, `longest`
    the greatest; a `day` is a date within the limits. `at_least` and `at_most` are names of cells
    whose numbers are limits too, where they hold one.
    """

    words: str
    low: float | None = None
    high: float | None = None
    above_low: bool = False
    whole: bool = False
    letters: int | None = None
    choices: tuple[str, ...] = ()
    choices_from: str | None = None
    longest: int | None = None
    day: bool = False
    at_least: str = ""
    at_most: str = ""
    title: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A cell that stands alone, spanning some columns and wrapping over some lines."""

    cell: Cell
    span: int = 1
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, the unit of its cells, and how many columns it spans.

    `live` is what stands above it in place of the heading by which formulas know it; no line stands
    below it where it is not `ruled`.
    """

    heading: str
    unit: Unit = Unit.TEXT
    span: int = 1
    live: Cell | None = None
    ruled: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A short table: every cell is its own; `name` lets formulas elsewhere read its columns.

    The numbers in its first column show only where the column `used` says something.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    used: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """A column of a list: its values (any sequence), and the one formula that yields them.

    `coloured` are the words in its cells that choose their colour, `allowed` is what may be typed.
    """

    heading: str
    unit: Unit
    values: Any
    formula: str | None = None
    look: Look = Look.BODY
    coloured: tuple[str, ...] = ()
    allowed: Allowed | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A long Excel table with filters, a row per account or per problem."""

    name: str
    series: tuple[Series, ...]

    @property
    def length(self) -> int:
        """How many rows it has."""
        return len(self.series[0].values)


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of a grid: the same formula in every month, beside the value of each.

    Formulas name rows of any grid by their keys: `{heads}` in the same month, `{heads.before}` the
    month before (the opening cell for the first), `{heads.past}` from the opening to the month
    before, `{heads.sofar}` from the first month to this one, `{heads.all}` all months,
    `{heads.last}` the last, `{heads.opening}` the opening cell. Without a key a row is a heading.
    A title may be live: `title_formula` beside what it reads now.
    """

    key: str
    title: str
    unit_words: str = ""
    unit: Unit = Unit.TEXT
    values: Any = ()
    formula: str | None = None
    opening: Cell | None = None
    look: Look = Look.BODY
    coloured: tuple[str, ...] = ()
    title_formula: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Months side by side: titles, units, an opening column, then a column for each month.

    The same column is the same month in every grid of a workbook.
    """

    name: str
    rows: tuple[GridRow, ...]
    months: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars of one column of a table, one of them accented."""

    table: str
    labels: str
    values: str
    accent: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bubble:
    """Some rows of a table (0-based, inclusive) as bubbles of one colour.

    Their title stands at `side` of each: r, l, t or b; nowhere if it is empty.
    """

    title: str
    colour: str
    first: int
    last: int
    side: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis of a chart: the column it shows, its title, limits, where the line crosses it."""

    heading: str
    title: str
    low: float
    high: float
    line: float
    step: float


@dataclass(frozen=True, slots=True)
class Bubbles:
    """A bubble chart over the columns of a table, one line across each axis."""

    table: str
    x: Axis
    y: Axis
    size: str
    bubbles: tuple[Bubble, ...]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of a curve: the column that holds it alone, its colour, on which side its name is."""

    heading: str
    colour: str
    side: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over a column of equal steps, a stretch of it shaded, some points marked.

    `shaded` and the headings of `marks` are columns that are empty where nothing is to be seen.
    Without a `low` the axis begins where it has to.
    """

    table: str
    x: str
    line: str
    shaded: str
    marks: tuple[Mark, ...]
    x_title: str
    number_format: str
    low: float | None
    label_every: int
    width: float
    height: float
    x_is_text: bool = False


@dataclass(frozen=True, slots=True)
class Tornado:
    """What an answer gains or loses by each input lower and higher, a row each."""

    table: str
    labels: str
    low: str
    high: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A row of a grid as a line over the months: key, name, colour.

    Without a name it carries the title of its row.
    """

    key: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Curves:
    """Rows of a grid as lines over the months."""

    months: str
    lines: tuple[MonthLine, ...]
    unit: Unit
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two horizontal bars a row, before in grey and after in the accent; shares of a target.

    Without `has_before` the second alone is drawn.
    """

    table: str
    labels: str
    before: str
    after: str
    has_before: bool
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ranks:
    """Two lines over rows in order, before in grey and after in the accent; shares of a target."""

    table: str
    x: str
    before: str
    after: str
    has_before: bool
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """Bubbles by their share of the way along two axes that run from 0 to 1.

    `series` are columns of sizes with their colours, all over the places in `x` and `y`. `named` is
    a table of the bubbles that carry their names, `sides` its columns of names and of sizes for
    each side, `ticks` one of the figures beside both axes, `dots` one of the points of two lines;
    the frame stands `room` off the ends of the axes.
    """

    table: str
    named: str
    names: int
    ticks: str
    most_ticks: int
    dots: str
    room: float
    x: str
    y: str
    sides: tuple[tuple[str, str, str], ...]
    series: tuple[tuple[str, str], ...]
    x_title: str
    y_title: str
    width: float
    height: float


Chart: TypeAlias = Bars | Bubbles | Curve | Tornado | Pairs | Ranks
Block: TypeAlias = Text | Table | List | Grid | Chart | Curves | Matrix


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the cell (1-based row and column) of its upper left corner."""

    row: int
    column: int
    block: Block


@dataclass(frozen=True, slots=True)
class Wash:
    """A shaded rectangle behind cells (1-based, inclusive), with a line above it."""

    top: int
    left: int
    bottom: int
    right: int
    accent: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: blocks in their places, column widths, and how it prints.

    `printed` is the last row and column on paper; without it the whole sheet is printed. `across`
    are the pages side by side, with `repeated_columns` on each.
    `printed` is the last row and column on paper; without it the whole sheet is printed.
    `breaks` are the rows after which a new page begins. A hidden sheet is for programs.
    """

    name: str
    placed: tuple[Placed, ...]
    widths: tuple[float, ...] = ()
    heights: dict[int, float] = field(default_factory=dict)
    washes: tuple[Wash, ...] = ()
    printed: tuple[int, int] | None = None
    one_page: bool = True
    frozen: tuple[int, int] | None = None
    repeated_row: int | None = None
    across: int = 1
    repeated_columns: int | None = None
    breaks: tuple[int, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole workbook before it has a file format.

    `macros` is a VBA project with a module for the workbook and one for each sheet. With `anchored`
    each table and grid has a name in the workbook by which it is found again, wherever it went.
    """

    title: str
    footer: str
    currency: str
    sheets: tuple[Sheet, ...]
    macros: bytes | None = None
    anchored: bool = False
