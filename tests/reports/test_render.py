"""What is written: text stays text, values stand beside formulas, a plan is always one file."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.errors import FaultKind, Problem, WorkbookError
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.service import Category, Tier
from csmcalc.reports import wording
from csmcalc.reports.model import Cell, Report, Sheet, Text
from csmcalc.reports.page import Page
from csmcalc.reports.plan_report import plan_report
from csmcalc.reports.render import render
from csmcalc.reports.sheets.matrix import MOST_DRAWN, matrix_of
from tests.books import book, demo_book
from tests.engines.lint import lint

DANGEROUS = [
    "=1+1",
    "+49 30 1",
    "-2",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "=cmd|'/c calc'!A0",
    "=HYPERLINK(1)",
]


def rendered(of: Book, plan_settings: Settings | None = None) -> bytes:
    return render(plan_report(make_plan(of, plan_settings or Settings())))


def opened(content: bytes, *, values: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def test_a_team_that_is_not_known_costs_nothing_known() -> None:
    card = opened(rendered(book(arr=[9e4])), values=True)["Summary"]["H5:H8"]
    assert [cell.value for (cell,) in card] == ["Today", 0, "not known", None]


def test_an_empty_segment_has_no_margin() -> None:
    sheet = opened(rendered(book(arr=[9e4, 8e4], growth=[0.5, 0.4])), values=True)["Portfolio"]
    rows = {row[1].value: row for row in sheet.iter_rows() if row[1].value}
    margin = [cell.value for cell in rows["Segment"]].index("Contribution margin")
    assert rows["Cash Cow"][margin].value is None
    assert rows["Star"][margin].value > 0.5


def test_the_chart_draws_as_many_accounts_as_can_be_told_apart() -> None:
    def bubbles(arr: list[float]) -> int:
        plan = make_plan(book(arr=arr, growth=[0.1] * len(arr)), Settings())
        return len(matrix_of(plan).drawn)

    assert bubbles([1e6] * 500) == 40
    assert bubbles([1e9] + [1e6] * 500) == MOST_DRAWN
    assert bubbles([1e6]) == 1


def test_text_that_looks_like_a_formula_stays_text() -> None:
    of = book(arr=[9e4] * len(DANGEROUS), growth=[0.1] * len(DANGEROUS), name=DANGEROUS)
    of = dataclasses.replace(
        of, problems=(Problem(3, "=col", "=1+2", "@wrong", "-remedy"),), source="=list.csv"
    )
    for cells in (sheet.iter_rows() for sheet in opened(rendered(of))):
        for row in cells:
            for cell in row:
                if isinstance(cell.value, str) and cell.value in [*DANGEROUS, "=1+2", "=col"]:
                    assert cell.data_type == "s"
                    assert cell.quotePrefix, "typed again, it would become a formula"
                    assert cell.hyperlink is None


def test_customers_are_read_back_by_pandas_as_they_were(tmp_path: Path) -> None:
    of = demo_book()
    path = tmp_path / "plan.xlsx"
    path.write_bytes(rendered(of))
    read = pd.read_excel(path, sheet_name="Customers", header=4, engine="openpyxl")
    plan = make_plan(of, Settings())
    expected = plan.accounts.set_index("id")
    read = read.set_index("Account id").loc[expected.index]
    assert read["ARR"].tolist() == expected["arr"].tolist()
    assert read["Segment"].tolist() == expected["segment"].tolist()
    assert read["Contribution"].tolist() == pytest.approx(expected["contribution"].tolist())
    assert read["Account"].tolist() == expected["name"].tolist()


def test_every_formula_has_its_value_beside_it() -> None:
    content = rendered(demo_book())
    formulas = 0
    for number in range(1, 9):
        xml = part(content, f"xl/worksheets/sheet{number}.xml")
        formulas += xml.count("<f>")
        assert xml.count("</f><v>") == xml.count("<f>")
    assert formulas > 4_000
    assert opened(content, values=True)["Headcount"]["D6"].value == 18


def test_the_same_plan_is_the_same_file() -> None:
    one, other = rendered(demo_book()), rendered(demo_book())
    names = zipfile.ZipFile(io.BytesIO(one)).namelist()
    assert [n for n in names if part(one, n) != part(other, n)] in ([], ["docProps/core.xml"])


@pytest.mark.parametrize("count", [1, 2, 10, 500])
def test_books_of_any_size_fill_their_table(count: int) -> None:
    of = book(arr=[1000.0 * n + 1 for n in range(count)], name=["N" * 60] * count)
    content = rendered(of)
    sheet = opened(content)["Customers"]
    assert sheet.tables["Customers"].ref.endswith(str(5 + count))
    assert sheet.max_row == 5 + count
    dimension = re.search(r'<dimension ref="([^"]+)"', part(content, "xl/worksheets/sheet3.xml"))
    assert dimension
    assert dimension[1].endswith(str(5 + count))


@given(st.text(min_size=1, max_size=40))
@settings(deadline=None, max_examples=30)
def test_any_text_survives_as_a_name(name: str) -> None:
    content = rendered(book(arr=[1000.0], name=[name]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
    value = opened(content)["Customers"]["B6"].value or opened(content)["Customers"]["C6"].value
    assert value is not None


def test_the_left_out_and_the_problems_are_listed() -> None:
    of = book(
        arr=[1000.0],
        excluded={"id": ["X"], "name": ["Ex"], "arr": [500.0], "reason": ["churned"]},
    )
    of = dataclasses.replace(of, problems=(Problem(7, "ARR", "abc", "is no number", "mend it"),))
    workbook = opened(rendered(of), values=True)
    assert [c.value for c in workbook["Left out"][6]][1:] == [2, "X", "Ex", 500, "churned"]
    problem = ["7", "ARR", "abc", "is no number", "mend it"]
    assert [c.value for c in workbook["Problems"][6]][1:] == problem
    summary = [c.value for row in workbook["Summary"].iter_rows() for c in row]
    assert 1500 in summary
    assert -500 in summary


def test_a_list_without_growth_says_what_to_add() -> None:
    workbook = opened(rendered(book(arr=[1000.0])), values=True)
    words = " ".join(str(c.value) for row in workbook["Portfolio"].iter_rows() for c in row)
    assert "No BCG verdict without growth" in words
    assert "Growth rate" in words
    headings = [c.value for c in workbook["Customers"][5]]
    assert "Segment" not in headings


def test_the_workbook_prints_on_landscape_pages_one_page_wide() -> None:
    for sheet in opened(rendered(demo_book())):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.print_area
        assert "demo_customers.csv" in sheet.oddFooter.left.text


def test_formulas_are_free_of_volatile_and_hidden_things() -> None:
    workbook = opened(rendered(demo_book()))
    for sheet in workbook:
        assert sheet.sheet_state == "visible"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert not re.search(r"OFFSET|INDIRECT|NOW\(|TODAY\(|RAND", cell.value)


def test_what_looks_like_the_code_of_a_character_stays_text() -> None:
    """Excel would show _x0041_ as A: the workbook spells the underscore as a code of its own."""
    names = ["_x0041_", "a_xD800_b", "snake_case"]
    content = rendered(book(arr=[9e4] * 3, name=names, owner=names))
    sheet = part(content, "xl/worksheets/sheet3.xml")
    for spelled in ("_x005F_x0041_", "a_x005F_xD800_b", ">snake_case<"):
        assert spelled in sheet
    assert ">_x0041_<" not in sheet


def test_more_accounts_than_a_workbook_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csmcalc.reports.plan_report.MOST_PLANNED", 2)
    with pytest.raises(WorkbookError, match="3 accounts planned are more than a workbook"):
        rendered(book(arr=[9e4] * 3))


def test_sentences_hold_numbers_of_any_size() -> None:
    assert wording.number("x", 1e300).value.startswith("1,000,000")


def test_names_of_tiers_may_hold_what_formulas_take_for_their_own(tmp_path: Path) -> None:
    odd = [
        'a"b',
        "[x]",
        "#h",
        "it's",
        "a]b",
        "x&y<z>",
        "{1}",
        "%s",
        "a;b",
        "TRUE",
        "漢字😀",
        "$1:$2",
    ]
    tiers = tuple(Tier(name, 4.0 + n) for n, name in enumerate(odd))
    categories = tuple(Category(f"{name} too", name) for name in odd)
    odd_settings = dataclasses.replace(Settings(), tiers=tiers, categories=categories)
    of = book(arr=[9e4] * len(odd), growth=[0.1] * len(odd), tier=odd, category=odd)
    path = tmp_path / "odd.xlsx"
    path.write_bytes(rendered(of, odd_settings))
    assert lint(path) == []
    plan = make_plan(of, odd_settings)
    assert plan.accounts["tier"].tolist() == odd


def small(*sheets: Sheet) -> bytes:
    return render(Report("A title", "A footer", "USD", sheets))


def test_an_error_beside_a_formula_is_an_error_and_so_is_one_that_it_spills() -> None:
    page = Page("One", ())
    page.add(1, 1, Text(Cell(FaultKind.NUM, "SORT({1,2})", spill=(1, 2))))
    page.add(1, 2, Text(Cell(FaultKind.NA)))
    xml = part(small(page.sheet()), "xl/worksheets/sheet1.xml")
    assert 't="array" ref="A1:B1">SORT({1,2})</f><v>#NUM!</v>' in xml
    assert re.search(r'<c r="B1"[^>]* t="e"><v>#N/A</v>', xml)
    assert re.search(r'<c r="A1"[^>]* t="e"', xml)


def test_a_sheet_may_be_hidden_and_say_where_its_pages_end() -> None:
    first, last = Page("One", ()), Page("Two", ())
    first.breaks.extend((10, 20))
    workbook = opened(small(first.sheet(one_page=False), last.sheet(hidden=True)))
    assert [sheet.sheet_state for sheet in workbook] == ["visible", "hidden"]
    assert [found.id for found in workbook["One"].row_breaks.brk] == [10, 20]
