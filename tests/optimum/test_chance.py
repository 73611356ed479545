"""Shared shocks against plain simulation; a response fitted to what happened."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, norm, t

from csmcalc.errors import InputError
from csmcalc.optimum import history, shock

SHARES = (0.1, 0.5, 0.9)


def test_quantiles_under_a_shared_shock_equal_a_simulation() -> None:
    rng = np.random.default_rng(4)
    stays, grows, many = rng.uniform(0.75, 0.98, 40), rng.uniform(0.02, 0.3, 40), 2_500
    amount = rng.uniform(2, 30, 40)
    grown = amount + rng.uniform(2, 20, 40)
    columns = [np.repeat(column, many) for column in (stays, grows, amount, grown)]
    found = shock.distribution(shock.fates(*columns), 0.25, constant=100.0)
    # A million equally likely shocks leave no error of sampling in what all customers share.
    draws = norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000) * 0.25
    total = np.full(len(draws), 100.0)
    for p, q, plain, more in zip(stays, grows, amount, grown, strict=True):
        kept = rng.binomial(many, 1 / (1 + (1 - p) / p * np.exp(-draws)))
        total += kept * plain + rng.binomial(kept, q) * (more - plain)
    for share in SHARES:
        assert found.quantile(share) == pytest.approx(np.quantile(total, share), rel=1e-4)


def simulated(amount: NDArray[np.float64], stays: float, draws: int) -> NDArray[np.float64]:
    """The model drawn at random: who stays, 0.3 of whom grow by a fifth, under a shared shock."""
    rng = np.random.default_rng(8)
    total = np.empty(draws)
    for begin in range(0, draws, 1_000):
        shocks = rng.normal(0, 0.25, (min(1_000, draws - begin), 1))
        staying = 1 / (1 + (1 - stays) / stays * np.exp(-shocks))
        size = len(shocks), len(amount)
        kept = rng.random(size) < staying
        grown = kept & (rng.random(size) < 0.3)
        total[begin : begin + len(shocks)] = kept @ amount + 0.2 * (grown @ amount)
    return total


BOOKS = {
    "three": np.array([5e6, 1e5, 1e5]),
    "ten alike": np.full(10, 1e5),
    "a giant among twelve": np.append(5e6, np.full(11, 1e5)),
    "a demo": np.exp(np.random.default_rng(1).normal(10, 1.5, 170)),
    "concentrated": np.exp(np.random.default_rng(2).normal(9, 2.5, 1_200)),
    "a giant among many": np.append(5e7, np.full(900, 3e4)),
}


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("stays", [0.6, 0.95])
def test_small_and_concentrated_books_equal_a_simulation(name: str, stays: float) -> None:
    amount = BOOKS[name]
    draws = 20_000
    customers = shock.fates(np.full(len(amount), stays), 0.3, amount, 1.2 * amount)
    found = shock.distribution(customers, 0.25)
    total = np.sort(simulated(amount, stays, draws))
    # Four standard errors of the share of draws, and the grid where outcomes stand apart.
    hair = 1e-3 * amount.sum()
    for share in SHARES:
        error = 4 * np.sqrt(share * (1 - share) / draws)
        low, high = (total[int((share + sign * error) * draws)] for sign in (-1, 1))
        assert low - hair <= found.quantile(share) <= high + hair


def test_one_customer_has_three_outcomes() -> None:
    found = shock.distribution(shock.fates([0.95], 0.3, 1e6, 1.5e6), 0.25, constant=5.0)
    assert [found.quantile(share) for share in (0.01, *SHARES)] == [
        5.0,
        1e6 + 5,
        1e6 + 5,
        1.5e6 + 5,
    ]
    even = shock.distribution(shock.fates([0.5], 0.0, 1.0), 2.0)
    assert even.probability[0] == pytest.approx(0.5)
    assert even.quantile(0.49) == 0
    assert even.quantile(0.51) == 1


def test_a_wide_shock_is_followed_to_its_ends() -> None:
    amount = np.full(2_000, 1.0)
    found = shock.distribution(shock.fates(np.full(2_000, 0.9), 0.0, amount), 3.0)
    for share in SHARES:
        staying = 1 / (1 + np.exp(-3.0 * norm.ppf(share)) / 9)
        assert found.quantile(share) == pytest.approx(2_000 * staying, rel=2e-3)


def test_without_a_shock_fates_are_independent() -> None:
    found = shock.distribution(shock.fates(np.full(10_000, 0.9), 0.0, 1.0), 0.0)
    for share in SHARES:
        assert found.quantile(share) == pytest.approx(binom.ppf(share, 10_000, 0.9), abs=1)


def test_certain_customers_leave_no_spread() -> None:
    sure = shock.fates([1.0, 1.0, 0.0], 0.0, [5.0, 6.0, 7.0])
    found = shock.distribution(sure, 0.4)
    assert found.quantile(0.1) == found.quantile(0.9) == 11
    stays, amount = (
        np.append(np.ones(50), np.full(30, 0.9)),
        np.append(np.full(50, 1e6), np.ones(30)),
    )
    alone = shock.distribution(shock.fates(stays[50:], 0.0, 1.0), 0.4)
    beside = shock.distribution(shock.fates(stays, 0.0, amount), 0.4)
    for share in SHARES:
        assert beside.quantile(share) - 50e6 == pytest.approx(alone.quantile(share))


def test_probabilities_are_checked() -> None:
    with pytest.raises(InputError, match=r"stays is 1\.2"):
        shock.fates([0.9, 1.2], 0.0, 1.0)


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
