"""An auditor of the file format finds nothing in what we write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openxml_audit import OpenXmlValidator, ValidationSeverity

from tests.engines.test_recalculation import BOOKS, write
from tests.reports.templates import accounts, saved, template, workbook
from tests.reports.test_template_follow import FOUR, with_table
from tests.reports.test_template_side_by_side import MADE


def findings(path: Path) -> list[str]:
    """openpyxl writes the name of a font first; every reader takes its elements in any order."""
    errors = OpenXmlValidator().validate(path).errors
    wrong = [error for error in errors if error.severity is ValidationSeverity.ERROR]
    return [f"{e.path}: {e.description}" for e in wrong if "/fonts[1]/font" not in (e.path or "")]


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
