"""The answers of a report put where they stand in somebody's copy, and what hinders it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from csmcalc.planning.answers import Answer, answers_of, blocks_of, lists_of, words_of
from csmcalc.planning.bodies import LongBody
from csmcalc.planning.damage import Damage
from csmcalc.planning.mapping import Places, Spot
from csmcalc.planning.opened import Failed, Opened
from csmcalc.planning.places import Area, place
from csmcalc.planning.skeletons import alike
from csmcalc.planning.structure import missing_headings
from csmcalc.reports.model import List, Report
from csmcalc.reports.template import folded
from csmcalc.reports.template.cells import cell_number
from csmcalc.reports.template.patch import CELL, column_of
from csmcalc.reports.template.sheet import Cell
from csmcalc.reports.template.tables import ExcelTable

RESTORE = "undo that (Ctrl-Z), or copy the formula from a new workbook (`csmcalc template new`)"


@dataclass(slots=True)
class Placed:
    """What goes where: values beside formulas, and values that csmcalc alone finds.

    `own` are cells in which somebody put another formula: it stays, and is computed on opening.
    """

    formulas: dict[Spot, Any] = field(default_factory=dict)
    constants: dict[Spot, Any] = field(default_factory=dict)
    own: list[str] = field(default_factory=list)


def placed(opened: Opened, report: Report, damage: Damage, *, whole: bool = False) -> Placed:
    """Find the place of every answer; note formulas that were typed over.

    With `whole` formulas of tables may not be missing either, as where they are to get values.
    """
    lists = lists_of(report)
    places = Places(opened, damage)
    places.learn(list(blocks_of(report)))
    for sheet in report.sheets:
        for one in sheet.placed:
            if isinstance(one.block, List) and (table := opened.tables.get(one.block.name)):
                places.learn_list(sheet.name, one.row, one.column - 1, _area(table))
    answers = list(answers_of(report))
    places.learn_texts(words_of(report))
    places.learn_texts(one for one in answers if not one.block and not one.name and one.formula)
    made = Placed()
    for answer in answers:
        spot = places.spot(answer)
        if spot is not None:
            _put(opened, answer, spot, made, damage)
    for name, block in lists.items():
        _check_list(opened, name, block, damage, whole=whole)
    return made


def _area(table: ExcelTable) -> Area:
    box = table.box
    return Area(box.sheet, table.header, box.left, table.bottom, box.right)


def _put(opened: Opened, answer: Answer, spot: Spot, made: Placed, damage: Damage) -> None:
    cell = opened.cell(*spot)
    if answer.formula is None:
        if _is_ours(opened, answer, spot, cell) and not _holds(opened, spot, cell, answer.value):
            made.constants[spot] = answer.value
        return
    if cell is None or cell.formula is None:
        value = None if cell is None else opened.value_of(spot[0], cell)
        damage.add(_typed_over(spot, value))
        return
    formula = opened.sheets[spot[0]].formula_text(cell)
    if alike(formula, answer.formula):
        made.formulas[spot] = answer.value
    else:
        made.own.append(place(*spot))


def _holds(opened: Opened, spot: Spot, cell: Cell | None, value: Any) -> bool:
    """Whether a cell holds a value already."""
    now = None if cell is None else opened.value_of(spot[0], cell)
    if isinstance(now, float):
        return now == cell_number(value, epoch_1904=opened.context.epoch_1904)
    return type(now) is type(value) and bool(now == value)


def _is_ours(opened: Opened, answer: Answer, spot: Spot, cell: Cell | None) -> bool:
    """Whether a value goes into a cell: not over the words that somebody wrote into a free one."""
    if cell is not None and cell.formula is not None:
        return False
    if answer.found or answer.value is not None:
        return True
    return cell is not None and isinstance(opened.value_of(spot[0], cell), float)


def _typed_over(spot: Spot, value: Any) -> str:
    holds = "is empty" if value is None else f"holds {_shown(value)}"
    return f"{place(*spot)}: {holds} where the workbook has a formula; {RESTORE}"


def _shown(value: Any) -> str:
    if isinstance(value, Failed):
        return value.word
    if isinstance(value, bool):
        return str(value).upper()
    return f"{value:g}" if isinstance(value, float) else f'"{value}"'


# --- lists -----------------------------------------------------------------------------------


def _check_list(opened: Opened, name: str, block: List, damage: Damage, *, whole: bool) -> None:
    """Note columns of a table that are gone, and formulas in them that were typed over."""
    table = opened.tables.get(name)
    if table is None:
        return
    for message in missing_headings(opened, table, [one.heading for one in block.series]):
        damage.add(message)
    computed = set(columns_of(table, [one.heading for one in block.series if one.formula]).values())
    sheet, empty = table.sheet.name, []
    for row, column, value in _without_formula(opened, table, computed):
        if value not in (None, ""):
            damage.add(_typed_over((sheet, row, column), value))
        elif whole:
            empty.append((row, column))
    if empty:
        rows = len({row for row, _ in empty})
        damage.add(
            f"{place(sheet, *empty[0])}: is empty where the workbook has a formula"
            f"{f', as are cells of {rows:,} rows' if rows > 1 else ''}; copy the formulas of "
            "another row of the table into it"
        )


def columns_of(table: ExcelTable, headings: Sequence[str]) -> dict[str, int]:
    """The column of the sheet in which each heading of a table stands."""
    there = {folded(heading): at for at, heading in enumerate(table.headings)}
    return {h: table.box.left + there[folded(h)] for h in headings if folded(h) in there}


def _without_formula(
    opened: Opened, table: ExcelTable, columns: set[int]
) -> Iterator[tuple[int, int, Any]]:
    """Cells of computed columns that hold something else, or nothing."""
    sheet, box = table.sheet.name, table.box
    long = opened.parts.long.get(table.sheet.part)
    kept_out = {line.number for line in long.lines} if long else set()
    for row in range(box.first, box.last + 1):
        cells = [] if row in kept_out else [opened.cell(sheet, row, c) for c in sorted(columns)]
        if any(cell is not None and not cell.is_blank for cell in cells):
            for cell, column in zip(cells, sorted(columns), strict=True):
                if cell is None or cell.formula is None:
                    yield row, column, cell and opened.value_of(sheet, cell)
    if long:
        yield from _lines_without(opened, long, columns)


def _lines_without(
    opened: Opened, long: LongBody, columns: set[int]
) -> Iterator[tuple[int, int, Any]]:
    """The same of rows that were kept out: counted first, and looked at where the count is off."""
    usual: set[int] = set()
    for line in long.lines:
        count = long.content.count(b"<f", line.start, line.end)
        if count in usual:
            continue
        cells = {
            column_of(match["letters"]): match
            for match in CELL.finditer(long.content, line.start, line.end)
        }
        lacking = [c for c in sorted(columns) if c not in cells or not _has_formula(cells[c])]
        for column in lacking:
            yield line.number, column, _value(opened, cells.get(column))
        if not lacking:
            usual.add(count)


def _has_formula(match: re.Match[bytes]) -> bool:
    return b"<f" in (match["inside"] or b"")


def _value(opened: Opened, match: re.Match[bytes] | None) -> str | None:
    """What a cell without a formula holds, as text."""
    inside = (match["inside"] or b"") if match else b""
    text = re.sub(rb"<[^>]*>", b"", inside).decode()
    if match and re.search(rb'\bt="s"', match["told"]) and text.isdigit():
        return opened.context.shared[int(text)]
    return text or None
