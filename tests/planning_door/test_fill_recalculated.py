"""LibreOffice recalculates what was filled: a copy of somebody's own, real lists, long ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.planning import made_list
from tests.engines.lint import lint
from tests.engines.office import Office, cached_values, differences, formulas
from tests.engines.test_audit import findings
from tests.planning_door.conftest import DAY, DEMO, Run
from tests.planning_door.office_edit import edited
from tests.planning_door.workbooks import values, where

pytestmark = pytest.mark.engine
RAVENSTACK = Path(__file__).parents[1] / "files" / "lists" / "ravenstack"


def agree(path: Path, office: Office, *, own: frozenset[tuple[str, str]] = frozenset()) -> None:
    """Every formula has the value that it gets; somebody's own need not have one yet."""
    addresses = formulas(path).keys() - own
    (again,) = office.recalculated([path])
    assert differences(addresses, cached_values(path), cached_values(again)) == []


@pytest.fixture(scope="module")
def own(empty: Path, folder: Path, office: Office) -> Path:  # noqa: ARG001
    """A copy that somebody moved about and extended in LibreOffice before any list was in it."""
    edits = [
        ("type", *where(empty, "internal_share"), 0.25),
        ("type", *where(empty, "live_case"), "downside"),
        ("type", *where(empty, "growth_method"), "mean"),
        (
            "type",
            *where(empty, "policy"),
            "level",
        ),
        ("insert rows", "Customers", 1, 2),
        ("insert rows", "Summary", 4, 1),
        ("insert columns", "Segments", 0, 1),
        ("insert rows", "Books", 3, 2),
        ("rename sheet", "Headcount", "Köpfe & Kosten"),
        ("new sheet", "Mine"),
        ("type", "Mine", "A1", "=effective_hours*2"),
        ("type", "Mine", "B1", "kept"),
    ]
    return edited(empty, folder / "own.xlsx", edits, folder / "profile-own")


def test_a_copy_of_ones_own(own: Path, office: Office, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.xlsx"
    done = run("fill", own, DEMO, "-o", out, "--as-of", DAY)
    assert done.code == 0, done.err
    agree(out, office, own=frozenset({("Mine", "A1")}))
    assert values(out)["Mine", "B1"] == "kept"
    assert values(out)["Customers", "B7"] == "Account id"
    again = tmp_path / "again.xlsx"
    assert run("fill", "--update", out, "-o", again).code == 0
    agree(again, office, own=frozenset({("Mine", "A1")}))


def test_as_it_ships(demo: Path) -> None:
    assert lint(demo) == []
    assert findings(demo) == []


def test_where_no_csm_pays(empty: Path, office: Office, run: Run, tmp_path: Path) -> None:
    customers, out = tmp_path / "list.csv", tmp_path / "out.xlsx"
    customers.write_text(
        "Account ID,Account Name,ARR,Status,CSM,Start Date\n"
        "A00010,Acme 10,122951.83,Active,Ann,2020-02-27\n"
    )
    assert run("fill", empty, customers, "-o", out, "--as-of", DAY).code == 0
    found = values(out)
    assert found[where(out, "csms_value")] == 0
    assert found[where(out, "value_gap")] == 0
    agree(out, office)


@pytest.mark.long
@pytest.mark.parametrize("name", ["ravenstack", "5,000 customers"])
def test_real_and_long_lists(
    name: str, empty: Path, office: Office, run: Run, tmp_path: Path
) -> None:
    out, told = tmp_path / "out.xlsx", ["--as-of", "2026-09-30"]
    if name == "ravenstack":
        customers = RAVENSTACK / "ravenstack_accounts.csv"
        told = ["--as-of", "2024-12-31"]
        told += ["--subscriptions", str(RAVENSTACK / "ravenstack_subscriptions.csv")]
    else:
        customers = made_list(5_000, tmp_path / "customers.csv")
    done = run("fill", empty, customers, "-o", out, *told)
    assert done.code == 0, done.err
    agree(out, office)
    assert lint(out) == []
    again = tmp_path / "again.xlsx"
    assert run("fill", "--update", out, "-o", again).code == 0
    assert differences(formulas(out), values(out), values(again)) == []
