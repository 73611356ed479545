"""What service is worth: from judged points of net retention to a scale and a steepness.

Hours h bring scale x (1 - exp(-kappa h)) a year: the lift of net retention they give, times the
margin that what is retained goes on to bring.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def continuation(today: Any, discount: Any, years: Any) -> Any:
    """Years' worth of margin: the sum over t = 1..years of today^(t-1) / (1 + discount)^t.

    >>> round(float(continuation(1.04, 0.1, 5)), 6)
    4.075905
    """
    kept = np.asarray(today, dtype=float) / (1 + discount)
    at_par = np.abs(kept - 1) < 1e-9
    safe = np.where(at_par | (kept <= 0), 2.0, kept)
    series = np.expm1(years * np.log(safe)) / (safe - 1)
    return np.where(at_par, years * kept ** ((years - 1) / 2), np.where(kept > 0, series, 1.0)) / (
        1 + discount
    )


def steepness(none: Any, today: Any, saturated: Any, hours_today: Any) -> Any:
    """Kappa: how fast the response saturates, so that today's hours give today's retention."""
    return -np.log((saturated - today) / (saturated - none)) / hours_today


def yearly_margin(arr: Any, gross_margin: Any, service_cost: Any) -> Any:
    """What a retained account brings a year after the cost of its service, never below zero."""
    return np.maximum(arr * gross_margin - service_cost, 0.0)
