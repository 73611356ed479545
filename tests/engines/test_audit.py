"""An auditor of the file format finds nothing in what we write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator

from tests.engines.test_recalculation import BOOKS, write
from tests.reports.templates import accounts, saved, template, workbook
from tests.reports.test_template_follow import FOUR, with_table
from tests.reports.test_template_side_by_side import MADE


def findings(path: Path) -> list[str]:
    """What the audit says, less what is known and no fault.

    The font of a new workbook is openpyxl's own, its name first; every reader takes a font's
    elements in any order. Text with several lines, or with blanks at its ends, stands in its cell
    (inlineStr), which Excel reads and saves in its own way later: a table of texts would have to be
    written anew in each report.
    """
    return [
        f"{error.path}: {error.description}"
        for error in OpenXmlValidator().validate(path).errors
        if "/fonts[1]/font[1]" not in (error.path or "")
        and "inline-string cell(s)" not in error.description
    ]


def test_filled_templates_are_clean(tmp_path: Path) -> None:
    def everything(sheet: Any, book: Any) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=D!$B$2:$B$4", "categories": "=D!$A$2:$A$4"})
        sheet.insert_chart("F1", chart)
        sheet.add_sparkline("D1", {"range": "D!B2:B4"})
        bar = {"type": "data_bar", "data_bar_2010": True}
        sheet.conditional_format("B2:B4", bar)

    made = {
        "template": saved(workbook(rows=2)),
        "empty": template(rows=2).stamp({"Accounts": accounts(0)}),
        "long": template(rows=2).stamp({"Accounts": accounts(1500)}, {"owner": "A", "rate": 1}),
        "side by side": MADE.stamp({"L": {"K": ["a"], "W": [1]}, "T": {"A": [1, 2, 3]}}),
        "all kinds": template(with_table(3, everything)).stamp(FOUR),
    }
    for name, content in made.items():
        path = tmp_path / f"{name}.xlsx"
        path.write_bytes(content)
        assert findings(path) == [], name


@pytest.mark.parametrize("name", BOOKS)
def test_plans_are_clean(tmp_path: Path, name: str) -> None:
    assert findings(write(tmp_path, "plan", BOOKS[name]())) == []
