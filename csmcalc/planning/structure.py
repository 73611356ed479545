"""Whether a workbook still has what it was made of: version, tables, headings, free ground."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from csmcalc.plan.cells import CSMS, CUSTOMERS, TEMPLATE, VERSION
from csmcalc.planning.damage import Damage
from csmcalc.planning.inputs import where_input
from csmcalc.planning.opened import MAKE_ONE, Opened
from csmcalc.planning.places import Area, area_of, place
from csmcalc.planning.shipped import names_of_cells, stood_at
from csmcalc.portfolio.book import FIELDS
from csmcalc.portfolio.books.team import CSM_FIELDS
from csmcalc.reports.sheets.planning.customers import heading_of
from csmcalc.reports.template import folded
from csmcalc.reports.template.tables import ExcelTable

TYPED: dict[str, tuple[str, ...]] = {
    CUSTOMERS: tuple(heading_of(field) for field in FIELDS),
    CSMS: tuple(field.title for field in CSM_FIELDS),
}
"""The columns of each table that people fill."""

_ALIKE = 0.9
_FEWEST_WORDS = 8


NEWER = (
    f"{MAKE_ONE}, `csmcalc fill my_plan.xlsx THIS_ONE -o filled.xlsx` takes the customers over: "
    "type inputs of your own into it once more"
)
"""What to do with a workbook of an earlier template."""


def check_version(opened: Opened) -> None:
    """Refuse a workbook that another version of the template made."""
    damage, area = Damage(opened.source), opened.area(TEMPLATE)
    value = area and opened.value(area.sheet, area.top, area.left)
    where = where_input(opened, TEMPLATE)
    if area is None:
        damage.add(
            f"{stood_at(TEMPLATE)}: the name {TEMPLATE} is gone, which says what version the "
            "workbook is of; undo what removed it, or define it again for the cell that says it; "
            f"if the workbook is older, {NEWER}"
        )
    elif not isinstance(value, float):
        damage.add(
            f"{where} (template version) holds no number; undo that, or type the version that the "
            f"workbook came with, {VERSION} for one of this csmcalc"
        )
    elif value < VERSION:
        damage.add(
            f"{where}: is of template version {value:g}, and this csmcalc works with version "
            f"{VERSION}; {NEWER}"
        )
    elif value > VERSION:
        damage.add(
            f"{where}: is of template version {value:g}, and this csmcalc knows versions up to "
            f"{VERSION}; upgrade csmcalc"
        )
    damage.refuse()


def check_structure(opened: Opened, damage: Damage, growing: Collection[str] = ()) -> None:
    """Note what is missing or stands in the way; `growing` are tables that are to take rows."""
    _check_copies(opened, damage)
    _check_names(opened, damage)
    for name, headings in TYPED.items():
        table = opened.tables.get(name)
        if table is None:
            damage.add(_renamed(opened, name, headings))
            continue
        lacking = missing_headings(opened, table, headings)
        for message in lacking:
            damage.add(message)
        merged = _merged(table)
        for area in merged:
            damage.add(
                f"{area.words}: merged cells in or below table {name}; unmerge them (Home, Merge & "
                "Center)"
            )
        below = _below(opened, table)
        if below:
            damage.add(
                f"{below}: stands below table {name} and is no part of it; if it belongs to it, "
                "drag the table's lower right corner over it (LibreOffice: Data, Define Range), "
                "else move it above, beside or to another sheet"
            )
        if name in growing and table.refusal and not merged and not below:
            damage.add(
                f"{place(table.sheet.name, table.header, table.box.left)}: table {name} cannot "
                f"grow: {table.refusal}"
            )


def check_unprotected(opened: Opened, damage: Damage, sheets: Iterable[str]) -> None:
    """Note sheets that are to be written and are protected."""
    for name in sheets:
        sheet = opened.sheets.get(name)
        for element in sheet.outside("sheetProtection") if sheet else ():
            if element.attributes.get("sheet") in ("1", "true"):
                damage.add(
                    f"{name}!A1: the sheet is protected; take the protection off (Review, "
                    "Unprotect Sheet), and put it on again afterwards"
                )


_COMPOUND, _SECTOR = bytes.fromhex("d0cf11e0a1b11ae1"), 512
"""How the file of macros inside a workbook begins, and what its length is a multiple of."""


def check_macros(opened: Opened, damage: Damage) -> None:
    """Note macros with which Excel would not open what is written: they are kept as they are."""
    macros = [name for name in opened.parts.names if name.endswith("vbaProject.bin")]
    contents = [opened.parts.read(name) for name in macros]
    types = opened.parts.read("[Content_Types].xml")
    gone = not macros and b"vnd.ms-office.vbaProject" in types
    if gone or any(c[:8] != _COMPOUND or len(c) % _SECTOR for c in contents):
        damage.add(
            f"{(macros or ['xl/vbaProject.bin'])[0]}: the macros of the workbook are "
            f"{'gone' if gone else 'damaged'}; open it in Excel, let Excel repair it, and save it "
            "again"
        )


def missing_headings(opened: Opened, table: ExcelTable, wanted: Sequence[str]) -> list[str]:
    """A message for each column that a table no longer has, with the heading in its place."""
    shown = _shown_headings(opened, table)
    there = {folded(heading): at for at, heading in enumerate(shown)}
    messages = []
    for at, heading in enumerate(wanted):
        if folded(heading) in there:
            continue
        before = next((there[folded(h)] for h in wanted[:at][::-1] if folded(h) in there), -1)
        column = min(table.box.left + before + 1, table.box.right)
        now = shown[column - table.box.left]
        where = place(table.sheet.name, table.header, column)
        known = {folded(one) for one in wanted}
        reads = f'reads "{now}"' if now else "is empty"
        what = (
            f'{reads} where the column "{heading}" of table {table.name} stood; write '
            f'"{heading}" again'
            if folded(now) not in known
            else f'the column "{heading}" of table {table.name} is gone; insert it here again'
        )
        messages.append(f"{where}: {what}")
    return messages


def _shown_headings(opened: Opened, table: ExcelTable) -> list[str]:
    """The headings as their cells show them; LibreOffice keeps those of cells that were emptied."""
    columns = range(table.box.left, table.box.right + 1)
    cells = [opened.value(table.sheet.name, table.header, column) for column in columns]
    return [f"{cell:g}" if isinstance(cell, float) else str(cell or "") for cell in cells]


def _renamed(opened: Opened, name: str, headings: Sequence[str]) -> str:
    known = {folded(heading) for heading in headings}
    for other in opened.tables.values():
        alike = sum(folded(heading) in known for heading in other.headings)
        if other.name not in TYPED and 2 * alike > len(known):
            where = place(other.sheet.name, other.header, other.box.left)
            return (
                f"{where}: the table {other.name} was named {name}; call it {name} again (Table "
                "Design, Table Name)"
            )
    sheet = "Customers" if name == CUSTOMERS else "Books"
    return (
        f"{sheet}: the table {name} is gone (was it converted to a range?); make it a table again "
        f"(Insert, Table) and call it {name}, its first heading being {headings[0]}"
    )


def _below(opened: Opened, table: ExcelTable) -> str:
    """The first cell with something in it below a table, in its columns."""
    box = table.box
    for (row, column), cell in opened.cells(table.sheet.name).items():
        if row > table.bottom and box.left <= column <= box.right and not cell.is_blank:
            return place(table.sheet.name, row, column)
    return ""


def _merged(table: ExcelTable) -> list[Area]:
    box, found = table.box, []
    for merged in table.sheet.merged:
        area = area_of(f"x!{merged}")
        if area and area.bottom >= table.header and box.touches(area.left, area.right):
            found.append(Area(box.sheet, area.top, area.left, area.bottom, area.right))
    return found


def _check_copies(opened: Opened, damage: Damage) -> None:
    """Note sheets that are copies of one of the workbook's: which of the two is meant?"""
    ours = {area.sheet for area in opened.names.values() if area and area.sheet in opened.sheets}
    ours |= {table.sheet.name for name, table in opened.tables.items() if name in TYPED}
    copies = {one.sheet for one in opened.local_names if one.name.casefold() in opened.names}
    words = {sheet: _words(opened, sheet) for sheet in opened.sheets}
    for sheet in opened.sheets:
        if sheet in ours and sheet not in copies:
            continue
        original = next((one for one in ours if one != sheet and _alike(words, one, sheet)), None)
        if not original and sheet in ours:
            damage.add(_namesakes(opened, sheet))
        elif original or sheet in copies:
            of = f' of "{original}"' if original else ""
            damage.add(
                f'{sheet}!A1: sheet "{sheet}" is a copy{of}, and only one of them can be meant; '
                "delete the copy, or move it to a workbook of its own"
            )


