"""Laws of a team over time: balances close, ahead is never worse than in arrears, ramp costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc import formulas as f
from csmcalc.formulas._staffing import (
    Staffing,
    ahead,
    heads_of,
    in_arrears,
    level,
    monthly,
    productive_of,
)

needs = st.lists(st.floats(0, 60), min_size=1, max_size=30)
teams = st.tuples(
    st.floats(0, 40),  # heads today
    st.integers(0, 9),  # ramp
    st.floats(0, 0.6),  # attrition a year
    st.integers(0, 6),  # months to fill
)


@given(needs, teams, st.booleans())
def test_balances_close_and_people_are_whole(
    required: list[float], team: tuple[float, int, float, int], late: bool
) -> None:
    plan = f.csm_hiring_plan(required, *team, late)
    month, starts, leavers, heads, productive, gap = plan.T
    assert month.tolist() == list(range(1, len(required) + 1))
    before = np.append(team[0], heads[:-1])
    assert heads == pytest.approx(before - leavers + starts, abs=1e-9)
    assert leavers == pytest.approx(before * f.csm_attrition_period(team[2], 12), abs=1e-9)
    assert (starts == np.rint(starts)).all()
    assert (starts >= 0).all()
    assert (productive <= heads + 1e-9).all()
    assert gap == pytest.approx(np.array(required) - productive)
    assert (starts[: team[3]] == 0).all()


@given(needs, teams)
def test_ahead_never_leaves_more_uncovered_than_in_arrears(
    required: list[float], team: tuple[float, int, float, int]
) -> None:
    early, late = (f.csm_hiring_plan(required, *team, arrears) for arrears in (False, True))
    uncovered = [np.maximum(plan[:, 5], 0).sum() for plan in (early, late)]
    assert uncovered[0] <= uncovered[1] + 1e-9
    ready = team[3] + team[1]
    assert (early[ready:, 5] <= 1e-6).all()


@given(needs, teams)
def test_a_longer_ramp_never_needs_fewer_starts(
    required: list[float], team: tuple[float, int, float, int]
) -> None:
    heads, ramp, attrition, fill = team
    for late in (False, True):
        short, long = (
            f.csm_hiring_plan(required, heads, months, attrition, fill, late)[:, 1].sum()
            for months in (ramp, ramp + 2)
        )
        assert long >= short


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 24))
def test_without_attrition_ramp_and_search_the_plan_is_the_static_answer(
    required: int, heads: int, months: int
) -> None:
    for late in (False, True):
        plan = f.csm_hiring_plan([required] * months, heads, 0, 0, 0, late)
        assert plan[0, 1] == max(0, required - heads)
        assert (plan[1:, 1] == 0).all()
        assert (plan[:, 4] == max(required, heads)).all()


@given(needs, teams)
@settings(max_examples=50)
def test_level_covers_the_end_with_as_few_as_it_takes(
    required: list[float], team: tuple[float, int, float, int]
) -> None:
    heads, ramp, attrition, fill = team
    staffing = Staffing(heads, ramp, monthly(attrition), fill)
    need = np.array([required])
    starts = level(need, staffing)
    if fill >= len(required):
        return  # nobody can start in time
    end = heads_of(starts, staffing)[0][0, -1]
    assert end >= required[-1] - 1e-6
    hiring = starts[0, fill:]
    assert hiring.max() - hiring.min() <= 1


@given(st.lists(st.tuples(needs.filter(lambda n: len(n) >= 6), teams), min_size=1, max_size=4))
def test_many_cases_at_once_are_those_cases_one_by_one(
    cases: list[tuple[list[float], tuple[float, int, float, int]]],
) -> None:
    need = np.array([required[:6] for required, _ in cases])
    heads, ramp, attrition, fill = (
        np.array(column) for column in zip(*(t for _, t in cases), strict=True)
    )
    together = Staffing(heads, ramp, monthly(attrition), fill)
    for policy in (ahead, in_arrears, level):
        starts = policy(need, together)
        productive = productive_of(starts, together)
        for at, (_, team) in enumerate(cases):
            alone = Staffing(team[0], team[1], monthly(team[2]), team[3])
            own = policy(need[at : at + 1], alone)
            assert own[0].tolist() == starts[at].tolist()
            assert productive_of(own, alone)[0] == pytest.approx(productive[at])


def test_in_arrears_the_start_follows_the_need() -> None:
    plan = f.csm_hiring_plan([10, 12, 12, 12, 12, 12], 10, 2, 0, 3, True)
    assert plan[:, 1].tolist() == [0, 0, 0, 0, 2, 0]
    assert plan[:, 4].tolist() == [10, 10, 10, 10, 10.5, 11.5]
