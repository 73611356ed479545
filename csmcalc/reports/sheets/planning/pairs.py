"""Figures of the workbook that a function of csmcalc gives too: both formulas, both values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from csmcalc import formulas
from csmcalc.core.rounding import WHOLE_TOLERANCE
from csmcalc.plan.timeline.sensitivity import frame_of_live
from csmcalc.reports.model import Unit
from csmcalc.reports.sheets.planning.filled import Filled


@dataclass(frozen=True)
class Pair:
    """One figure twice: the cells' formula and its value, the function and its arguments.

    Arguments are what cells say, in their notation, beside the values they have. With `asked`, a
    condition and whether it holds, both are 0 where it does not.
    """

    title: str
    native: str
    value: float
    function: Callable[..., Any]
    arguments: tuple[tuple[str, Any], ...]
    unit: Unit
    column: int | None = None
    asked: tuple[str, bool] | None = None

    @property
    def name(self) -> str:
        """The function as a workbook calls it."""
        return self.function.__name__.upper()

    @property
    def call(self) -> str:
        """The formula that calls it; of a table, the sum of a column."""
        called = f"{self.name}({','.join(cell for cell, _ in self.arguments)})"
        return self._where(called if self.column is None else f"SUM(INDEX({called},0,1+1))")

    @property
    def by_cells(self) -> str:
        """The formula of the workbook's own."""
        return self._where(self.native)

    def _where(self, formula: str) -> str:
        return formula if self.asked is None else f"IF({self.asked[0]},{formula},0)"

    @property
    def now(self) -> float:
        """What the cells show."""
        return self.value if self.asked is None or self.asked[1] else 0.0

    @property
    def answer(self) -> float:
        """What the function gives."""
        if self.asked is not None and not self.asked[1]:
            return 0.0
        found = self.function(*(value for _, value in self.arguments))
        return float(found if self.column is None else np.asarray(found)[:, self.column].sum())

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return abs(self.now - self.answer) <= WHOLE_TOLERANCE * (1 + abs(self.now))


def pairs_of(filled: Filled) -> Iterator[Pair]:
    """Every figure that is computed twice."""
    yield from _of_rules(filled)
    yield from _of_capacity(filled)
    yield from _of_hiring(filled)


def _of_rules(filled: Filled) -> Iterator[Pair]:
    plan = filled.plan
    settings, rates = plan.settings, plan.rates
    arr, target = ("arr_planned", plan.arr), ("target_arr", rates.arr_per_csm)
    accounts = ("accounts_planned", float(len(plan.accounts)))
    views = {view.key: float(view.csms) for view in plan.views}
    yield Pair(
        "CSMs by the ARR rule", "csms_rule", views["rule"],
        formulas.csm_ratio, (arr, target), Unit.COUNT,
    )  # fmt: skip
    yield Pair(
        "CSMs by the ARR rule, in arrears", "csms_arrears", views["arrears"],
        formulas.csm_ratio, (arr, target, ("TRUE", True)), Unit.COUNT,
    )  # fmt: skip
    per_csm = ("accounts_per_csm", settings.rule.accounts_per_csm)
    yield Pair(
        "CSMs by accounts", "csms_accounts", views["accounts"],
        formulas.csm_accounts_ratio, (accounts, per_csm), Unit.COUNT,
    )  # fmt: skip
    yield Pair(
        "Managers of the CSMs by the ARR rule", "managers_rule", float(plan.view("rule").managers),
        formulas.csm_managers, (("csms_rule", views["rule"]), ("span", settings.team.span)),
        Unit.COUNT,
    )  # fmt: skip


def _of_capacity(filled: Filled) -> Iterator[Pair]:
    plan = filled.plan
    settings, rates = plan.settings, plan.rates
    year = ("calendar", "pto", "sick", "internal_share", "realisation")
    yield Pair(
        "Effective hours of a CSM a year", "effective_hours", rates.effective_hours,
        formulas.csm_effective_hours,
        tuple((name, getattr(settings.capacity, name)) for name in year), Unit.HOURS,
    )  # fmt: skip
    ote = ("ote*exchange_rate", settings.pay.ote * settings.money.exchange_rate)
    loading = ("loading", settings.pay.loading)
    yield Pair(
        "Loaded cost of a CSM a year", "loaded_cost", rates.loaded_cost,
        formulas.csm_loaded_cost, (ote, loading), Unit.MONEY,
    )  # fmt: skip
    effective = ("effective_hours", rates.effective_hours)
    yield Pair(
        "Cost of an hour", "cost_per_hour", rates.cost_per_hour,
        formulas.csm_cost_per_hour, (ote, loading, effective), Unit.MONEY,
    )  # fmt: skip
    service = settings.service
    score = ("complexity_score", service.complexity_score)
    divisor = ("complexity_divisor", service.complexity_divisor)
    cap = ("complexity_cap", service.complexity_cap)
    yield Pair(
        "Complexity of an account without a score",
        "MIN(complexity_cap,1+complexity_score/complexity_divisor)",
        min(cap[1], 1 + score[1] / divisor[1]),
        formulas.csm_complexity, (score, divisor, cap), Unit.DECIMAL,
    )  # fmt: skip
    hours = float(plan.accounts["planned_hours"].sum())
    yield Pair(
        "CSMs by the workload, exact", "hours_planned/effective_hours",
        hours / rates.effective_hours,
        formulas.csm_workload_fte, (("1", 1.0), ("hours_planned", hours), effective), Unit.FTE,
    )  # fmt: skip


def _of_hiring(filled: Filled) -> Iterator[Pair]:
    timeline = filled.timeline
    case = timeline.frame.cases.one(timeline.live)
    by_need = timeline.plan.settings.hiring.basis != "rule"
    team = timeline.policies["ahead"]
    attrition = float(case.attrition[0])
    leaving = ("MIN(attrition*factor_attrition,most_leaving)", attrition)
    yield Pair(
        "Attrition of a month in the live case", "1-staying",
        1.0 - (1.0 - attrition) ** (1 / 12),
        formulas.csm_attrition_period, (leaving, ("months_per_year", 12.0)), Unit.RATE,
    )  # fmt: skip
    yield Pair(
        "Starts when hiring ahead, unless by the ARR rule", "SUM({ahead_starts.all})",
        float(team.starts[0].sum()),
        formulas.csm_hiring_plan,
        (
            ("{needed.all}", frame_of_live(timeline).needed[0]),
            ("heads_today", timeline.opening.heads),
            ("ramp", float(case.ramp[0])),
            leaving,
            ("months_to_fill*factor_to_fill", float(case.to_fill[0])),
        ),
        # By the rule the first are hired at half the target, until caught up.
        Unit.COUNT, column=1, asked=('basis<>"rule"', by_need),
    )  # fmt: skip
