"""Shared shocks against plain simulation; a response fitted to what happened."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from csmcalc.errors import InputError
from csmcalc.optimum import history, shock


def test_quantiles_under_a_shared_shock_equal_a_simulation() -> None:
    rng = np.random.default_rng(4)
    stays, grows, many = rng.uniform(0.75, 0.98, 40), rng.uniform(0.02, 0.3, 40), 2_500
    amount = rng.uniform(2, 30, 40)
    grown = amount + rng.uniform(2, 20, 40)
    mixture = shock.mixture(
        shock.fates(np.repeat(stays, many), np.repeat(grows, many)),
        np.repeat(amount, many),
        np.repeat(grown, many),
        0.25,
        growth_share=0.5,
        constant=100.0,
    )
    # A million equally likely shocks leave no error of sampling in what all customers share.
    draws = norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000) * 0.25
    total = np.full(len(draws), 100.0)
    for p, q, plain, more in zip(stays, grows, amount, grown, strict=True):
        staying = 1 / (1 + (1 - p) / p * np.exp(-draws))
        growing = 1 / (1 + (1 - q) / q * np.exp(-0.5 * draws))
        kept = rng.binomial(many, staying)
        expanded = rng.binomial(kept, growing)
        total += kept * plain + expanded * (more - plain)
    for share in (0.1, 0.5, 0.9):
        assert mixture.quantile(share) == pytest.approx(np.quantile(total, share), rel=1e-4)


def test_without_a_shock_fates_are_independent() -> None:
    mixture = shock.mixture(shock.fates(np.full(10_000, 0.9)), 1.0, 1.0, 0.0)
    spread = np.sqrt(10_000 * 0.09)
    assert mixture.quantile(0.5) == pytest.approx(9_000, rel=1e-9)
    assert mixture.quantile(0.9) == pytest.approx(9_000 + 1.2815516 * spread, rel=1e-6)


def test_certain_customers_leave_no_spread() -> None:
    mixture = shock.mixture(shock.fates([1.0, 1.0, 0.0]), [5.0, 6.0, 7.0], [5.0, 6.0, 7.0], 0.4)
    assert mixture.quantile(0.1) == pytest.approx(11)
    assert mixture.quantile(0.9) == pytest.approx(11)


def test_probabilities_are_checked() -> None:
    with pytest.raises(InputError, match=r"stays is 1\.2"):
        shock.fates([0.9, 1.2])


def test_fit_finds_the_response_and_covers_it() -> None:
    covered = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        hours = rng.uniform(0, 80, 300)
        truth = 0.8 + 0.25 * (1 - np.exp(-0.05 * hours))
        fit = history.fit_response(hours, truth + rng.normal(0, 0.05, 300))
        low, high = fit.band(20.0)
        covered += bool(low <= 0.8 + 0.25 * (1 - np.exp(-1.0)) <= high)
    assert 33 <= covered <= 40
    assert fit.kappa == pytest.approx(0.05, rel=0.5)


def test_fit_is_exact_without_scatter() -> None:
    hours = np.linspace(0, 60, 30)
    fit = history.fit_response(hours, 0.7 + 0.3 * (1 - np.exp(-0.08 * hours)))
    assert (fit.none, fit.saturated, fit.kappa) == pytest.approx((0.7, 1.0, 0.08), rel=1e-6)


@pytest.mark.parametrize("freedom", [17, 40, 400])
def test_student_points(freedom: int) -> None:
    assert history._student(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=3e-4)


@pytest.mark.parametrize(
    ("hours", "outcome", "words"),
    [
        (np.linspace(0, 9, 10), np.linspace(0.7, 0.9, 10), "10 accounts"),
        (np.repeat([1.0, 2.0], 20), np.repeat([0.7, 0.9], 20), "2 different values"),
        (np.linspace(0, 50, 40), np.linspace(0.9, 0.7, 40), "rise|level off"),
        (np.linspace(0, 50, 40), np.linspace(0.7, 0.9, 40), "level off"),
        (np.arange(40.0), np.random.default_rng(1).normal(0.9, 0.2, 40), "scatter|level|rise"),
        (np.arange(40.0), np.ones(39), "40 hours stand beside 39"),
        (np.arange(40.0) - 1, np.ones(40), "below 0"),
    ],
)
def test_fit_refuses_what_carries_none(hours: object, outcome: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        history.fit_response(hours, outcome)  # type: ignore[arg-type]
