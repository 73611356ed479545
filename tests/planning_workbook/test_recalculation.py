"""LibreOffice recalculates planning workbooks: to the values that stand in them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from csmcalc.io.customers import read_customers
from csmcalc.io.options import ReadOptions
from csmcalc.reports.planning.shipped import shipped
from tests.books import demo_book
from tests.engines.calc import Calc, without_macros
from tests.engines.lint import lint
from tests.engines.office import Cells, Office, cached_values, differences, formulas, require_office
from tests.engines.test_audit import findings
from tests.engines.test_real_lists import BOOKS
from tests.engines.test_recalculation import ERRORS
from tests.planning_workbook.made import DAY, content, demo, filled, synthetic, written

pytestmark = pytest.mark.engine


def agree(path: Path, recalculated: Path, fewest: int) -> Cells:
    """Every formula of a file has the value it gets; what LibreOffice shows."""
    addresses = formulas(path)
    assert len(addresses) > fewest
    cached, computed = cached_values(path), cached_values(recalculated)
    assert differences(addresses, cached, computed) == [], path.stem
    assert [at for at, value in computed.items() if value in ERRORS] == [], path.stem
    assert lint(path) == [], path.stem
    return computed


def test_cached_values_are_those_of_the_formulas(office: Office, tmp_path: Path) -> None:
    paths = [
        written(tmp_path / "empty.xlsx", shipped(functions=False)),
        written(tmp_path / "demo.xlsx", demo()),
    ]
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        agree(path, recalculated, 8_000)
        assert findings(path) == []


@pytest.mark.long
def test_a_real_list_and_five_thousand_customers(office: Office, tmp_path: Path) -> None:
    listed = tmp_path / "synthetic.csv"
    synthetic(5_000).to_csv(listed, index=False)
    books = {
        "ravenstack": BOOKS["ravenstack"](),
        "synthetic": read_customers(listed, ReadOptions(as_of=DAY)),
    }
    paths = [written(tmp_path / f"{n}.xlsx", filled(book)) for n, book in books.items()]
    for path, recalculated in zip(paths, office.recalculated(paths), strict=True):
        agree(path, recalculated, 15_000)
        assert findings(path) == []


@pytest.mark.long
def test_the_functions_agree_with_the_formulas(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    require_office()
    calc = Calc(tmp_path_factory.mktemp("calc"))
    made = {
        "empty": shipped(functions=True),
        "demo": content(filled(demo_book(), functions=True)),
    }
    for name, workbook in made.items():
        path = written(tmp_path / f"{name}.xlsx", without_macros(workbook))
        calc.computed(path)
        computed = agree(path, calc.folder / "computed" / path.name, 8_000)
        assert computed["Functions", "B4"] == "Functions and formulas agree"
        assert "no answer" not in computed.values()


def test_without_the_functions_nothing_breaks(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path / "silent.xlsx", without_macros(shipped(functions=True)))
    (recalculated,) = office.recalculated([path])
    sheet = openpyxl.load_workbook(recalculated, data_only=True)["Functions"]
    shown = [cell.value for row in sheet.iter_rows() for cell in row]
    assert not [value for value in shown if value in ERRORS]
    assert shown.count("not compared") >= 11
