"""Errors of settings told with the cell of the workbook that holds what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from csmcalc.core.setting import settings_of
from csmcalc.errors import InputError, TableError, WorkbookError
from csmcalc.plan.cells import LIVE_CASE, ROOM, RULES, row_cell, rule_cell, setting_cell
from csmcalc.plan.settings import TABLES, Settings
from csmcalc.planning.opened import Opened
from csmcalc.planning.places import Area

_OF_TABLE = re.compile(r"\[\[(\w+)\]\]")
_OF_SETTING = re.compile(r"\[(\w+)\] (\w+)")
_QUOTED = re.compile(r'"([^"]*)"')


@contextmanager
def citing(opened: Opened, told: Settings, used: Settings) -> Iterator[None]:
    """Errors of planning by the settings `used` name the cell, where the workbook `told` the same.

    Raises:
        InputError: the error, of the same kind.
    """
    try:
        yield
    except (TableError, WorkbookError):
        raise  # these tell a place already
    except InputError as error:
        place = cell_of(opened, str(error)) if _is_of_workbook(str(error), told, used) else ""
        if not place:
            raise
        raise type(error)(f"{opened.source}: {place}{error}") from None


def _is_of_workbook(error: str, told: Settings, used: Settings) -> bool:
    """Whether a setting is the workbook's own, and none of a settings file or an option."""
    table, setting = _OF_TABLE.search(error), _OF_SETTING.search(error)
    if table:
        return getattr(told, table[1], None) == getattr(used, table[1], None)
    if setting:
        before, now = (getattr(one, setting[1], None) for one in (told, used))
        return getattr(before, setting[2], None) == getattr(now, setting[2], None)
    return True


def cell_of(opened: Opened, error: str) -> str:
    """The cell that an error of settings is about, as the words before it; none where it is gone.

    Errors say `[section] name`, `[[table]]` with a word of the row in quotes, or `rule "..."`.
    """
    table, setting = _OF_TABLE.search(error), _OF_SETTING.search(error)
    if error.startswith('rule "'):
        return _of_rule(opened, error)
    if table:
        return _of_table(opened, table[1], _QUOTED.findall(error))
    if setting is None:
        return ""
    live = (setting[1], setting[2]) == ("timeline", "scenario")
    area = opened.area(LIVE_CASE if live else setting_cell(setting[1], setting[2]))
    return f"{area.first}: " if area else ""


def _of_rule(opened: Opened, error: str) -> str:
    for at in range(RULES):
        area = opened.area(rule_cell(at))
        text = area and _text(opened, area)
        if area and text and error.startswith(f'rule "{text}"'):
            return f"{area.first}: "
    return ""


def _of_table(opened: Opened, table: str, words: list[str]) -> str:
    """The cell of the first of some words that the table holds; else where the table begins."""
    fields = settings_of(TABLES[table].row)
    names = [row_cell(table, at, one.name) for at in range(_rows(table)) for one in fields]
    areas = [area for area in map(opened.area, names) if area]
    held = {_text(opened, area): area for area in reversed(areas)}
    for word in words:
        if word in held:
            return f"{held[word].first}: "
    return f"{areas[0].sheet}, table from {areas[0].first} on: " if areas else ""


def _rows(table: str) -> int:
    return ROOM.get(table, 1)  # the cases stand in columns of their own, from the first on


def _text(opened: Opened, area: Area) -> str:
    """A cell as text settings hold it."""
    value = opened.value(area.sheet, area.top, area.left)
    return text_of(value).strip()


def text_of(value: Any) -> str:
    """A cell's value as text; of a number, all the digits that spreadsheets keep.

    >>> text_of(1234567.0), text_of("Star"), text_of(None)
    ('1234567', 'Star', '')
    """
    if isinstance(value, float):
        return f"{value:.15g}"
    return value if isinstance(value, str) else ""
