"""Where the cells of a report stand in somebody's copy of the workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from csmcalc.planning.answers import Answer, Block
from csmcalc.planning.damage import Damage
from csmcalc.planning.opened import MAKE_ONE, Opened
from csmcalc.planning.places import Area
from csmcalc.planning.shipped import stood_at
from csmcalc.planning.skeletons import alike

SPARE = {"Guide", "Sources"}
"""Sheets to read, which no other needs: a workbook goes on without them."""

Spot = tuple[str, int, int]
"""Sheet, row from 1, column from 0."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the rows and columns of a block stand now."""

    sheet: str
    rows: tuple[int, ...]
    columns: tuple[int, ...]


@dataclass(slots=True)
class _Shifts:
    """What is known of a sheet: rows and columns of the report, and where they went."""

    sheet: str = ""
    rows: dict[int, int] = field(default_factory=dict)
    columns: dict[int, int] = field(default_factory=dict)

    def spots(self, answer: Answer) -> Iterator[tuple[int, int]]:
        """The rows and columns in which a free cell of the report may stand now."""
        for row in _candidates(self.rows, answer.row):
            for column in _candidates(self.columns, answer.column):
                yield row, column


class Places:
    """The places of all cells of a report in one workbook."""

    def __init__(self, opened: Opened, damage: Damage) -> None:
        """Begin with nothing known."""
        self.opened, self.damage = opened, damage
        self.blocks: dict[str, Lines] = {}
        self._shifts: dict[str, _Shifts] = {}

    def learn(self, blocks: Sequence[Block]) -> None:
        """Find the tables and grids by their names."""
        missed = self._missed(blocks)
        for sheet in sorted(missed - SPARE):
            self.damage.add(
                f"{sheet}!A1: the sheet {sheet} is gone, and csmcalc writes there; go back to a "
                "copy that has it (a sheet that you do not want to see can be hidden), or "
                f"{MAKE_ONE}: copy your inputs and customers into it"
            )
        for block in blocks:
            area = self.opened.area(block.name)
            if area is None:
                if block.sheet not in missed:
                    self.damage.add(
                        f"{stood_at(block.name)}: the name {block.name} is gone, which says where "
                        "that table stands; undo what removed it, or define it again (Formulas, "
                        "Name Manager) for the table with its headings, which stood there as it "
                        "shipped"
                    )
                continue
            lines = self._lines(block, area)
            if lines:
                self.blocks[block.name] = lines
                self._learn(block, lines)

    def _missed(self, blocks: Sequence[Block]) -> set[str]:
        """Sheets that somebody deleted: no sheet is called so, and none of its tables is left."""
        left = {block.sheet for block in blocks if self.opened.area(block.name)}
        return {block.sheet for block in blocks} - left - set(self.opened.sheets)

    def learn_list(self, sheet: str, header: int, left: int, now: Area) -> None:
        """Take note of where an Excel table went."""
        shifts = self._shifts.setdefault(sheet, _Shifts())
        shifts.sheet = shifts.sheet or now.sheet
        shifts.rows.setdefault(header, now.top)
        shifts.columns.setdefault(left, now.left)

    def learn_texts(self, texts: Iterable[Answer]) -> None:
        """Take note of where the lines of free texts went, as far as these are as they were."""
        for answer in texts:
            shifts = self._shifts.get(answer.sheet)
            there = [at for at in shifts.spots(answer) if self._is(answer, *at)] if shifts else []
            if shifts and len(there) == 1:
                shifts.rows.setdefault(answer.row, there[0][0])
                shifts.columns.setdefault(answer.column, there[0][1])

    def _learn(self, block: Block, lines: Lines) -> None:
        shifts = self._shifts.setdefault(block.sheet, _Shifts())
        shifts.sheet = shifts.sheet or lines.sheet
        if shifts.sheet == lines.sheet:
            shifts.rows |= {block.row + at: row for at, row in enumerate(lines.rows)}
            shifts.columns |= {block.column + at: col for at, col in enumerate(lines.columns)}

    def _lines(self, block: Block, area: Area) -> Lines | None:
        height, width = area.bottom - area.top + 1, area.right - area.left + 1
        rows: Sequence[int] | None = range(height) if height == block.height else None
        columns: Sequence[int] | None = range(width) if width == block.width else None
        cells = self.opened.cells(area.sheet)
        if rows is None:
            there = (self._text(area.sheet, area.top + at, area.left) for at in range(height))
            rows = aligned(block.labels, tuple(there))
        if columns is None:
            there = (self._text(area.sheet, area.top, area.left + at) for at in range(width))
            columns = aligned(block.headings, tuple(there))
        if rows is None or columns is None or not cells:
            what = "row" if rows is None else "column"
            self.damage.add(
                f"{area.words}: table {block.name} has another {what} inside than it came with, or "
                f"lacks one; take it out or undo that, and put what is yours beside the table"
            )
            return None
        return Lines(
            area.sheet,
            tuple(area.top + at for at in rows),
            tuple(area.left + at for at in columns),
        )

    def _text(self, sheet: str, row: int, column: int) -> str | None:
        cell = self.opened.cell(sheet, row, column)
        if cell is None or cell.formula is not None:
            return None
        value = self.opened.value_of(sheet, cell)
        return value if isinstance(value, str) else None

    def sheet(self, reported_sheet: str) -> str | None:
        """What a sheet of the report is called now, as far as it is known."""
        shifts = self._shifts.get(reported_sheet)
        return shifts.sheet if shifts else None

    def spot(self, answer: Answer) -> Spot | None:
        """Where a cell stands now; None for words of ours that somebody took away."""
        if answer.name:
            area = self.opened.area(answer.name)
            if area:
                return area.sheet, area.top, area.left
            if answer.block not in self.blocks:
                return None
            self.damage.add(
                f"{stood_at(answer.name)}: the name {answer.name} is gone, which formulas use; "
                "undo what removed it, or define it again (Formulas, Name Manager)"
            )
            return None
        if answer.block:
            known = self.blocks.get(answer.block)
            return None if known is None else _spot_in(known, answer)
        return self._text_spot(answer)

    def _text_spot(self, answer: Answer) -> Spot | None:
        shifts = self._shifts.get(answer.sheet)
        if not shifts or answer.formula is None:
            return None
        spots = list(shifts.spots(answer))
        there = next((at for at in spots if self._is(answer, *at)), None)
        if there is None:
            # What stands in its place is somebody's: the only thing that may be it.
            taken = [at for at in spots if self._is_taken(shifts, answer, *at)]
            there = taken[0] if len(taken) == 1 else None
        return None if there is None else (shifts.sheet, *there)

    def _is(self, answer: Answer, row: int, column: int) -> bool:
        """Whether a cell holds the formula or the words of a free text."""
        sheet = self._shifts[answer.sheet].sheet
        cell = self.opened.cell(sheet, row, column)
        if answer.formula is None:
            return bool(self._text(sheet, row, column) == answer.value)
        if cell is None or cell.formula is None:
            return False
        formula = self.opened.sheets[sheet].formula_text(cell)
        return alike(formula, answer.formula)

    def _is_taken(self, shifts: _Shifts, answer: Answer, row: int, column: int) -> bool:
        """Whether something stands in a cell that is no other line's."""
        others = (shifts.rows, answer.row, row), (shifts.columns, answer.column, column)
        if any(at not in known and now in known.values() for known, at, now in others):
            return False
        value = self.opened.value(shifts.sheet, row, column)
        return value is not None and value != ""


def _spot_in(lines: Lines, answer: Answer) -> Spot:
    return lines.sheet, lines.rows[answer.down], lines.columns[answer.across]


def _candidates(known: Mapping[int, int], at: int) -> Iterator[int]:
    """Where a line may stand, given where its neighbours went."""
    if at in known:
        yield known[at]
        return
    before = max((line for line in known if line < at), default=None)
    after = min((line for line in known if line > at), default=None)
    low = 0 if before is None else known[before] - before
    high = low if after is None else known[after] - after
    for shift in range(min(low, high), max(low, high) + 1):
        yield at + shift


def aligned(expected: Sequence[str | None], found: Sequence[str | None]) -> tuple[int, ...] | None:
    """Where each line stands among those found, others being put in between; None if one lacks.

    >>> aligned(("a", "b", None), ("a", "mine", "b", None))
    (0, 2, 3)
    """
    places, at = [], 0
    for label in expected:
        if label is not None:
            while at < len(found) and found[at] != label:
                at += 1
        if at >= len(found):
            return None
        places.append(at)
        at += 1
    return tuple(places)
