"""CSM_ASSIGN: balanced books in a cell, good, feasible, the same every time."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.books import read_books
from csmcalc.errors import Fault, FaultKind
from csmcalc.formulas import csm_assign
from csmcalc.optimum.assignment.local import quick

INSTANCES = Path(__file__).parents[1] / "files" / "instances" / "books"


def tables(count: int, csms: int, seed: int = 0, room: float = 1.3) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    size = random.lognormal(0, 0.7, count)
    names = [f"CSM {n}" for n in range(csms)]
    customers = [
        [
            f"A{n}",
            round(20_000 * size[n] * random.uniform(0.5, 1.5)),
            round(20 * size[n], 1),
            round(1_000 * random.random()),
            str(random.choice([*names, "Gone"])),
            str(random.choice(["EMEA", "AMER"])),
        ]
        for n in range(count)
    ]
    hours = round(sum(row[2] for row in customers) * room / csms, 1)
    return customers, [[name, hours, "EMEA; AMER" if n % 2 else ""] for n, name in enumerate(names)]


def points(customers: Any, csms: Any, owners: list[str], continuity: float = 0.25) -> float:
    """The objective as the contract says it, for CSMs who serve every region."""
    names = [row[0] for row in csms]
    share = np.array([row[1] for row in csms]) / sum(row[1] for row in csms)
    owner = np.array([names.index(one) for one in owners])
    total = 0.0
    for column, weight in ((2, 1.0), (1, 1.0), (3, 0.5)):
        size = np.array([row[column] for row in customers], dtype=float)
        load = np.bincount(owner, size, len(names))
        total += 100 * weight * float(np.abs(load / (size.sum() * share) - 1).mean())
    arr = np.array([row[1] for row in customers], dtype=float)
    owned = np.array([row[4] in names for row in customers])
    moved = owned & np.array([row[4] != new for row, new in zip(customers, owners, strict=True)])
    return total + 100 * continuity * float(arr[moved].sum() / arr[owned].sum())


def owners_of(customers: Any, csms: Any, *more: Any) -> list[str]:
    return [str(owner) for owner in csm_assign(customers, csms, *more)[:, 0]]


@pytest.mark.parametrize("seed", range(6))
def test_tiny_tables_are_solved_exactly(seed: int) -> None:
    customers, csms = tables(7, 3, seed, 1.6)
    best = min(
        points(customers, csms, list(books))
        for books in itertools.product([row[0] for row in csms], repeat=7)
        if all(
            sum(row[2] for row, one in zip(customers, books, strict=True) if one == csm[0])
            <= csm[1]
            for csm in csms
        )
    )
    found = points(customers, csms, owners_of(customers, csms))
    assert found == pytest.approx(best, abs=1e-9)


def test_hours_fit_and_every_region_is_served() -> None:
    customers, csms = tables(120, 6, 2)
    csms = [
        [name, hours, "EMEA" if n < 2 else "AMER, EMEA"] for n, (name, hours, _) in enumerate(csms)
    ]
    owners = owners_of(customers, csms)
    for name, hours, region in csms:
        own = [row for row, owner in zip(customers, owners, strict=True) if owner == name]
        assert sum(row[2] for row in own) <= hours + 1e-9
        assert all(row[5] in region for row in own)


def test_the_same_table_gives_the_same_books() -> None:
    customers, csms = tables(90, 5, 3)
    assert owners_of(customers, csms) == owners_of(customers, csms)


def test_a_heavy_weight_on_continuity_keeps_everybody() -> None:
    customers, csms = tables(30, 3, 4, room=3.0)
    customers = [row for row in customers if row[4] != "Gone"]
    assert owners_of(customers, csms, 1e4) == [row[4] for row in customers]


def test_customers_alike_make_books_within_one_customer() -> None:
    customers = [[f"A{n}", 1_000, 5] for n in range(40)]
    owners = owners_of(customers, [["Ana", 100], ["Ben", 100], ["Cleo", 100]], 0)
    counts = [owners.count(name) for name in ("Ana", "Ben", "Cleo")]
    assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize(
    ("name", "most"), [("B_n50_m3_s2", 14.831555 * 1.02), ("B_n50_m3_s5", 2.649626 * 1.3)]
)
def test_the_search_comes_near_the_proven_optimum(name: str, most: float) -> None:
    problem = read_books(INSTANCES / f"{name}.npz")
    found = quick(problem)
    assert found.chosen is not None
    assert problem.feasible(found.chosen)
    assert problem.value(found.chosen) <= most
    assert found.bound <= problem.value(found.chosen)


FAULTS: list[tuple[Any, Any, FaultKind, str]] = [
    (
        [["A", 1, 9]],
        [["Ana", 5]],
        FaultKind.NUM,
        "hours of customers come to 9, those of csms to 5",
    ),
    ([["A", 1, 6], ["B", 1, 6]], [["Ana", 7], ["Ana", 7]], FaultKind.VALUE, '"Ana" twice'),
    (
        [["A", 1, 1, None, None, "APAC"]],
        [["Ana", 5, "EMEA"]],
        FaultKind.NA,
        'customer "A" in region "APAC" has no CSM',
    ),
    ([["A", 1, 1]], [["Ana", 0]], FaultKind.NA, 'customer "A" has no CSM with hours'),
    ([["A", 1, 6], ["B", 1, 6]], [["Ana", 7], ["Ben", 5]], FaultKind.NUM, "no books were found"),
]


@pytest.mark.parametrize(("customers", "csms", "kind", "words"), FAULTS)
def test_what_cannot_be_assigned_shows_its_error(
    customers: Any, csms: Any, kind: FaultKind, words: str
) -> None:
    with pytest.raises(Fault) as caught:
        csm_assign(customers, csms)
    assert caught.value.kind == kind
    assert words in caught.value.reason
