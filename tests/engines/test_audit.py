"""An auditor of the file format finds nothing that it does not find in every file of openpyxl.

It is run where it is installed: in an environment of its own, because it brings lxml, with which
openpyxl writes its XML in another way.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.engines.test_recalculation import BOOKS, write
from tests.reports.templates import accounts, saved, template, workbook
from tests.reports.test_template_follow import FOUR, with_table
from tests.reports.test_template_side_by_side import MADE

AUDITOR = shutil.which("openxml-audit")
pytestmark = pytest.mark.skipif(AUDITOR is None, reason="openxml-audit is not installed")

OF_OPENPYXL = re.compile(r"Unexpected element '(color|b)' found|inline-string cell")
"""The order of elements in its fonts, which Excel does not mind, and texts in their cells."""


def findings(path: Path) -> list[str]:
    command = [str(AUDITOR), "-f", "microsoft365", "-o", "json", "-m", "0", str(path)]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    errors = (told[0] if isinstance(told, list) else told)["errors"]
    described = [f"{error.get('part_uri')}: {error.get('description')}" for error in errors]
    return [one for one in described if not OF_OPENPYXL.search(one)]


def test_filled_templates_are_clean(tmp_path: Path) -> None:
    def everything(sheet: object, book: object) -> None:
        chart = book.add_chart({"type": "line"})  # type: ignore[attr-defined]
        chart.add_series({"values": "=D!$B$2:$B$4", "categories": "=D!$A$2:$A$4"})
        sheet.insert_chart("F1", chart)  # type: ignore[attr-defined]
        sheet.add_sparkline("D1", {"range": "D!B2:B4"})  # type: ignore[attr-defined]
        bar = {"type": "data_bar", "data_bar_2010": True}
        sheet.conditional_format("B2:B4", bar)  # type: ignore[attr-defined]

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
