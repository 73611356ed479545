"""Several tables on one sheet: each grows for itself, whatever stands between them stays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from csmcalc.reports.template import Template
from tests.engines.lint import lint
from tests.reports.templates import opened, template

LEFT, RIGHT = (4, 2), (6, 2)
"""First row of the body in the template, and its rows."""


def side_by_side() -> Template:
    """Table L in B3:C6 with totals, table T in E5:F7 with a formula, cells around them."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, bold = book.add_worksheet("D"), book.add_format({"bold": True})
    sums = [
        {"header": "K", "total_string": "Sum"},
        {"header": "W", "total_function": "sum", "format": bold},
    ]
    rows = {"name": "L", "columns": sums, "data": [["a", 1]] * 2, "total_row": True}
    sheet.add_table("B3:C6", rows)
    columns = [{"header": "A"}, {"header": "B", "formula": "=E6*2+SUM(C$4:C$5)"}]
    sheet.add_table("E5:F7", {"name": "T", "columns": columns, "data": [[1], [2]]})
    for at in ("A4", "D4", "D6", "G9", "H30"):
        sheet.write(at, at)
    sheet.write_formula("I1", "=SUM(C4:C5)")
    sheet.write_formula("I2", "=SUM(E6:E7)")
    sheet.conditional_format("B4:F7", {"type": "cell", "criteria": ">", "value": 3, "format": bold})
    sheet.print_area("A1:H30")
    book.close()
    return template(out.getvalue())


MADE = side_by_side()


@pytest.mark.parametrize("left", [None, 0, 1, 2, 6, 1500])
@pytest.mark.parametrize("right", [None, 0, 1, 7, 1500])
def test_both_grow_and_shrink(left: int | None, right: int | None, tmp_path: Path) -> None:
    data: dict[str, Any] = {}
    if left is not None:
        data["L"] = {"K": [f"k{n}" for n in range(left)], "W": [n + 0.5 for n in range(left)]}
    if right is not None:
        data["T"] = {"A": [10 + n for n in range(right)]}
    content = MADE.stamp(data)
    (tmp_path / "x.xlsx").write_bytes(content)
    assert lint(tmp_path / "x.xlsx") == []
    sheet = opened(content)["D"]
    in_left = LEFT[1] if left is None else max(left, 1)
    in_right = RIGHT[1] if right is None else max(right, 1)
    assert sheet.tables["L"].ref == f"B3:C{4 + in_left}"
    assert sheet.tables["T"].ref == f"E5:F{5 + in_right}"
    assert [sheet[at].value for at in ("A4", "D4", "D6", "G9", "H30")] == [
        "A4", "D4", "D6", "G9", "H30",
    ]  # fmt: skip
    assert sheet[f"B{4 + in_left}"].value == "Sum"
    assert sheet["I1"].value == f"=SUM(C4:C{3 + in_left})"
    assert sheet["I2"].value == f"=SUM(E6:E{5 + in_right})"
    if left:
        assert [sheet[f"B{row}"].value for row in range(4, 4 + left)] == data["L"]["K"]
    if right:
        assert [sheet[f"E{row}"].value for row in range(6, 6 + right)] == data["T"]["A"]
        assert sheet[f"F{5 + right}"].value == f"=E{5 + right}*2+SUM(C$4:C${3 + in_left})"
    cells = sum(cell.value is not None for row in sheet.iter_rows() for cell in row)
    blank = 2 * (left == 0) + 2 * (right == 0)
    # Headings, both bodies, two cells of totals, five beside and two formulas.
    assert cells == 4 + 2 * in_left + 2 * in_right + 2 + 5 + 2 - blank


def test_a_table_above_another_is_refused_with_the_cell_below() -> None:
    from openpyxl import Workbook
    from openpyxl.worksheet.table import Table

    book = Workbook()
    for row, value in enumerate(["A", 1, None, "B", 2], start=1):
        book.active.cell(row, 1, value)
    book.active.add_table(Table(displayName="Upper", ref="A1:A2", id=1))
    book.active.add_table(Table(displayName="Lower", ref="A4:A5", id=2))
    made = template(book)
    assert "cell Sheet!A4 stands below it" in made.tables["Upper"].refusal
    sheet = opened(made.stamp({"Lower": {"B": [7, 8, 9]}})).active
    assert [sheet.cell(row, 1).value for row in range(1, 8)] == ["A", 1, None, "B", 7, 8, 9]
