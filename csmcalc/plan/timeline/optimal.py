"""The hiring plan of the highest net value under ramp, attrition, budget and caps, with its bound.

Starts are whole, everything else follows from them in a straight line, and what capacity is worth
is concave: a small integer programme in which each month's worth lies below its tangents. Tangents
are added where the answer lies, first of part people, then of whole ones, until its worth meets the
bound, or the same answer comes again: then no more can be proven within the solver's tolerance. The
columns are starts so far: to branch on those settles a team's size, which to branch on the starts
of one month does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import InfeasibleError
from csmcalc.formulas._staffing import monthly, ramped
from csmcalc.plan.timeline.team import Frame
from csmcalc.portfolio.highs import library

Floats = NDArray[np.float64]
_TANGENTS = 12
_ROUNDS = 60
_GAP = 1e-9
_ROUNDED = 1e-6
_OPTIONS = {
    "output_flag": False,
    "mip_rel_gap": _GAP,
    "mip_abs_gap": 1e-7,
    # A first answer is known, and within a millionth: programmes that look for better ones take
    # longer than to branch.
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}


@dataclass(frozen=True, slots=True)
class Best:
    """The starts of one scenario, the net value they have, and what none can exceed.

    Where no plan keeps within the limits `why_not` tells why, and there are no starts.
    """

    starts: Floats
    net_value: float
    bound: float
    why_not: str = ""

    @property
    def gap(self) -> float:
        """How far the bound lies above the net value, as a share of it; 1 where there is none."""
        if self.why_not:
            return 1.0
        missing = max(0.0, self.bound - self.net_value)
        return missing / abs(self.net_value) if self.net_value else float(missing > 0)


def best_starts(frame: Frame, fiscal_years: NDArray[np.int64], budget: float) -> Best:
    """The optimum of a frame of one scenario; `fiscal_years` is the year of each month."""
    programme = _Programme(frame, fiscal_years, budget)
    return programme.solve()


def none_of(frame: Frame, why_not: str) -> Best:
    """What stands for an optimum where no plan keeps within the limits."""
    return Best(np.zeros(frame.flows.months), 0.0, 0.0, why_not)


@dataclass
class _Programme:
    frame: Frame
    fiscal_years: NDArray[np.int64]
    budget: float

    def __post_init__(self) -> None:
        frame, hiring = self.frame, self.frame.hiring
        self.months = frame.flows.months
        months = np.arange(self.months)
        staying = float(1.0 - monthly(frame.cases.attrition)[0])
        age = months[:, None] - months[None, :]
        begun = age >= 0
        kept = np.where(begun, staying ** np.maximum(age, 0), 0.0)
        self.opening = frame.opening.heads * staying ** (months + 1)
        self.heads = kept
        ramp = ramped(np.maximum(age, 0) + 0.5, float(frame.cases.ramp[0]))
        self.productive = kept * ramp * hiring.part_time
        self.productive_opening = self.opening * hiring.part_time
        self.discount = (1 + frame.discount) ** (-(months + 1) / 12)
        cost = float(frame.csm_cost[0])
        self.monthly_cost = hiring.part_time * cost / 12
        self.hire_cost = hiring.hiring_cost * cost
        self.unit = max(self.monthly_cost, 1.0)
        delay = int(np.ceil(frame.cases.to_fill[0] - 1e-9))
        needed = max(float(frame.needed.max()), frame.opening.heads, 1.0)
        most = hiring.most_starts or int(np.ceil(3 * needed)) + 1
        self.most = np.where(months < delay, 0, most).astype(float)

    def solve(self) -> Best:
        """Add tangents where the answer lies until worth and bound meet."""
        self._begin()
        top = self.productive_opening + self.productive @ self.most
        widest = np.minimum(top, 3 * max(float(self.frame.needed.max()), 1.0))
        for share in np.linspace(0, 1, _TANGENTS) ** 2:
            self._add_tangents(share * widest)
        part = self._approach()
        self._make_whole()
        begun = np.ceil(np.cumsum(part.starts) - _ROUNDED)
        return self._approach(np.diff(begun, prepend=0.0))

    def _approach(self, known: Floats | None = None) -> Best:
        """Whole starts from those that are known, else of part people."""
        best, seen = Best(np.zeros(self.months), -np.inf, np.inf), set()
        for _ in range(_ROUNDS):
            starts, bound = self._run(known)
            net = self._net(starts)
            if net > best.net_value:
                best = Best(starts, net, best.bound)
            best = Best(best.starts, best.net_value, min(best.bound, bound))
            answer = starts.tobytes()
            if best.gap <= _GAP or answer in seen:  # its tangents are there: no more can be proven
                break
            seen.add(answer)
            self._add_tangents(self.productive_opening + self.productive @ starts)
            known = None if known is None else best.starts
        return best

    def _worth(self, productive: Floats) -> tuple[Floats, Floats]:
        hours = productive[None, :] * self.frame.rates.effective_hours
        value, price = self.frame.worth.of_hours(hours)
        return value[0] / 12, price[0] * self.frame.rates.effective_hours / 12

    def _net(self, starts: Floats) -> float:
        value, _ = self._worth(self.productive_opening + self.productive @ starts)
        heads = self.opening + self.heads @ starts
        cost = heads * self.monthly_cost + starts * self.hire_cost
        return float(self.discount @ (value - cost))

    def _run(self, known: Floats | None) -> tuple[Floats, float]:
        """The best starts under the tangents there are, and the bound."""
        highs, whole = self.highs, known is not None
        if known is not None:
            highs.setSolution(self._solution(known))
        highs.run()
        if highs.getModelStatus() == library().HighsModelStatus.kInfeasible:
            raise InfeasibleError(self._why_not())
        info = highs.getInfo()
        begun = np.array(highs.getSolution().col_value[: self.months])
        bound = info.mip_dual_bound if whole else info.objective_function_value
        fixed = float(self.discount @ (self.opening * self.monthly_cost))
        starts = np.diff(np.rint(begun) if whole else begun, prepend=0.0)
        return np.maximum(starts, 0.0), -float(bound) * self.unit - fixed

    def _solution(self, starts: Floats) -> Any:
        """Starts and their worth as HiGHS takes them."""
        value, _ = self._worth(self.productive_opening + self.productive @ starts)
        solution = library().HighsSolution()
        solution.col_value = np.concatenate([np.cumsum(starts), value / self.unit])
        return solution

    def _why_not(self) -> str:
        fixed = self.opening * self.monthly_cost
        by_year = [fixed[self.fiscal_years == year].sum() for year in np.unique(self.fiscal_years)]
        return (
            f"[hiring] budget is {self.budget:,.0f} a fiscal year; today's team alone costs "
            f"{max(by_year):,.0f} in one; raise the budget"
        )

    # --- the programme as HiGHS holds it ---------------------------------------------------------

    def _begin(self) -> None:
        """Columns: starts so far and worth of every month; money in a CSM's monthly cost."""
        months = self.months
        self.started = np.eye(months) - np.eye(months, k=-1)
        running = self.heads.T @ (self.discount * self.monthly_cost)
        cost = (running + self.discount * self.hire_cost) @ self.started
        self.highs = library().Highs()
        for name, value in _OPTIONS.items():
            self.highs.setOptionValue(name, value)
        low = np.concatenate([np.zeros(months), np.full(months, -_MOST_WORTH)])
        high = np.concatenate([np.cumsum(self.most), np.full(months, _MOST_WORTH)])
        self.highs.addVars(2 * months, low, high)
        columns = np.arange(2 * months, dtype=np.int32)
        costs = np.concatenate([cost / self.unit, -self.discount])
        self.highs.changeColsCost(2 * months, columns, costs)
        self._add_limits()

    def _make_whole(self) -> None:
        kind = library().HighsVarType.kInteger
        columns = np.arange(self.months, dtype=np.int32)
        self.highs.changeColsIntegrality(self.months, columns, np.full(self.months, kind))

    def _add_limits(self) -> None:
        """Starts within their cap; each fiscal year within the budget."""
        months = self.months
        worthless = np.zeros((months, months))
        self._add_rows(np.hstack([self.started, worthless]), np.zeros(months), self.most)
        if self.budget > 0:
            years = np.unique(self.fiscal_years)
            inside = (self.fiscal_years == years[:, None]).astype(float)
            spent = inside @ (self.heads * self.monthly_cost) + inside * self.hire_cost
            fixed = inside @ (self.opening * self.monthly_cost)
            rows = np.hstack([spent @ self.started, worthless[: len(years)]]) / self.unit
            free = np.full(len(years), -_FREE)
            self._add_rows(rows, free, (self.budget - fixed) / self.unit)

    def _add_tangents(self, productive: Floats) -> None:
        """Worth below its tangents where this many are productive in each month."""
        value, slope = (one / self.unit for one in self._worth(productive))
        steep = slope[:, None] * (self.productive @ self.started)
        level = value + slope * (self.productive_opening - productive)
        rows = np.hstack([-steep, np.eye(self.months)])
        self._add_rows(rows, np.full(self.months, -_FREE), level)

    def _add_rows(self, rows: Floats, low: Floats, high: Floats) -> None:
        filled = rows != 0
        begins = np.concatenate([[0], np.cumsum(filled.sum(axis=1))])[:-1]
        column = np.nonzero(filled)[1].astype(np.int32)
        begins = begins.astype(np.int32)
        self.highs.addRows(len(rows), low, high, len(column), begins, column, rows[filled])


_MOST_WORTH = 1e9
"""In monthly costs of a CSM."""

_FREE = 1e30
"""What HiGHS takes for no limit."""
