"""What number formats say of cells: the currency, which often stands nowhere else, and percent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from csmcalc.errors import WorkbookError
from csmcalc.io.cells.currencies import SYMBOLS, currency_code
from csmcalc.io.files.package import Package

_MOST_STYLES = 65_490
_PERCENT_IDS = frozenset({9, 10})
_TAGGED = re.compile(r"\[\$([^\]\-]*)(?:-([0-9A-Fa-f]+))?\]")
_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_BRACKETED = re.compile(r"\[[^\]]*\]")
_LOCALES = {
    "$": {0x409: "USD", 0x1009: "CAD", 0xC09: "AUD", 0x1409: "NZD", 0x1004: "SGD", 0xC04: "HKD"},
    "kr": {0x41D: "SEK", 0x414: "NOK", 0x406: "DKK"},
    "¥": {0x411: "JPY", 0x804: "CNY"},
}


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a number format shows beside the number."""

    currency: str | None = None
    percent: bool = False


def number_formats(package: Package) -> Mapping[str, NumberFormat]:
    """Style id of a cell -> its number format, for the formats that say something."""
    codes: dict[int, str] = {}
    cell_styles: list[int] = []
    inside = [""]

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag in ("cellStyleXfs", "cellXfs", "cellStyles"):
            inside[0] = tag
        elif tag == "numFmt":
            codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif tag == "xf" and inside[0] == "cellXfs":
            cell_styles.append(_number(attributes.get("numFmtId")))

    for part in package.related(package.workbook, "styles")[:1]:
        package.walk(part, start)
    if len(cell_styles) > _MOST_STYLES:
        raise WorkbookError(
            f"{package.source}: has {len(cell_styles):,} cell styles, more than Excel allows; save "
            "the list alone in a new workbook"
        )
    understood = {one: understood_format(codes.get(one, ""), one) for one in set(cell_styles)}
    formats = {str(style): understood[one] for style, one in enumerate(cell_styles)}
    return {style: shown for style, shown in formats.items() if shown != NumberFormat()}


def understood_format(code: str, format_id: int = 0) -> NumberFormat:
    """What a format code says.

    >>> understood_format('#,##0.00\\\\ [$€-407]').currency, understood_format("0.0%").percent
    ('EUR', True)
    """
    first = code.partition(";")[0]
    literals = [a or b for a, b in _QUOTED.findall(first)]
    bare = _BRACKETED.sub("", _QUOTED.sub("", first))
    return NumberFormat(
        currency=_tagged(first) or _literal(literals) or _sign(bare),
        percent="%" in bare or format_id in _PERCENT_IDS,
    )


def _tagged(code: str) -> str | None:
    for sign, locale in _TAGGED.findall(code):
        named = currency_code(sign)
        if named:
            return _LOCALES.get(named, {}).get(int(locale, 16) if locale else 0, named)
    return None


def _literal(texts: list[str]) -> str | None:
    return next(filter(None, (currency_code(text) for text in texts)), None)


def _sign(code: str) -> str | None:
    return next((SYMBOLS[sign] for sign in SYMBOLS if sign in code), None)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() else 0
