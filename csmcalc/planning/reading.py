"""Reading the inputs of a planning workbook: what a cell may hold, the settings they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from csmcalc.core.setting import Setting, settings_of
from csmcalc.errors import InputError
from csmcalc.io.cells.currencies import currency_code
from csmcalc.io.cells.dates import FIRST_YEAR, LAST_YEAR
from csmcalc.plan.cells import (
    AS_OF,
    CURRENCY,
    ELSEWHERE,
    LIVE_CASE,
    ROOM,
    RULES,
    row_cell,
    rule_cell,
    setting_cell,
)
from csmcalc.plan.settings import SECTIONS, TABLES, Settings
from csmcalc.plan.timeline.drivers import FACTORS, Scenario
from csmcalc.planning.cited import cell_of, text_of
from csmcalc.planning.damage import Damage
from csmcalc.planning.inputs import Inputs
from csmcalc.planning.opened import Failed, Opened
from csmcalc.planning.places import Area, place
from csmcalc.planning.shipped import stood_at
from csmcalc.reports.references import GRID_COLUMNS

MONTHS = "Months"
"""The grid whose columns are the months that are planned."""

_SEGMENT = "segment"
_BY_SEGMENT = ("segment_rules", "growth")
"""Tables with a fixed row for each segment, told where any other field of it is."""


def read_inputs(opened: Opened, damage: Damage) -> Inputs | None:
    """The inputs of a workbook, or None where `damage` was found in them."""
    return _Reader(opened, damage).inputs()


class _Reader:
    """Reads one workbook, noting all that is wrong on the way."""

    def __init__(self, opened: Opened, damage: Damage) -> None:
        self.opened, self.damage = opened, damage

    def inputs(self) -> Inputs | None:
        before = len(self.damage.found)
        as_of, currency = self._day(), self._currency()
        sections = {section: self._section(section) for section in SECTIONS}
        tables: dict[str, Any] = {table: tuple(self._rows(table)) for table in ROOM}
        tables["scenarios"] = tuple(self._scenarios())
        if len(self.damage.found) > before or as_of is None or currency is None:
            return None
        try:
            made: dict[str, Any] = {name: SECTIONS[name](**told) for name, told in sections.items()}
            return Inputs(Settings(**made, **tables), as_of, currency)
        except InputError as error:
            self.damage.add(f"{cell_of(self.opened, str(error))}{error}")
            return None

    def _area(self, name: str, what: str) -> Area | None:
        area = self.opened.area(name)
        if area is None:
            self.damage.add(
                f"{stood_at(name)}: the name {name} ({what}) is gone: its cell was deleted, or the "
                "name was; undo that, or define it again (Formulas, Name Manager) for the cell "
                "that holds it, which stood there as the workbook shipped"
            )
        return area

    def _value(self, area: Area, title: str) -> Any:
        """What a cell holds; a failed one is noted and is None."""
        value = self.opened.value(area.sheet, area.top, area.left)
        if isinstance(value, str):
            return value.strip() or None
        if isinstance(value, Failed):
            self.damage.add(
                f"{area.first} ({title}) holds {value.word}; type a value, or let Excel or "
                "LibreOffice compute it and save again"
            )
            return None
        return value

    def _day(self) -> dt.date | None:
        area = self._area(AS_OF, "day of the plan")
        value = area and self._value(area, "day of the plan")
        if area is None:
            return None
        if isinstance(value, float) and 1 <= value < 2_958_466:
            day = self.opened.parts.package.epoch + dt.timedelta(days=int(value))
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
        self.damage.add(
            f"{area.first} (day of the plan) is {_shown(value)}; type a date from "
            f"{FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31"
        )
        return None

    def _currency(self) -> str | None:
        area = self._area(CURRENCY, "currency of the list")
        value = area and self._value(area, "currency of the list")
        if area is None:
            return None
        code = currency_code(value) if isinstance(value, str) else None
        if code is None:
            self.damage.add(
                f"{area.first} (currency of the list) is {_shown(value)}; type an ISO code such "
                "as EUR, GBP or USD"
            )
        return code

    def _section(self, section: str) -> dict[str, Any]:
        values = {}
        for declared in settings_of(SECTIONS[section]):
            if (section, declared.name) in ELSEWHERE:
                values[declared.name] = self._elsewhere(declared)
                continue
            area = self._area(setting_cell(section, declared.name), declared.title)
            if area is not None:
                values[declared.name] = self._checked(area, declared)
        return values

    def _elsewhere(self, declared: Setting) -> Any:
        if declared.name == "rules":
            cells = [self.opened.area(rule_cell(at)) for at in range(RULES)]
            told = [self._value(area, "rule of books") for area in cells if area]
            return tuple(str(rule) for rule in told if rule is not None)
        if declared.name == "months":
            area = self._area(MONTHS, "the months on Timeline")
            return area.right - area.left + 1 - GRID_COLUMNS if area else declared.default
        area = self._area(LIVE_CASE, "live case on Scenarios")
        value = area and self._value(area, "live case")
        if area and value is None:
            self.damage.add(f"{area.first} (live case) is empty; choose one of the cases")
        return self._typed(value, declared) or declared.default

    def _checked(self, area: Area, declared: Setting, of: str = "") -> Any:
        where = f"{area.first} ({declared.title}{of})"
        count = len(self.damage.found)
        value = self._value(area, declared.title + of)
        if len(self.damage.found) > count:
            return declared.default
        try:
            return _as_it_came(declared.check(where, self._typed(value, declared)), declared)
        except InputError as error:
            words = str(error).replace(f"{where} is None", f"{where} is empty")
            words = words.replace("text in quotes", "text")  # quotes are for settings files
            self.damage.add(words)
            return declared.default

    def _typed(self, value: Any, declared: Setting) -> Any:
        """A cell's value as the setting has it: spreadsheets know no whole numbers, no months."""
        if declared.kind is int and isinstance(value, float) and value.is_integer():
            return int(value)
        if declared.kind is bool and isinstance(value, str) and value.upper() in ("TRUE", "FALSE"):
            return value.upper() == "TRUE"
        if declared.kind is bool and value in (0.0, 1.0):  # as LibreOffice saves them
            return bool(value)
        if declared.kind is str and isinstance(value, float):
            if declared.name == "start" and 1 <= value < 2_958_466:
                day = self.opened.parts.package.epoch + dt.timedelta(days=int(value))
                return f"{day:%Y-%m}"
            return text_of(value)
        return value

    def _rows(self, table: str) -> Iterator[Any]:
        row_type = TABLES[table].row
        declared = settings_of(row_type)
        for at in range(ROOM[table]):
            areas = {
                one.name: self._area(row_cell(table, at, one.name), f"{one.title}, row {at + 1}")
                for one in declared
            }
            if None in areas.values():
                continue
            told = {
                one.name: area
                for one in declared
                if (area := areas[one.name]) is not None
                and self.opened.value(area.sheet, area.top, area.left) not in (None, "")
            }
            fixed = {_SEGMENT} if table in _BY_SEGMENT else set()
            if set(told) - fixed:
                before = len(self.damage.found)
                row = self._row(areas, told, declared)
                if len(self.damage.found) == before:
                    yield row_type(**row)

    def _row(
        self,
        areas: Mapping[str, Area | None],
        told: Mapping[str, Area],
        declared: tuple[Setting, ...],
    ) -> dict[str, Any]:
        values = {}
        for one in declared:
            if one.name in told:
                values[one.name] = self._checked(told[one.name], one)
            elif one.is_required:
                area = areas[one.name]
                assert area is not None
                first = next(iter(told.values())).first
                self.damage.add(
                    f"{area.first} ({one.title}) is empty, though its row has {first}; fill it in, "
                    "or empty the whole row"
                )
        return values

    def _scenarios(self) -> Iterator[Scenario]:
        declared = {one.name: one for one in settings_of(Scenario)}
        at = 0
        while at == 0 or self.opened.names.get(row_cell("scenarios", at, "name").casefold()):
            values = {}
            for name in ("name", *FACTORS):
                area = self._area(row_cell("scenarios", at, name), f"{name}, case {at + 1}")
                if area is not None:
                    values[name] = self._checked(area, declared[name], f", case {at + 1}")
            if len(values) == 1 + len(FACTORS) and isinstance(values["name"], str):
                yield Scenario(**values)
            at += 1
        self._check_no_other_case(at)

    def _check_no_other_case(self, cases: int) -> None:
        """Note what was typed beside the last case as one more: formulas would not know it."""
        names = [row_cell("scenarios", cases - 1, one) for one in ("name", *FACTORS)]
        name, *factors = (
            self.opened.value(area.sheet, area.top, area.right + 1) if area else None
            for area in map(self.opened.area, names)
        )
        last = self.opened.area(names[0])
        is_case = isinstance(name, str) and any(isinstance(one, float) for one in factors)
        if last and name and is_case:
            self.damage.add(
                f'{place(last.sheet, last.top, last.right + 1)}: "{name}" stands beside the cases '
                f"as one more, and the workbook has {cases}; type it over one of them, or plan "
                "with it by a settings file ([[scenarios]], csmcalc timeline); if it is no case, "
                "move it a column to the right"
            )


_DIGITS = ".15g"
"""What LibreOffice keeps of a number."""


def _as_it_came(value: Any, declared: Setting) -> Any:
    """A default that lost its last digits on the way through a spreadsheet is that default."""
    if isinstance(value, float):
        for default in _defaults(declared):
            if value != default and format(value, _DIGITS) == format(default, _DIGITS):
                return default
    return value


def _defaults(declared: Setting) -> tuple[float, ...]:
    """What a setting is by default, or a field in the rows of its table."""
    if isinstance(declared.default, float):
        return (declared.default,)
    rows = (row for table in TABLES.values() for row in table.default)
    values = (getattr(row, declared.name) for row in rows if declared in settings_of(type(row)))
    return tuple(value for value in values if isinstance(value, float))


def _shown(value: Any) -> str:
    if value is None:
        return "empty"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}"
