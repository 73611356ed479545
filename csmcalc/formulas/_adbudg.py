"""The least-squares ADBUDG curve.

For a given shape the curve is a straight line in its rise, so that the best y0 and ymax are known
in closed form. What is left is a search over two numbers, the logarithms of c and of the effort at
half the rise: variable projection (Golub and Pereyra 1973) with Kaufman's Jacobian, stepped by
Levenberg-Marquardt from the best points of a grid, since an S-curve has local minima.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from csmcalc.errors import Fault, FaultKind

Vector: TypeAlias = NDArray[np.float64]

STARTS = 8
STEPS = 200
STEEPEST = 60.0
FLATTEST = 0.02
FURTHEST = 300.0
"""Half the rise may lie this far outside the efforts, as a multiple; beyond is a guess."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """The best line through the rise of one shape."""

    shape: Vector
    rise: Vector
    slope: float
    residual: Vector

    @property
    def error(self) -> float:
        return float(self.residual @ self.residual)


def fit_adbudg(effort: Vector, response: Vector) -> tuple[Any, Any, Any, Any]:
    """y0, ymax, c and d of the curve with the least sum of squares."""
    scale = np.ptp(response)
    if not scale > 1e-12 * np.abs(response).max():
        raise Fault(FaultKind.NA, "response is the same throughout; it must rise with effort")
    log_effort = np.log(effort)
    target = (response - response.mean()) / scale
    best = min(
        (_descend(start, log_effort, target) for start in _starts(log_effort, target)),
        key=lambda fit: fit.error,
    )
    c, half = np.exp(best.shape)
    seen = effort[effort > 0]
    if best.slope <= 0:
        raise Fault(FaultKind.NA, "response falls with effort; an ADBUDG curve rises")
    if c > STEEPEST:
        raise Fault(FaultKind.NA, "response jumps from one effort to the next; no curve to fit")
    if c < FLATTEST or not seen.min() / FURTHEST < half < seen.max() * FURTHEST:
        raise Fault(
            FaultKind.NA,
            "the rise of response does not level off, so that ymax is unknown; add observations "
            "of more effort, or judge the curve with CSM_ADBUDG_FIT",
        )
    y0 = response.mean() - scale * best.slope * best.rise.mean()
    return y0, y0 + scale * best.slope, c, np.exp(c * best.shape[1])


def _rise(shape: Vector, log_effort: Vector) -> Vector:
    """effort^c / (d + effort^c): the part of the way from y0 to ymax."""
    rise: Vector = 1 / (1 + np.exp(-np.exp(shape[0]) * (log_effort - shape[1])))
    return rise


def _project(shape: Vector, log_effort: Vector, target: Vector) -> _Fit:
    rise = _rise(shape, log_effort)
    centred = rise - rise.mean()
    power = centred @ centred
    slope = centred @ target / power if power > 0 else 0.0
    return _Fit(shape, rise, slope, target - slope * centred)


def _starts(log_effort: Vector, target: Vector) -> list[_Fit]:
    """The best points of a grid over shapes."""
    seen = log_effort[np.isfinite(log_effort)]
    halves = np.linspace(seen.min() - 0.7, seen.max() + 0.7, 16)
    grid = [
        _project(np.array([np.log(c), half]), log_effort, target)
        for c in (0.5, 1, 2, 4, 8, 16)
        for half in halves
    ]
    return sorted(grid, key=lambda fit: fit.error)[:STARTS]


def _descend(fit: _Fit, log_effort: Vector, target: Vector) -> _Fit:
    damping = 1e-2
    for _ in range(STEPS):
        jacobian = _jacobian(fit, log_effort)
        normal = jacobian.T @ jacobian
        weights = np.diag(normal) + 1e-300
        try:
            step = np.linalg.solve(normal + damping * np.diag(weights), jacobian.T @ fit.residual)
        except np.linalg.LinAlgError:
            return fit
        trial = _project(fit.shape + np.clip(step, -1, 1), log_effort, target)
        if trial.error <= fit.error:
            fit = trial
            damping = max(damping / 10, 1e-15)
            if np.abs(step).max() < 1e-13:
                return fit
        else:
            damping *= 10
            if damping > 1e10:
                return fit
    return fit


def _jacobian(fit: _Fit, log_effort: Vector) -> Vector:
    """How the fitted line moves with the shape, less what y0 and ymax make good at once."""
    c = np.exp(fit.shape[0])
    steepness = fit.slope * c * fit.rise * (1 - fit.rise)
    distance = np.where(np.isfinite(log_effort), log_effort - fit.shape[1], 0)
    moves = np.column_stack([steepness * distance, -steepness])
    line, _ = np.linalg.qr(np.column_stack([np.ones_like(fit.rise), fit.rise]))
    free: Vector = moves - line @ (line.T @ moves)
    return free