def _check_names(opened: Opened, damage: Damage) -> None:
    """Note names of one cell that stand for several: formulas would read others than csmcalc."""
    for name in sorted(names_of_cells()):
        area = opened.area(name)
        if area and not area.is_cell:
            damage.add(
                f"{area.words}: the name {name} stands for several cells, and formulas read one; "
                f"let it refer to the one that holds it (Formulas, Name Manager), which was "
                f"{stood_at(name)} as the workbook shipped"
            )


def _namesakes(opened: Opened, sheet: str) -> str:
    """What is said of names that belong to a sheet of ours and are called like ours."""
    names = [one.name for one in opened.local_names if one.sheet == sheet]
    shown = ", ".join(name for name in names if name.casefold() in opened.names)
    return (
        f"{sheet}!A1: names of this sheet alone are called like names of the workbook, which its "
        f"formulas then do not find: {shown}; delete those of the sheet (Formulas, Name Manager)"
    )


def _words(opened: Opened, sheet: str) -> frozenset[str]:
    found = opened.sheets[sheet]
    texts = (found.text(c, opened.context.shared) for c in found.cells() if c.formula is None)
    return frozenset(text for text in texts if len(text) > 1 and not text[0].isdigit())


def _alike(words: dict[str, frozenset[str]], one: str, other: str) -> bool:
    known = words[one]
    return len(known) >= _FEWEST_WORDS and len(known & words[other]) >= _ALIKE * len(known)
