"""Inputs: every assumption with unit, status, meaning and source, and the tables of judgement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from csmcalc.core.setting import Setting, settings_of
from csmcalc.plan.cells import (
    AS_OF,
    CURRENCY,
    ELSEWHERE,
    LONGEST_RULE,
    ROOM,
    RULES,
    row_cell,
    rule_cell,
)
from csmcalc.plan.plan import Plan
from csmcalc.plan.settings import TABLES
from csmcalc.portfolio.judgement import SEGMENT_RULES
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.service import DEFAULT_HOURS
from csmcalc.reports import theme
from csmcalc.reports.model import Allowed, Cell, Column, Look, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.assumptions import (
    INPUT_COLUMNS,
    SECTION_TITLES,
    allowed_of,
    input_row,
    unit_of,
)
from csmcalc.reports.sheets.planning.statuses import STATUSES
from csmcalc.reports.sheets.value.response import TABLE_NAMES

_WIDTHS = (2, 30, 17, 15, 21, 12, 17, 17, 17, 17, 64)
_TITLES = {
    **SECTION_TITLES,
    "value": "Value of service (only csmcalc computes with these)",
    "timeline": "Months: how customers come and go",
    "hiring": "Hiring",
    "books": "Books of customers (csmcalc assign)",
}
_MEANING = 4
"""Columns that the meaning of an assumption spans, beside its value, default, unit and status."""


def inputs_sheet(plan: Plan) -> Sheet:
    """The sheet of all inputs but the customers, the team and the cases."""
    page = Page("Inputs", _WIDTHS)
    row = page.head(
        "Inputs",
        "Blue on yellow: type over what you know better · shares as 81% or 0.81, money in the "
        "currency below · status: measured, set or default",
    )
    row = page.section(row, "The list")
    row = page.table(row, _list_table(plan)) + 1
    row = page.section(row, "Assumptions")
    assumptions = _assumptions(plan)
    raise_rows(page, row, assumptions, {"What it means": 92, "Source": 88})
    page.breaks += [
        row + at
        for at, cells in enumerate(assumptions.rows)
        if cells[0].value in _SECTIONS_ON_A_NEW_PAGE
    ]
    row = page.table(row, assumptions) + 1
    for title, note, table in _tables(plan):
        if table.name in _ON_A_NEW_PAGE:
            page.breaks.append(row - 1)
        row = page.section(row, title)
        row = page.table(row, table)
        page.text(row, FIRST_COLUMN, note, Look.REMARK, span=10, lines=1 + len(note) // 190)
        row += 2
    return page.sheet(printed=(row, len(_WIDTHS)), one_page=False, frozen=(3, 0))


def raise_rows(page: Page, row: int, table: Table, letters: Mapping[str, int]) -> None:
    """Make rows of a table as high as texts need that are longer than a line of their column."""
    headings = [one.heading for one in table.columns]
    for at, cells in enumerate(table.rows, start=row + 1):
        lines = max(
            -(-len(str(cells[headings.index(heading)].value or "")) // line)
            for heading, line in letters.items()
        )
        if lines > 1:
            page.heights[at] = max(theme.LIST_HEADER_HEIGHT, 13.0 * lines)


def _list_table(plan: Plan) -> Table:
    day = Allowed(
        "a date", low=1, high=2_958_465, day=True, title="Day of the plan",
        help="The day the list describes: ages of customers and the first month follow from it.",
    )  # fmt: skip
    code = Allowed(
        "a currency code of three letters", letters=3, title="Currency of the list",
        help="ISO code of all amounts of the customers, such as EUR.",
    )  # fmt: skip
    rows = (
        (
            Cell("Day of the plan"),
            Cell(plan.book.as_of, unit=Unit.DATE, look=Look.INPUT, name=AS_OF, allowed=day),
            Cell("The day the list describes", look=Look.MUTED),
        ),
        (
            Cell("Currency of the list"),
            Cell(plan.book.currency, look=Look.INPUT, name=CURRENCY, allowed=code),
            Cell("ISO code of all amounts of the customers", look=Look.MUTED),
        ),
    )
    return Table("ListInputs", (Column("List"), Column("Value"), Column("Meaning", span=5)), rows)


def _in_workbook(words: str) -> str:
    """What settings files call a setting or a table, as this sheet calls it."""
    for told, here in _CALLED.items():
        words = words.replace(told, here)
    return words


_CALLED = {
    "[[response]]": "the table of judged points",
    '[value] menu is "levels"': "Menu of service is levels",
    "[timeline]": "the assumptions above",
    "[service] service_share": "Service share",
}


def _said(cell: Cell) -> Cell:
    """A cell whose words, and what it says to who types, are those of this sheet."""
    if cell.look is Look.INPUT:
        allowed = cell.allowed and replace(cell.allowed, help=_in_workbook(cell.allowed.help))
        return replace(cell, allowed=allowed)
    return replace(cell, value=_in_workbook(cell.value)) if isinstance(cell.value, str) else cell


def _assumptions(plan: Plan) -> Table:
    """Every scalar setting."""
    blank = Cell(None)
    rows: list[tuple[Cell, ...]] = []
    current = ""
    for section, declared, value in plan.settings.entries():
        if (section, declared.name) in ELSEWHERE:
            continue
        if section != current:
            current = section
            title = Cell(_TITLES[section], look=Look.STRONG)
            rows.append((title, *(blank for _ in INPUT_COLUMNS[1:])))
        rows.append(tuple(map(_said, input_row(plan, section, declared, value))))
    columns = [
        replace(one, span=_MEANING) if one.heading == "What it means" else one
        for one in INPUT_COLUMNS
    ]
    return Table("Inputs", tuple(columns), tuple(rows))


# --- tables ----------------------------------------------------------------------------------


def _tables(plan: Plan) -> Iterator[tuple[str, str, Table]]:
    """Title, note and table of each kind of judgement."""
    for key, title in _SHOWN.items():
        declared = TABLES[key]
        note = _in_workbook(f"{declared.note} Source: {declared.source}.")
        yield title, note, _Rows(plan, key).table()
    yield (
        "Rules of books, for csmcalc assign",
        "What must hold of every book, one rule a row, such as: "
        "balance arr within 10% · keep owner for tier = dedicated · customers at most 60 per CSM.",
        _rules(plan),
    )
    yield (
        "Words of the Status column",
        "Customers with these words are left out of the plan, or count; any other word counts.",
        _statuses(),
    )


_SHOWN = {
    "tiers": "Touch tiers, from least to most hours; room for more below",
    "categories": "Categories and the tier each stands for",
    "response": "Net retention by hours of service: judged points",
    "segment_rules": "Bounds of hours by segment, as multiples of today's",
    "service_levels": "Service levels, as multiples of today's hours",
    "minimum_service": "Hours that named accounts get in any case",
    "growth": "How customers come and go where a segment differs from all; empty: as all",
    "levers": "Growth levers: what a year's spending on each is judged to change",
}
_NAMES = {
    **TABLE_NAMES,
    "tiers": "Tiers",
    "categories": "Categories",
    "growth": "GrowthBySegment",
    "levers": "LeverInputs",
}
_ON_A_NEW_PAGE = {_NAMES["tiers"], TABLE_NAMES["segment_rules"], _NAMES["levers"]}
_SECTIONS_ON_A_NEW_PAGE = {_TITLES["bcg"], _TITLES["hiring"]}
_BY_SEGMENT = {
    "segment_rules": tuple(rule.segment for rule in SEGMENT_RULES),
    "growth": (*SEGMENTS, NO_VERDICT),
}
"""Tables with a row for each segment; the segment is no input."""

_CHOICES = {
    ("categories", "tier"): "Tiers[Touch tier]",
    ("response", "tier"): "Tiers[Touch tier]",
}


_FLOORS_AND_CAPS = (("hours_min", "hours_max"), ("floor", "cap"))
"""Fields of a row of which the first may not exceed the second."""


class _Rows:
    """One table of settings with room for more rows."""

    def __init__(self, plan: Plan, key: str) -> None:
        self.plan, self.key = plan, key
        self.declared = settings_of(TABLES[key].row)
        self.segments = _BY_SEGMENT.get(key, ())
        self.rows: Sequence[Any] = getattr(plan.settings, key)

    def table(self) -> Table:
        columns = [Column("No", Unit.FIGURE), *map(self._column, self.declared)]
        if self.key == "tiers":
            columns += [Column("Default", Unit.PLAIN), Column("Status")]
        rows = tuple(self._row(at) for at in range(ROOM[self.key]))
        # The numbers stand last, where they disturb least; formulas weigh rows by them.
        ordered = (*columns[1:], columns[0])
        return Table(_NAMES[self.key], ordered, rows)

    def _column(self, declared: Setting) -> Column:
        unit = unit_of(declared)
        return Column(declared.title, Unit.PLAIN if unit is Unit.SHARE else unit)

    def _row(self, at: int) -> tuple[Cell, ...]:
        told = self._told(at)
        cells = [self._cell(at, told, declared) for declared in self.declared]
        if self.key == "tiers":
            cells += self._status(at, told)
        return (*cells, Cell(at + 1, unit=Unit.FIGURE, look=Look.MUTED))

    def _told(self, at: int) -> Any:
        """The row that is told here, if one is."""
        if not self.segments:
            return self.rows[at] if at < len(self.rows) else None
        return next((row for row in self.rows if row.segment == self.segments[at]), None)

    def _cell(self, at: int, told: Any, declared: Setting) -> Cell:
        name = row_cell(self.key, at, declared.name)
        if self.segments and declared.name == "segment":
            return Cell(self.segments[at], look=Look.STRONG, name=name)
        value = getattr(told, declared.name, None)
        allowed = self._within(at, declared, _allowed(self.key, declared))
        cell = Cell(value, unit=unit_of(declared), look=Look.INPUT, name=name, allowed=allowed)
        return _said(cell)

    def _within(self, at: int, declared: Setting, allowed: Allowed) -> Allowed:
        """The same for a floor, which ends at the cap beside it, and for a cap."""
        titles = {one.name: one.title for one in self.declared}
        for floor, cap in _FLOORS_AND_CAPS:
            if declared.name == floor and cap in titles:
                words = f"{allowed.words}, and of at most {titles[cap]} in its row"
                return replace(allowed, words=words, at_most=row_cell(self.key, at, cap))
            if declared.name == cap and floor in titles:
                words = f"{allowed.words}, and of at least {titles[floor]} in its row"
                return replace(allowed, words=words, at_least=row_cell(self.key, at, floor))
        return allowed

    def _status(self, at: int, told: Any) -> list[Cell]:
        """Whether the hours of a tier are the published ones."""
        default = DEFAULT_HOURS.get(told.name) if told else None
        hours = told.hours if told else None
        word = "" if told is None else "default" if hours == default else "set"
        name = row_cell("tiers", at, "name")
        live = 'IF(AND([@Default]<>"",[@Hours a year]=[@Default]),"default","set")'
        status = Cell(word, f'IF({name}="","",{live})', look=Look.MUTED)
        return [Cell(default, unit=Unit.PLAIN, look=Look.MUTED), status]


def _allowed(table: str, declared: Setting) -> Allowed:
    """What may be typed into a cell of a table, or that it may stay empty."""
    allowed = allowed_of(declared)
    choices = _CHOICES.get((table, declared.name))
    if choices:
        return replace(allowed, words="one of the tiers above, or nothing", choices_from=choices)
    if declared.kind is str and not declared.choices:
        where = "at most 60 letters, or nothing"
        return replace(allowed, words=where, letters=None, longest=60)
    return allowed


def _rules(plan: Plan) -> Table:
    """The rules of books as they are written on a command line."""
    allowed = Allowed(
        f"a rule of at most {LONGEST_RULE} letters, or nothing",
        longest=LONGEST_RULE,
        title="Rule of books",
        help="What must hold of every book, such as: balance arr within 10%.",
    )
    told = plan.settings.books.rules
    words = (*told, *[None] * (RULES - len(told)))
    rows = tuple(
        (Cell(f"Rule {at + 1}"), Cell(rule, look=Look.INPUT, name=rule_cell(at), allowed=allowed))
        for at, rule in enumerate(words)
    )
    return Table("BookRules", (Column("Rule"), Column("What must hold", span=7)), rows)


def _statuses() -> Table:
    """The words of the status column that the workbook itself knows."""
    rows = tuple((Cell(word), Cell(counts, look=Look.MUTED)) for word, counts in STATUSES)
    return Table("Statuses", (Column("Status"), Column("Counts as", span=2)), rows)
