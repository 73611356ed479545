"""Type, colour and number formats: how every workbook of csmcalc looks."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.reports.model import Look, Unit

FONT = "Calibri"
INK, MUTED, RULE, WASH, ACCENT = "1F2937", "6B7280", "D1D5DB", "F3F4F6", "1D4ED8"
CONTEXT, SHADE, PAPER = "C3CAD6", "DBEAFE", "FFFFFF"
OK, LOOK, WRONG = "2F855A", "B7791F", "C53030"
INPUT, INPUT_WASH, LINK, FOUND_WASH = "0000FF", "FFFBE6", "00703C", "EEF2FF"
SEGMENT_COLOURS = {
    "Star": "E0A100",
    "Cash Cow": "2F855A",
    "Question Mark": "3B6FD4",
    "Poor Dog": "9CA3AF",
}
WORD_COLOURS = {
    **SEGMENT_COLOURS,
    "OK": OK,
    "LOOK": LOOK,
    "changed": LOOK,
    "stale": LOOK,
    "Exit": WRONG,
    "Borderline": LOOK,
    "Repaid": OK,
    "PASSED": OK,
    "FAILED": WRONG,
    "NOT RUN": LOOK,
}
"""Words that carry a colour wherever they stand in a list."""

BANDS = {"search": CONTEXT, "ramp": "93B4F0", "full": ACCENT}
"""Words that fill their cell, so that months side by side become a band."""

ROW_HEIGHT = 18.0
LIST_HEADER_HEIGHT = 27.0


@dataclass(frozen=True, slots=True)
class Style:
    """Font, fill and lines of one look."""

    size: float = 10
    bold: bool = False
    colour: str = INK
    fill: str | None = None
    above: str | None = None
    below: str | None = None
    strong_line: bool = False
    wraps: bool = False


STYLES: dict[Look, Style] = {
    Look.TITLE: Style(size=20, bold=True),
    Look.SHEET_TITLE: Style(size=16, bold=True),
    Look.SUBTITLE: Style(colour=MUTED),
    Look.SECTION: Style(size=11, bold=True),
    Look.SENTENCE: Style(size=11, wraps=True),
    Look.CARD_LABEL: Style(bold=True, colour=MUTED),
    Look.CARD_FIGURE: Style(size=26, bold=True),
    Look.CARD_NOTE: Style(size=9, colour=MUTED),
    Look.REMARK: Style(size=9, colour=MUTED, wraps=True),
    Look.HEADER: Style(size=9, bold=True, colour=MUTED, below=INK, strong_line=True, wraps=True),
    Look.BODY: Style(below=RULE),
    Look.PROSE: Style(below=RULE, wraps=True),
    Look.STRONG: Style(bold=True, below=RULE),
    Look.MUTED: Style(size=9, colour=MUTED, below=RULE, wraps=True),
    Look.TOTAL: Style(bold=True, above=INK),
    Look.INPUT: Style(colour=INPUT, fill=INPUT_WASH, below=RULE),
    Look.LINK: Style(colour=LINK, below=RULE),
    Look.LINKED_WORDS: Style(size=9, colour=LINK, below=RULE, wraps=True),
    Look.FOUND: Style(fill=FOUND_WASH, below=RULE),
}

SIGNS = {
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "CNY": "¥",
    "INR": "₹",
    "CAD": "C$",
    "AUD": "A$",
    "NZD": "NZ$",
    "BRL": "R$",
    "KRW": "₩",
}


def symbol(currency: str) -> str:
    """What stands before an amount: the currency's sign, or its code and a blank."""
    return SIGNS.get(currency, f"{currency} ")


def number_format(unit: Unit, currency: str) -> str:
    """The number format of a unit: negative in parentheses, zero of money and hours as a dash.

    Without a currency amounts have no sign before them.
    """
    sign = f'"{symbol(currency)}"' if currency else ""
    formats = {
        Unit.TEXT: "@_)",
        Unit.WORDS: "@",
        Unit.MONEY: f'{sign}#,##0_);({sign}#,##0);"–"_)',
        Unit.SCALED: f'{sign}#,##0_);({sign}#,##0);"–"_)',
        Unit.MILLIONS: f'{sign}#,##0.0,,"M"_);({sign}#,##0.0,,"M");"–"_)',
        Unit.BILLIONS: f'{sign}#,##0.0,,,"B"_);({sign}#,##0.0,,,"B");"–"_)',
        Unit.SHARE: "0.0%_);(0.0%);0.0%_)",
        Unit.EXACT_SHARE: "0.0##%_);(0.0##%)",
        Unit.PERCENT: "0%_);(0%);0%_)",
        Unit.PLAIN: "#,##0.##########_);(#,##0.##########)",
        Unit.NUMBER: "[<1000]General_);#,##0_)",
        Unit.DECIMAL: "#,##0.00##_);(#,##0.00##)",
        Unit.CENTS: f"{sign}#,##0.00_);({sign}#,##0.00)",
        Unit.TINY: '0E+00_);(0E+00);"0"_)',
        Unit.GAP: '[<0.00000001]"0"_);0.0E+00_)',
        Unit.RATE: "0.000%_);(0.000%);0.000%_)",
        Unit.COUNT: '#,##0_);(#,##0);"–"_)',
        Unit.FIGURE: "#,##0",
        Unit.FTE: '#,##0.0_);(#,##0.0);"–"_)',
        Unit.HOURS: '#,##0.0_);(#,##0.0);"–"_)',
        Unit.DATE: "yyyy-mm-dd_)",
        Unit.MONTH: "mmm yy",
        Unit.YEAR: "0",
        Unit.FLAG: '"TRUE";"TRUE";"FALSE"',  # some programs show a number
    }
    return formats[unit]


AXIS = "General;(General);0"
"""The number format of an axis, whose title says in thousands or millions of what it is."""

NUMERIC = frozenset(Unit) - {Unit.TEXT, Unit.WORDS}
"""Units whose cells, and the headings above them, stand on the right."""
