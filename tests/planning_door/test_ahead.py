"""The sheet of customers is written while the solver works: nothing comes out otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from csmcalc.planning import fill as filling
from csmcalc.reports.template.region import Rows
from tests.planning_door.conftest import DAY, Run
from tests.planning_door.workbooks import cell_as, changed, part_of, values

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


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows are written, each time."""
    found: list[int] = []
    usual = Rows.stream

    def counted(self: Rows) -> Iterator[bytes]:
        found.append(sum(strip.stop - strip.first for strip in self.strips))
        return usual(self)

    monkeypatch.setattr(Rows, "stream", counted)
    return found


def _filled(run: Run, template: Path, customers: Path, out: Path) -> bytes:
    assert run("fill", template, customers, "-o", out, "--as-of", DAY).code == 0
    return out.read_bytes()


def test_the_workbook_is_the_same_byte_for_byte(
    run: Run,
    empty: Path,
    customers: Path,
    tmp_path: Path,
    written: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def _own(content: str) -> str:
    """A sheet with a formula of somebody's own, and its value, beside its first words."""
    row = re.search(r'<row r="([0-9]+)".*?(?=</row>)', content, re.DOTALL)
    assert row
    cell = f'<c r="CA{row[1]}"><f>pto*2</f><v>320</v></c>'
    return f"{content[: row.end()]}{cell}{content[row.end() :]}"


@pytest.mark.parametrize(("told", "kept"), [((), True), (("--set", "capacity.pto=300"), False)])
def test_own_formulas_have_the_values_that_hold(
    told: tuple[str, ...],
    kept: bool,
    run: Run,
    empty: Path,
    customers: Path,
    tmp_path: Path,
    written: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What else changes is known after the customers are written: then they are written again."""
    parts = [part_of(empty, "Guide"), part_of(empty, "Customers")]
    mine = changed(empty, tmp_path / "mine.xlsx", dict.fromkeys(parts, _own))

    def fill(name: str) -> tuple[bytes, str]:
        out = tmp_path / name
        done = run("fill", mine, customers, "-o", out, "--as-of", DAY, *told)
        assert done.code == 0, done.err
        return out.read_bytes(), done.out.replace(name, "")

    ahead, said = fill("ahead.xlsx")
    assert written.count(COUNT) == (1 if kept else 2)
    found = {sheet: value for (sheet, cell), value in values(ahead).items() if cell[:2] == "CA"}
    assert found == ({"Guide": 320.0, "Customers": 320.0} if kept else {})
    assert ("Your own formulas" in said) is not kept
    monkeypatch.setattr(filling, "customers_ahead", lambda *_: None)
    assert fill("usual.xlsx") == (ahead, said)
