"""Plans of real lists: LibreOffice agrees with every value, and Excel finds nothing to repair."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.portfolio.book import Book
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, formulas
from tests.engines.test_recalculation import ERRORS, write

pytestmark = pytest.mark.engine
LISTS = Path(__file__).parent.parent / "files" / "lists"
AS_OF = dt.date(2026, 9, 30)


def read(path: str, subscriptions: str | None = None, **options: Any) -> Book:
    contracts = LISTS / subscriptions if subscriptions else None
    return read_customers(LISTS / path, ReadOptions(**{"as_of": AS_OF, **options}), contracts)


BOOKS = {
    "telco_ibm": lambda: read("telco_ibm/Telco-Customer-Churn.csv"),
    "online_retail_uci": lambda: read(
        "online_retail_uci/customers_derived.csv",
        columns={"arr": "net_gbp"},
        skip_bad_rows=True,
    ),
    "sp500_financials": lambda: read(
        "sp500_financials/constituents-financials.csv",
        columns={"arr": "EBITDA", "category": "Sector", "growth": "Dividend Yield"},
        skip_bad_rows=True,
    ),
    "ravenstack": lambda: read(
        "ravenstack/ravenstack_accounts.csv",
        "ravenstack/ravenstack_subscriptions.csv",
        as_of=dt.date(2024, 12, 31),
    ),
}


def test_workbooks_of_real_lists(office: Office, written: Path) -> None:
    paths = [write(written, name, make()) for name, make in BOOKS.items()]
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        assert lint(path) == [], path.stem
        cached, computed = cached_values(path), cached_values(recalculated)
        assert differences(formulas(path), cached, computed) == [], path.stem
        assert not [cell for cell in computed.items() if cell[1] in ERRORS]
        looks = sum(value == "LOOK" for (sheet, _), value in computed.items() if sheet == "Checks")
        master = next(str(v) for v in computed.values() if str(v).endswith("look, see Checks"))
        assert master.startswith(f"{looks} of ")
