"""Who owns whom, for tables in a worksheet: balanced books in a moment, without a solver."""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from csmcalc.core.arguments import Amount, Heading, Number, TableOf, Words, shown
from csmcalc.core.formula import Rows, formula
from csmcalc.core.words import plain_word, words_of
from csmcalc.errors import Fault, FaultKind
from csmcalc.optimum.assignment.local import quick
from csmcalc.optimum.assignment.parts import labels
from csmcalc.optimum.assignment.points import balance_price, change_points, fair_targets
from csmcalc.optimum.assignment.problem import Problem

_AMOUNT, _TEXT = Number(low=0), Words()

CustomerTable: TypeAlias = Annotated[
    Any,
    TableOf(
        (
            Heading("id", _TEXT),
            Heading("arr", _AMOUNT),
            Heading("hours", _AMOUNT),
            Heading("risk", _AMOUNT, required=False),
            Heading("owner", _TEXT, required=False),
            Heading("region", _TEXT, required=False),
        )
    ),
]
"""A row a customer."""

CsmTable: TypeAlias = Annotated[
    Any,
    TableOf(
        (
            Heading("name", _TEXT),
            Heading("hours", _AMOUNT),
            Heading("region", _TEXT, required=False),
        )
    ),
]
"""A row a CSM; regions served are separated by commas or semicolons, none serves all."""

_WEIGHTS = {"hours": 1.0, "arr": 1.0, "risk": 0.5}
"""Points of a load for each per cent of mean distance from its targets."""


@formula()
def csm_assign(customers: CustomerTable, csms: CsmTable, continuity_weight: Amount = 0.25) -> Rows:
    """Owner of each customer: hours, ARR and risk even by the CSMs' hours, few changes of owner.

    least mean |hours / target - 1| + mean |arr / target - 1| + mean |risk / target - 1| / 2 +
    continuity_weight x share of owned ARR that changes owner; hours within each CSM's

    Args:
        customers: a row a customer: id, arr, hours, [risk], [owner], [region]; table.
        csms: a row a CSM: name, hours, [region]; table.
        continuity_weight: what a change of owner counts beside balance; points per %.

    Returns: the CSM of each customer, a row each in the order of the table; names.

    Errors: #NUM! a negative number, hours that do not fit; #N/A an empty table or cell, a region
    nobody serves; #VALUE! a table of other columns, a CSM named twice.

    Source: Our own (docs/books.md); csmcalc assign works longer and proves how good its books are.

    >>> csm_assign(
    ...     [
    ...         ["A", 90_000, 5, 9_000, "Ben", "EMEA"],
    ...         ["B", 60_000, 4, 1_000, "Ben", "EMEA"],
    ...         ["C", 50_000, 4, 2_000, "Ana", "AMER"],
    ...         ["D", 95_000, 5, 8_000, "Ben", "EMEA"],
    ...     ],
    ...     [["Ana", 10, "EMEA, AMER"], ["Ben", 10, "EMEA, APAC"]],
    ... ).tolist()
    [['Ben'], ['Ben'], ['Ana'], ['Ana']]
    """
    names = [plain_word(name) for name in csms["name"]]
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(csms["name"]) if names[at] in names[:at])
        raise Fault(FaultKind.VALUE, f"csms names {shown(twice)} twice; each CSM needs one row")
    problem = _problem(customers, csms, names, float(continuity_weight))
    chosen = quick(problem).chosen
    if chosen is None:
        needed, there = customers["hours"].sum(), csms["hours"].sum()
        raise Fault(
            FaultKind.NUM,
            f"hours of customers come to {needed:g}, those of csms to {there:g}; no books were "
            "found in which they fit",
        )
    return [(csms["name"][agent],) for agent in problem.agent[chosen].tolist()]


def _problem(customers: Any, csms: Any, names: list[str], continuity: float) -> Problem:
    """The tables as items, agents and loads."""
    capacity = csms["hours"]
    item, agent = np.nonzero(_served(customers, csms))
    first = np.searchsorted(item, np.arange(len(customers["id"]) + 1))
    loads = {name: _numbers(customers[name], len(customers["id"])) for name in _WEIGHTS}
    loads = {name: size for name, size in loads.items() if name == "hours" or size.any()}
    none = np.full((len(loads), len(capacity)), np.inf)
    high = none.copy()
    high[0] = capacity
    size = np.array(list(loads.values()))
    shell = Problem(first, agent, np.zeros(len(agent)), size[:, item], -none, high, *[none] * 3)
    label = labels(shell)
    part = label[agent[first[:-1]]]
    target = np.array([fair_targets(one, part, label, capacity) for one in size])
    price = np.array(
        [balance_price(at, _WEIGHTS[name]) for name, at in zip(loads, target, strict=True)]
    )
    cost = change_points(customers["arr"], _today(customers, names), item, agent, continuity)
    return Problem(first, agent, cost, size[:, item], -none, high, target, price, price)


def _numbers(column: Any, count: int) -> NDArray[np.float64]:
    return np.zeros(count) if column is None else np.nan_to_num(column)


def _today(customers: Any, names: list[str]) -> NDArray[np.int64]:
    """Position of today's owner among the CSMs, -1 for none of them."""
    if customers["owner"] is None:
        return np.full(len(customers["id"]), -1)
    place = {name: at for at, name in enumerate(names)}
    return np.array([place.get(plain_word(owner), -1) for owner in customers["owner"]])


def _served(customers: Any, csms: Any) -> NDArray[np.bool_]:
    """Which customer may go to which CSM; an error for one whom nobody serves."""
    wanted = [plain_word(one) for one in _words(customers["region"], customers["id"])]
    served = [set(map(plain_word, words_of(one))) for one in _words(csms["region"], csms["name"])]
    hours = csms["hours"]
    serves = {
        region: [
            here > 0 and (not region or not own or region in own)
            for here, own in zip(hours, served, strict=True)
        ]
        for region in set(wanted)
    }
    for at, region in enumerate(wanted):
        if not any(serves[region]):
            where = f" in region {shown(customers['region'][at])}" if region else ""
            customer = shown(customers["id"][at])
            raise Fault(FaultKind.NA, f"customer {customer}{where} has no CSM with hours")
    return np.array([serves[region] for region in wanted])


def _words(column: Any, beside: Any) -> Any:
    """The words of an optional column; nothing in every row where it was left out."""
    return [""] * len(beside) if column is None else column
