"""The problem as a mixed-integer programme for HiGHS: whole, in part, relaxed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from csmcalc.optimum.assignment.problem import Floats, Ints, Mask, Problem
from csmcalc.portfolio.books.engine.clock import Effort
from csmcalc.portfolio.highs import library, quiet_highs, run_quietly

_INFINITE = 1e30

_PERTURBED = 100.0
"""By how many times its usual measure HiGHS shakes costs in a relaxation: most arcs cost the same
(a move, or nothing), and among thousands of equals the simplex takes five times as long."""


class _Watch:
    """What HiGHS asks whether to go on, where its looks are counted.

    By the clock it is left out: each answer has to wait for the interpreter, which another thread
    may hold, and HiGHS asks thousands of times.
    """

    def __init__(self, looks: float) -> None:
        self._left = looks

    def __call__(self, event: Any) -> None:
        self._left -= 1
        if self._left < 0:
            event.interrupt()


@dataclass(frozen=True)
class Found:
    """What a run of HiGHS gave.

    Attributes:
        share: how much of each arc is taken, None where nothing was found.
        value: the objective of that.
        bound: no assignment of this programme is cheaper; -inf where nothing is known.
        infeasible: whether it was proven that there is no assignment.
        reduced: reduced cost of each arc where the programme was linear.
        balance: dual of each balance row, by measure and agent, where it was linear.
        limit: dual of each row of limits likewise.
    """

    share: Floats | None
    value: float
    bound: float
    infeasible: bool
    reduced: Floats | None = None
    balance: Floats | None = None
    limit: Floats | None = None


class Programme:
    """The rows and columns of a problem; bounds and integrality vary from run to run."""

    def __init__(self, problem: Problem, cuts: bool = True) -> None:
        self.problem = problem
        self._build(cuts)

    def _build(self, cuts: bool) -> None:
        p = self.problem
        count, m, measures = len(p.agent), p.agents, p.size.shape[0]
        arcs = np.arange(count)
        rows, cols, vals = [p.item], [arcs], [np.ones(count)]
        lower, upper, cost = [np.ones(p.items)], [np.ones(p.items)], [p.cost]
        row, col = p.items, count
        self.scale: list[float] = []
        self._limit_row: list[int] = []
        self._balance_row: list[int] = []
        for k in range(measures):
            priced = (p.over[k] > 0) | (p.under[k] > 0)
            limited = np.isfinite(p.low[k]) | np.isfinite(p.high[k])
            # big numbers are harder on the simplex than their mean of 1
            unit = float(np.abs(p.size[k]).mean()) or 1.0
            self.scale.append(unit)
            self._limit_row.append(row if limited.any() else -1)
            if limited.any():
                rows.append(row + p.agent)
                cols.append(arcs)
                vals.append(p.size[k] / unit)
                lower.append(np.maximum(p.low[k] / unit, -_INFINITE))
                upper.append(np.minimum(p.high[k] / unit, _INFINITE))
                row += m
            self._balance_row.append(row if priced.any() else -1)
            if priced.any():
                rows += [row + p.agent, row + np.arange(m), row + np.arange(m)]
                cols += [arcs, col + np.arange(m), col + m + np.arange(m)]
                vals += [p.size[k] / unit, -np.ones(m), np.ones(m)]
                lower.append(p.target[k] / unit)
                upper.append(p.target[k] / unit)
                cost += [p.over[k] * unit, p.under[k] * unit]
                row += m
                if cuts:
                    beyond = p.size[k] - p.target[k][p.agent]
                    # two items beyond a target below 0 are not beyond it by the sum of both
                    cut = (p.over[k] > 0) & (p.target[k] >= 0)
                    big = np.flatnonzero((beyond > 0) & cut[p.agent])
                    if len(big) and (p.size[k] >= 0).all():
                        rows += [row + p.agent[big], row + np.arange(m)]
                        cols += [big, col + np.arange(m)]
                        vals += [beyond[big] / unit, -np.ones(m)]
                        lower.append(np.full(m, -_INFINITE))
                        upper.append(np.zeros(m))
                        row += m
                col += 2 * m
        self.columns, self.arcs = col, count
        self._cost = np.concatenate(cost)
        self._lower, self._upper = np.concatenate(lower), np.concatenate(upper)
        r, c, v = np.concatenate(rows), np.concatenate(cols), np.concatenate(vals)
        by = np.lexsort((r, c))
        self._index, self._value = r[by].astype(np.int32), v[by]
        starts = np.concatenate([[0], np.cumsum(np.bincount(c, minlength=col))])
        self._start = starts.astype(np.int32)

    def run(
        self,
        effort: Effort,
        whole: Mask | None = None,
        fixed: Floats | None = None,
        start: Ints | None = None,
        proof: bool = False,
        rows: Sequence[tuple[Floats, float]] = (),
        interior: bool = False,
    ) -> Found:
        """Solve: `whole` arcs are 0 or 1, `fixed` ones (not NaN) keep their share.

        Each of the `rows` has a weight per arc, and what the arcs taken may weigh together.
        For a `proof` nothing is spent on looking for answers beyond the `start`. Many rows are
        relaxed sooner from the `interior`.
        """
        highs = quiet_highs()
        highs.setOptionValue("time_limit", max(effort.seconds, 0.01))
        highs.setOptionValue("mip_max_nodes", effort.nodes)
        highs.setOptionValue("mip_rel_gap", effort.gap)
        highs.setOptionValue("mip_abs_gap", 1e-9)
        if proof:
            highs.setOptionValue("mip_heuristic_effort", 0.0)
        mixed = whole is not None and bool(whole.any())
        if not mixed:
            highs.setOptionValue("dual_simplex_cost_perturbation_multiplier", _PERTURBED)
            if interior:
                highs.setOptionValue("solver", "ipm")
        highs.passModel(self.model(whole if mixed else None, fixed))
        for weight, most in rows:
            at = np.flatnonzero(weight)
            highs.addRow(-_INFINITE, most, len(at), at.astype(np.int32), weight[at])
        if mixed and start is not None:
            solution = library().HighsSolution()
            solution.col_value = self._point(start)
            highs.setSolution(solution)
        if np.isfinite(effort.looks):
            watch = _Watch(effort.looks)
            for signal in (highs.cbMipInterrupt, highs.cbSimplexInterrupt):
                signal.subscribe(watch)
        with effort.stop.ends(lambda: highs.setOptionValue("time_limit", 0.0)):
            run_quietly(highs)
        return self._read(highs, mixed)

    def model(self, whole: Mask | None = None, fixed: Floats | None = None) -> Any:
        """The programme as HiGHS takes it."""
        highspy = library()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, len(self._lower)
        low, high = np.zeros(self.columns), np.full(self.columns, _INFINITE)
        high[: self.arcs] = 1.0
        if fixed is not None:
            known = np.flatnonzero(~np.isnan(fixed))
            low[known] = high[known] = fixed[known]
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = self._cost, low, high
        lp.row_lower_, lp.row_upper_ = self._lower, self._upper
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_, lp.a_matrix_.index_ = self._start, self._index
        lp.a_matrix_.value_ = self._value
        if whole is not None:
            kinds = np.zeros(self.columns, dtype=bool)
            kinds[: self.arcs] = whole
            kind = highspy.HighsVarType
            lp.integrality_ = [kind.kInteger if one else kind.kContinuous for one in kinds]
        return lp

    def _point(self, chosen: Ints) -> Floats:
        point = np.zeros(self.columns)
        point[chosen] = 1.0
        above = self.problem.loads(chosen) - self.problem.target
        col, m = self.arcs, self.problem.agents
        for k, unit in enumerate(self.scale):
            if (self.problem.over[k] > 0).any() or (self.problem.under[k] > 0).any():
                point[col : col + m] = np.maximum(above[k], 0) / unit
                point[col + m : col + 2 * m] = np.maximum(-above[k], 0) / unit
                col += 2 * m
        return point

    def _read(self, highs: Any, mixed: bool) -> Found:
        status = highs.getModelStatus()
        info = highs.getInfo()
        known = library().HighsModelStatus
        infeasible = status == known.kInfeasible
        solution = highs.getSolution()
        has = info.primal_solution_status == 2 and len(solution.col_value) == self.columns
        share = np.array(solution.col_value)[: self.arcs] if has else None
        value = info.objective_function_value if has else np.inf
        optimal = status == known.kOptimal
        bound = info.mip_dual_bound if mixed else (value if optimal else -np.inf)
        if mixed or not optimal:
            return Found(share, value, float(bound), infeasible)
        balance, limit = self.prices(np.array(solution.row_dual))
        reduced = np.array(solution.col_dual)[: self.arcs]
        return Found(share, value, float(bound), infeasible, reduced, balance, limit)

    def prices(self, duals: Floats) -> tuple[Floats, Floats]:
        """Prices of balance and of limits, by measure and agent, from the duals of the rows."""
        return self._prices(duals, self._balance_row), self._prices(duals, self._limit_row)

    def _prices(self, duals: Floats, rows: list[int]) -> Floats:
        m = self.problem.agents
        prices = np.zeros((len(rows), m))
        for k, row in enumerate(rows):
            if row >= 0:
                prices[k] = -duals[row : row + m] / self.scale[k]
        return prices
