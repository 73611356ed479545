"""A response from what happened: hours given, net retention seen, least squares and its band.

For a given kappa the curve is a straight line in its rise, so that none and saturated are known in
closed form; what is left is a search over one number. The band is that of the linearised fit. Data
that cannot tell the curve are refused: a fit without evidence would look like one with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csmcalc.errors import InputError
from csmcalc.optimum.hull import Floats

FEWEST = 20
FEWEST_HOURS = 4
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class ResponseFit:
    """Net retention by hours, fitted: none + (saturated - none) x (1 - exp(-kappa hours)).

    Attributes:
        none: net retention without service.
        saturated: net retention that no service lifts further.
        kappa: how fast it saturates; per hour.
        sigma: standard deviation of one observation around the curve.
        observations: how many there were.
        covariance: of none, saturated and kappa.
    """

    none: float
    saturated: float
    kappa: float
    sigma: float
    observations: int
    covariance: Floats

    def at(self, hours: ArrayLike) -> Floats:
        """Net retention at some hours."""
        rise = -np.expm1(-self.kappa * np.asarray(hours, float))
        return np.asarray(self.none + (self.saturated - self.none) * rise)

    def band(self, hours: ArrayLike) -> tuple[Floats, Floats]:
        """The 95 % confidence band of the curve at some hours."""
        h = np.asarray(hours, float)
        left = np.exp(-self.kappa * h)
        slope = np.stack([left, 1 - left, (self.saturated - self.none) * h * left], axis=-1)
        variance = np.einsum("...i,ij,...j->...", slope, self.covariance, slope)
        half = _student(self.observations - 3) * np.sqrt(np.maximum(variance, 0))
        return self.at(h) - half, self.at(h) + half


def fit_response(hours: ArrayLike, retention: ArrayLike) -> ResponseFit:
    """Fit the saturating response to accounts' hours a year and the net retention that followed."""
    h, y = np.asarray(hours, float).ravel(), np.asarray(retention, float).ravel()
    if h.shape != y.shape:
        raise InputError(f"{len(h):,} hours stand beside {len(y):,} outcomes; give one of each")
    known = np.isfinite(h) & np.isfinite(y)
    h, y = h[known], y[known]
    if (h < 0).any():
        raise InputError("hours below 0 are among the observations; hours are at least 0")
    if len(h) < FEWEST:
        _refuse(f"{len(h)} accounts have both hours and an outcome; {FEWEST} are needed")
    if len(np.unique(h)) < FEWEST_HOURS:
        _refuse(f"hours take {len(np.unique(h))} different values; {FEWEST_HOURS} are needed")
    typical = float(np.median(h[h > 0]))
    grid = np.geomspace(0.02, 50, 160) / typical
    errors = [_line(kappa, h, y)[2] for kappa in grid]
    best = int(np.argmin(errors))
    if best in (0, len(grid) - 1):
        _refuse("outcomes do not level off (or jump at once), so that no kappa fits best")
    kappa = _golden(grid[best - 1], grid[best + 1], h, y)
    none, saturated, error = _line(kappa, h, y)
    if saturated <= none:
        _refuse("outcomes do not rise with hours")
    sigma = float(np.sqrt(error / (len(h) - 3)))
    left = np.exp(-kappa * h)
    jacobian = np.column_stack([left, 1 - left, (saturated - none) * h * left])
    normal = jacobian.T @ jacobian
    if np.linalg.cond(normal / np.sqrt(np.outer(np.diag(normal), np.diag(normal)))) > 1e10:
        _refuse("the hours are too much alike to tell the curve")
    covariance = sigma**2 * np.linalg.inv(normal)
    lift = np.array([-1.0, 1.0, 0.0])
    if saturated - none < _student(len(h) - 3) * np.sqrt(lift @ covariance @ lift):
        _refuse("the lift by service is within the scatter (95 % confidence)")
    return ResponseFit(none, saturated, float(kappa), sigma, len(h), covariance)


def _refuse(why: str) -> None:
    raise InputError(
        f"no response can be fitted: {why}; keep the judged points, or gather more accounts with "
        "different hours"
    )


def _line(kappa: float, h: Floats, y: Floats) -> tuple[float, float, float]:
    rise = -np.expm1(-kappa * h)
    centred = rise - rise.mean()
    power = float(centred @ centred)
    slope = float(centred @ y) / power if power > 0 else 0.0
    none = float(y.mean() - slope * rise.mean())
    residual = y - none - slope * rise
    return none, none + slope, float(residual @ residual)


def _golden(low: float, high: float, h: Floats, y: Floats) -> float:
    ratio = (np.sqrt(5) - 1) / 2
    a, b = np.log(low), np.log(high)
    for _ in range(80):
        left, right = b - ratio * (b - a), a + ratio * (b - a)
        if _line(np.exp(left), h, y)[2] < _line(np.exp(right), h, y)[2]:
            b = right
        else:
            a = left
    return float(np.exp((a + b) / 2))


def _student(freedom: int) -> float:
    """The two-sided 95 % point of Student's t (Cornish-Fisher expansion, 17 and more degrees)."""
    z, n = _Z95, float(freedom)
    first = (z**3 + z) / (4 * n)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
    return z + first + second
