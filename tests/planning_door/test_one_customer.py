"""A workbook of one customer speaks of one customer."""

from __future__ import annotations

import re
from pathlib import Path

from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import values

SEVERAL = re.compile(r"\b1 (?:accounts|customers|CSMs|books|months|years|figures|checks want)\b")


def test_one_is_no_plural(empty: Path, run: Run, tmp_path: Path) -> None:
    customers, out = tmp_path / "list.csv", tmp_path / "one.xlsx"
    customers.write_text(
        "Account id,Account,ARR,Owner,Support cost\nA1,Alpha,40000,Ana,1000\nB1,Beta,0,Ana,0\n"
    )
    done = run("fill", empty, customers, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    texts = {at: said for at, said in values(out).items() if isinstance(said, str)}
    assert "1 account ·" in texts["Summary", "B3"]
    assert "asks for 1 CSM by its hours" in texts["Summary", "B11"]
    assert not {at: said for at, said in texts.items() if SEVERAL.search(said)}
    assert not SEVERAL.search(done.out)
