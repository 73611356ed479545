"""The sheet of customers is written while the solver works: nothing comes out otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from csmcalc.planning import fill as filling
from csmcalc.reports.template.region import Rows
from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import cell_as, changed, part_of

COUNT = 1_200


@pytest.fixture(scope="module")
def customers(folder: Path) -> Path:
    """More customers than a sheet is written for at once, some without growth, two not planned."""
    lines = ["Account id,Account,ARR,Prior ARR,Owner,Status"]
    for n in range(COUNT):
        prior = "" if n % 3 else f"{900 + n}"
        status = "churned" if n in (5, 800) else ""
        lines.append(f"A{n},Customer {n} & Co,{1000 + 7 * n},{prior},CSM {n % 20},{status}")
    path = folder / "many.csv"
    path.write_text("\n".join(lines))
    return path


def _filled(run: Run, template: Path, customers: Path, out: Path) -> bytes:
    assert run("fill", template, customers, "-o", out, "--as-of", DAY).code == 0
    return out.read_bytes()


def test_the_workbook_is_the_same_byte_for_byte(
    run: Run, empty: Path, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    usual = Rows.stream

    def counted(self: Rows) -> Iterator[bytes]:
        written.append(sum(strip.stop - strip.first for strip in self.strips))
        return usual(self)

    monkeypatch.setattr(Rows, "stream", counted)
    ahead = _filled(run, empty, customers, tmp_path / "ahead.xlsx")
    assert written.count(COUNT) == 1, "once, and then taken"
    monkeypatch.setattr(filling, "customers_ahead", lambda *_: None)
    assert _filled(run, empty, customers, tmp_path / "usual.xlsx") == ahead
    assert written.count(COUNT) == 2


def test_what_is_in_the_way_is_told_as_ever(
    run: Run, empty: Path, customers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = part_of(empty, "Customers")
    damaged = changed(empty, tmp_path / "mine.xlsx", {sheet: cell_as("AE6", "><v>7</v></c>")})
    out = tmp_path / "out.xlsx"
    ahead = run("fill", damaged, customers, "-o", out, "--as-of", DAY)
    monkeypatch.setattr(filling, "customers_ahead", lambda *_: None)
    usual = run("fill", damaged, customers, "-o", out, "--as-of", DAY)
    assert ahead == usual
    assert ahead.code == 2
    assert "Customers!AE6" in ahead.err
    assert not out.exists()
