"""Which sheet of a workbook holds the list: the one named, or the only one that can be meant."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csmcalc.errors import InputError
from csmcalc.io.files.areas import Area, parse_area
from csmcalc.io.files.headings import header_position
from csmcalc.io.files.package import Package, Sheet, open_package
from csmcalc.io.files.workbook import Grid, Workbook, raw_table
from csmcalc.io.naming.vocabulary import Listing, vocabulary
from csmcalc.io.naming.years import without_year
from csmcalc.io.options import ReadOptions
from csmcalc.io.phrases import counted
from csmcalc.io.raw import RawTable

_MOST_SHEETS = 100
_REVENUE = {"arr", "acv", "mrr", "amount"}
_IDENTITY = {"id", "name", "account"}
_WHICH: Mapping[Listing, str] = {
    "customers": "say which one holds the list with --sheet",
    "contracts": "save the one with the contracts in a file of its own (--sheet is of the list)",
    "csms": "say which one holds the CSMs with --sheet",
}
"""What to do where several sheets could be meant."""


@dataclass(frozen=True, slots=True)
class ExcelTable:
    """A table of a workbook: a named area whose first row holds the headers."""

    name: str
    area: Area
    totals: int


def read_workbook(
    source: str, content: bytes, options: ReadOptions, listing: Listing = "customers"
) -> RawTable:
    """The table of a workbook that holds what is looked for."""
    package = open_package(source, content)
    area = _named_area(package, options)
    wanted = options.sheet or (area.sheet if area else None)
    book = Workbook(package, content)
    if wanted is not None:
        grid = book.grid(_named_sheet(package, wanted))
    else:
        grid = _likeliest(package, book, options, listing)
    notes = _hidden_rows(package, grid) if area is None else ()
    grid = grid.within(area)
    if not any(any(cell != "" for cell in row) for row in grid.cells):
        where = f" in {options.cells or options.table}" if area else ""
        raise InputError(
            f"{source}, sheet {grid.sheet.name}: there are no cells with content{where}; "
            f"{_others(package, grid.sheet)}"
        )
    return raw_table(package, _without_totals(package, grid), options, listing, notes)


def _named_area(package: Package, options: ReadOptions) -> Area | None:
    if options.table is not None:
        tables = {table.name.casefold(): table for table in _tables(package)}
        table = tables.get(options.table.casefold())
        if table is None:
            known = ", ".join(one.name for one in tables.values()) or "none"
            raise InputError(
                f'{package.source}: there is no table "{options.table}"; its tables: {known}'
            )
        return replace(table.area, bottom=table.area.bottom - table.totals)
    if options.cells is None:
        return None
    named = package.names.get(options.cells.casefold(), options.cells)
    area = parse_area(named)
    if area is None:
        raise InputError(
            f'{package.source}: "{options.cells}" is neither a range of cells such as A5:F200 or '
            "'My sheet'!A5:F200 nor the name of one"
        )
    if options.sheet and area.sheet and options.sheet.casefold() != area.sheet.casefold():
        raise InputError(
            f'{package.source}: the range {options.cells} lies on sheet "{area.sheet}", but sheet '
            f'"{options.sheet}" is asked for; name one of them'
        )
    return area


def _tables(package: Package) -> list[ExcelTable]:
    found: list[ExcelTable] = []
    for sheet in package.sheets:
        if sheet.kind != "worksheet" or not package.has(sheet.part):
            continue
        for part in package.related(sheet.part, "table"):
            found += _table(package, sheet, part)
    return found


def _table(package: Package, sheet: Sheet, part: str) -> list[ExcelTable]:
    found: list[ExcelTable] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        area = parse_area(attributes.get("ref", "")) if tag == "table" else None
        if area is not None:
            name = attributes.get("displayName") or attributes.get("name", "")
            totals = attributes.get("totalsRowCount", "0")
            count = int(totals) if totals.isdigit() else 0
            found.append(ExcelTable(name, replace(area, sheet=sheet.name), count))

    package.walk(part, start)
    return found


def _named_sheet(package: Package, wanted: str) -> Sheet:
    sheet = next(
        (s for s in package.sheets if s.name.casefold() == wanted.strip().casefold()), None
    )
    if sheet is None:
        close = difflib.get_close_matches(wanted, [s.name for s in package.sheets], n=1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        raise InputError(
            f'{package.source}: there is no sheet "{wanted}"; {hint}its sheets: '
            f"{_listed(package.sheets)}"
        )
    if sheet.kind != "worksheet":
        raise InputError(
            f'{package.source}: "{sheet.name}" is a {sheet.kind}, not a sheet with cells; name '
            f"another one with --sheet: {_listed(package.sheets)}"
        )
    return sheet


def _likeliest(package: Package, book: Workbook, options: ReadOptions, listing: Listing) -> Grid:
    """The visible sheet that can be meant: the only one with content, or with what is needed."""
    visible = [s for s in package.sheets if s.visible and s.kind == "worksheet"]
    if len(visible) > _MOST_SHEETS:
        raise InputError(
            f"{package.source}: has {len(visible):,} sheets; {_WHICH[listing]}: {_listed(visible)}"
        )
    grids = [grid for grid in map(book.grid, visible) if grid.cells]
    if not grids:
        hidden = [s for s in package.sheets if not s.visible and s.kind == "worksheet"]
        hint = f"; if it is a hidden one, {_WHICH[listing]}: {_listed(hidden)}" if hidden else ""
        raise InputError(f"{package.source}: no visible sheet has cells with content{hint}")
    if len(grids) == 1:
        return grids[0]
    complete = [grid for grid in grids if _is_complete(grid, options, listing)]
    if len(complete) == 1:
        return complete[0]
    tabular = [g for g in grids if len(g.cells) > 1 and len(g.cells[0]) > 1]
    if not complete and len(tabular) == 1:
        return tabular[0]
    several = complete or tabular or grids
    raise InputError(
        f"{package.source}: {len(several)} sheets could be meant; {_WHICH[listing]}: "
        f"{_listed([grid.sheet for grid in several])}"
    )


def _is_complete(grid: Grid, options: ReadOptions, listing: Listing) -> bool:
    """Whether a sheet has columns for the account and its revenue."""
    rows = grid.top_texts()
    position = header_position(rows, options.columns, listing)
    if position is None:
        return False
    index = vocabulary(listing)
    headers = rows[position]
    fields = {index[key][0] for key in (without_year(h)[0].key for h in headers) if key in index}
    fields |= {field for field, header in options.columns.items() if header.strip() in headers}
    return bool(fields & _REVENUE) and bool(fields & _IDENTITY)


def _without_totals(package: Package, grid: Grid) -> Grid:
    """The grid without the totals rows of its Excel tables, which Excel itself knows as such."""
    totals = {
        row
        for table in _tables(package)
        if table.area.sheet == grid.sheet.name
        for row in range(table.area.bottom - table.totals + 1, table.area.bottom + 1)
    }
    cells = [
        [""] * len(row) if position + grid.top in totals else row
        for position, row in enumerate(grid.cells)
    ]
    return replace(grid, cells=cells) if totals else grid


def _hidden_rows(package: Package, grid: Grid) -> tuple[str, ...]:
    if not grid.scan.hidden_rows:
        return ()
    rows = counted(
        grid.scan.hidden_rows, "hidden row (a filter?) is", "hidden rows (a filter?) are"
    )
    return (f"{package.source}, sheet {grid.sheet.name}: {rows} read like all others",)


def _others(package: Package, sheet: Sheet) -> str:
    others = [s for s in package.sheets if s.name != sheet.name and s.kind == "worksheet"]
    return f"other sheets: {_listed(others)}" if others else "it is the only sheet"


def _listed(sheets: Sequence[Sheet]) -> str:
    marks = [
        f'"{sheet.name}"' + ("" if sheet.visible else " (hidden)")
        for sheet in sheets
        if sheet.kind == "worksheet"
    ]
    return ", ".join(marks[:30]) + (f" and {len(marks) - 30} more" if len(marks) > 30 else "")
