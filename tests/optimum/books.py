"""Synthetic menus: revenue, response and four levels of service, hours in whole quarters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def menus(customers: int, seed: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    arr = rng.lognormal(9.8, 1.2, customers)
    size = 1 + np.log1p(arr / 2e4) * rng.uniform(0.6, 1.6, customers)
    hours = np.rint(np.array([0, 2, 8, 24]) * size[:, None] * rng.uniform(0.8, 1.2, (customers, 4)))
    hours = np.maximum.accumulate(hours + np.arange(4), axis=1)
    response = 1 - np.exp(-rng.gamma(2, 0.35, (customers, 1)) * hours / (6 * size[:, None]))
    steps = np.where(rng.random((customers, 1)) < 0.25, [0, 0, 0.5, 1], response)
    return hours, np.round(arr[:, None] * 0.3 * steps, 2)
