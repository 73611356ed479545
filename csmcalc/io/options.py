"""How the user wants a file to be read, checked before any file is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from csmcalc.errors import InputError
from csmcalc.io.cells.currencies import currency_code
from csmcalc.io.cells.dates import FIRST_YEAR, LAST_YEAR

DEAL_TERM_MONTHS = 12
DEFAULT_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the user says about a file; whatever is left out is recognised or asked for.

    Attributes:
        columns: field -> header as the file has it; an empty header leaves the field out.
        sheet: the sheet of a workbook to read.
        table: the Excel table of a workbook to read.
        cells: a range such as `A5:F200` or `'My sheet'!A5:F200`.
        as_of: the day the list describes.
        currency: ISO code of all amounts.
        default_currency: ISO code of the amounts of a list that names no currency.
        decimal: the decimal sign of numbers written as text, `.` or `,`.
        date_order: `dmy` or `mdy`, for dates such as 03/04/2026.
        skip_bad_rows: leave rows with problems out instead of refusing the file.
        deal_term_months: how long a won deal without an end brings revenue.
        in_place: the list is mended where it stands, in a workbook whose formulas read it too:
            messages name its cells, and shares count as they stand.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    table: str | None = None
    cells: str | None = None
    as_of: dt.date = field(default_factory=dt.date.today)
    currency: str | None = None
    decimal: str | None = None
    date_order: str | None = None
    skip_bad_rows: bool = False
    deal_term_months: int = DEAL_TERM_MONTHS
    default_currency: str = DEFAULT_CURRENCY
    in_place: bool = False

    def __post_init__(self) -> None:
        """Refuse values that would be read as something else than they say."""
        _among("--decimal", self.decimal, (".", ","))
        _among("--dates", self.date_order, ("dmy", "mdy"))
        if self.deal_term_months < 1:
            raise InputError(
                f"--deal-term-months {self.deal_term_months}: a deal runs for at least 1 month"
            )
        if not FIRST_YEAR <= self.as_of.year <= LAST_YEAR:
            raise InputError(
                f"--as-of {self.as_of}: write a day from {FIRST_YEAR}-01-01 to {LAST_YEAR}-12-31"
            )
        if self.currency is not None and currency_code(self.currency) is None:
            raise InputError(
                f'--currency "{self.currency}": no ISO code; write for example EUR, GBP or USD'
            )


def _among(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        words = " or ".join(f'"{word}"' for word in allowed)
        raise InputError(f'{option} "{value}": write {words}')
