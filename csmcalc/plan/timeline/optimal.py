"""The hiring plan of the highest net value under ramp, attrition, budget and caps, with its bound.

Starts are whole, everything else follows from them in a straight line, and what capacity is worth
is concave: a small integer programme in which each month's worth lies below its tangents. Tangents
are added where the answer lies, first of part people, then of whole ones, until its worth meets the
bound, or the same answer comes again: then no more can be proven within the solver's tolerance. The
columns are starts so far: to branch on those settles a team's size, which to branch on the starts
of one month does not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import InfeasibleError
from csmcalc.formulas._staffing import monthly, ramped
from csmcalc.plan.timeline.team import Frame
from csmcalc.portfolio.books.engine.mip import library

Floats = NDArray[np.float64]
_TANGENTS = 12
_ROUNDS = 60
_GAP = 1e-9
_OPTIONS = {
    "output_flag": False,
    "mip_rel_gap": _GAP,
    "mip_abs_gap": 1e-7,
    # The first rounding is within a millionth: programmes that look for better ones take longer
    # than to branch.
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
    tangents: list[tuple[int, float, float]] = field(default_factory=list)

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
        top = self.productive_opening + self.productive @ self.most
        widest = np.minimum(top, 3 * max(float(self.frame.needed.max()), 1.0))
        for share in np.linspace(0, 1, _TANGENTS) ** 2:
            self._add_tangents(share * widest)
        self._approach(whole=False)
        return self._approach(whole=True)

    def _approach(self, *, whole: bool) -> Best:
        best, seen = Best(np.zeros(self.months), -np.inf, np.inf), set()
        for _ in range(_ROUNDS):
            starts, bound = self._run(whole)
            net = self._net(starts)
            if net > best.net_value:
                best = Best(starts, net, best.bound)
            best = Best(best.starts, best.net_value, min(best.bound, bound))
            answer = starts.tobytes()
            if best.gap <= _GAP or answer in seen:  # its tangents are there: no more can be proven
                break
            seen.add(answer)
            self._add_tangents(self.productive_opening + self.productive @ starts)
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

    def _add_tangents(self, productive: Floats) -> None:
        value, slope = self._worth(productive)
        for month in range(self.months):
            level = value[month] - slope[month] * productive[month]
            self.tangents.append((month, float(slope[month]), float(level)))

    def _run(self, whole: bool) -> tuple[Floats, float]:
        """The best starts under the tangents there are, and the bound."""
        highspy = library()
        highs = highspy.Highs()
        for name, value in _OPTIONS.items():
            highs.setOptionValue(name, value)
        highs.passModel(self._model(whole))
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise InfeasibleError(self._why_not())
        info = highs.getInfo()
        begun = np.array(highs.getSolution().col_value[: self.months])
        bound = info.mip_dual_bound if whole else info.objective_function_value
        fixed = float(self.discount @ (self.opening * self.monthly_cost))
        starts = np.diff(np.rint(begun) if whole else begun, prepend=0.0)
        return np.maximum(starts, 0.0), -float(bound) * self.unit - fixed

    def _why_not(self) -> str:
        fixed = self.opening * self.monthly_cost
        by_year = [fixed[self.fiscal_years == year].sum() for year in np.unique(self.fiscal_years)]
        return (
            f"[hiring] budget is {self.budget:,.0f} a fiscal year; today's team alone costs "
            f"{max(by_year):,.0f} in one; raise the budget"
        )

    def _model(self, whole: bool) -> Any:
        """Columns: starts so far and worth of every month; money in a CSM's monthly cost."""
        highspy = library()
        months = self.months
        started = np.eye(months) - np.eye(months, k=-1)
        running = self.heads.T @ (self.discount * self.monthly_cost)
        cost = (running + self.discount * self.hire_cost) @ started
        rows, low, high = self._rows(started)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * months, len(high)
        model.col_cost_ = np.concatenate([cost / self.unit, -self.discount])
        model.col_lower_ = np.concatenate([np.zeros(months), np.full(months, -1e9)])
        model.col_upper_ = np.concatenate([np.cumsum(self.most), np.full(months, 1e9)])
        model.row_lower_, model.row_upper_ = low, high
        kinds = highspy.HighsVarType
        if whole:
            model.integrality_ = [kinds.kInteger] * months + [kinds.kContinuous] * months
        filled = rows != 0
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(filled.sum(axis=1))])
        model.a_matrix_.index_ = np.nonzero(filled)[1]
        model.a_matrix_.value_ = rows[filled]
        return model

    def _rows(self, started: Floats) -> tuple[Floats, Floats, Floats]:
        """Worth below its tangents; starts within their cap; each fiscal year within the budget."""
        months, none = self.months, np.zeros((self.months, self.months))
        productive = self.productive @ started
        at = np.array([month for month, _, _ in self.tangents])
        slope, level = (np.array([t[k] for t in self.tangents]) / self.unit for k in (1, 2))
        below = np.hstack([-slope[:, None] * productive[at], np.eye(months)[at]])
        rows, high = (
            [below, np.hstack([started, none])],
            [
                level + slope * self.productive_opening[at],
                self.most,
            ],
        )
        low = [np.full(len(at), -_FREE), np.zeros(months)]
        if self.budget > 0:
            years = np.unique(self.fiscal_years)
            inside = (self.fiscal_years == years[:, None]).astype(float)
            spent = inside @ (self.heads * self.monthly_cost) + inside * self.hire_cost
            fixed = inside @ (self.opening * self.monthly_cost)
            rows.append(np.hstack([spent @ started, np.zeros((len(years), months))]) / self.unit)
            high.append((self.budget - fixed) / self.unit)
            low.append(np.full(len(years), -_FREE))
        return np.vstack(rows), np.concatenate(low), np.concatenate(high)


_FREE = 1e30
"""What HiGHS takes for no limit."""
