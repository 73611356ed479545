from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csmcalc.errors import InputError, Problem
from csmcalc.plan.checks import checks_of
from csmcalc.plan.digest import digest
from csmcalc.plan.plan import make_plan, rates_of
from csmcalc.plan.settings import Settings
from csmcalc.plan.timeline.drivers import Growth
from csmcalc.portfolio.book import Book
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.service import Tier
from tests.books import book, demo_book

S = Settings()


def csms(of: Book, settings: Settings = S) -> dict[str, int]:
    return {view.key: view.csms for view in make_plan(of, settings).views}


# --- the headcount ---------------------------------------------------------------------------


def test_the_rule_rounds_people_up_and_doubles_in_arrears() -> None:
    found = csms(book(arr=[30_000_000.0]))
    views = {"rule": 15, "arrears": 30, "accounts": 1, "workload": 1, "today": 0}
    assert {key: found[key] for key in views} == views
    assert csms(book(arr=[30_000_001.0]))["rule"] == 16


def test_the_workload_is_hours_over_effective_hours() -> None:
    # Sizing case of a public skill file: 10,790 h over 1,600 h are 6.74375 FTE.
    hours = [142.0] * 20 + [45.0] * 150 + [1.5] * 800
    settings = S.replace(
        "capacity", calendar=1600.0, pto=0.0, sick=0.0, internal_share=0.0, realisation=1.0
    )
    plan = make_plan(book(arr=[30_000_000 / 970] * 970, hours=hours), settings)
    assert plan.view("workload").exact == pytest.approx(6.74375)
    assert plan.view("workload").csms == 7
    assert plan.view("rule").csms == 15


def test_the_effective_hours_and_cost_follow_the_published_waterfall() -> None:
    rates = rates_of(S)
    assert rates.effective_hours == pytest.approx(1065.33, abs=0.01)
    assert rates.loaded_cost == pytest.approx(182_000)
    assert rates.cost_per_hour == pytest.approx(170.84, abs=0.01)


def test_today_is_the_owners_of_the_list_unless_the_settings_know_better() -> None:
    owned = book(arr=[1.0, 1.0, 1.0, 1.0], owner=["Ann", "ANN", "Bob", ""])
    assert csms(owned)["today"] == 2
    assert csms(owned, S.replace("team", csms=5))["today"] == 5
    assert csms(owned, S.replace("team", csms=2.5))["today"] == 2.5
    unknown = make_plan(book(arr=[1.0]), S)
    assert unknown.view("today").csms == 0
    assert digest(unknown)["csms"]["today"] is None
    assert not _check(unknown, "team_covers")


def test_managers_come_above_the_span() -> None:
    plan = make_plan(book(arr=[16_000_000.0]), S)
    assert plan.view("rule").csms == 8
    assert plan.view("rule").managers == 2


def test_money_of_the_settings_is_turned_into_the_list_s_currency() -> None:
    settings = S.replace("money", exchange_rate=0.8)
    assert csms(book(arr=[3_200_000.0]), settings)["rule"] == 2
    assert rates_of(settings).loaded_cost == pytest.approx(145_600)
    euros = dataclasses.replace(book(arr=[3_200_000.0]), currency="EUR")
    assert not _check(make_plan(euros, S), "currency")
    assert _check(make_plan(euros, settings), "currency")


# --- service ---------------------------------------------------------------------------------


def test_a_tier_comes_from_the_list_then_the_category_then_the_arr() -> None:
    plan = make_plan(
        book(
            arr=[1_000.0, 1_000.0, 1_000.0, 1_000_000.0, 50_000.0],
            tier=["High Touch", "", "gold", "", ""],
            category=["smb", "Strategic", "enterprise", "", "what"],
        ),
        S,
    )
    assert plan.accounts["tier"].tolist() == [
        "high touch",
        "dedicated",
        "high touch",
        "dedicated",
        "mid touch",
    ]
    assert plan.accounts["tier_from"].tolist() == ["list", "category", "category", "ARR", "ARR"]
    unknown = next(c for c in checks_of(plan) if c.key == "tiers_known")
    assert '"gold" (row 4), "what" (row 6)' in unknown.finding


def test_tiers_are_known_however_they_are_hyphenated() -> None:
    words = ["High-Touch", "high_touch", "HIGHTOUCH", "high  touch"]
    plan = make_plan(book(arr=[1_000.0] * 4, tier=words), S)
    assert plan.accounts["tier"].tolist() == ["high touch"] * 4
    assert plan.book.customers["tier"].tolist() == ["high touch"] * 4


def test_the_smallest_arr_of_a_tier_is_where_its_service_share_pays_its_hours() -> None:
    low, mid, *_ = rates_of(S).tier_minimums
    assert low == 0
    assert mid == pytest.approx(30 * rates_of(S).cost_per_hour / (0.15 * 0.81))
    below = make_plan(book(arr=[mid - 0.01, mid]), S)
    assert below.accounts["tier"].tolist() == ["tech touch", "mid touch"]


def test_minimums_that_do_not_rise_are_refused() -> None:
    tiers = (Tier("a", 1.0), Tier("b", 2.0, 1e6), Tier("c", 3.0))
    with pytest.raises(InputError, match=r'"c" starts at an ARR of .* not above the tier below'):
        make_plan(book(arr=[1.0]), dataclasses.replace(S, tiers=tiers, categories=()))


def test_the_first_90_days_take_three_times_the_hours() -> None:
    days = ["2026-09-30", "2026-07-02", "2026-07-01", None]
    plan = make_plan(book(arr=[9_000.0] * 4, start=days), S)
    assert plan.accounts["planned_hours"].tolist() == [12.0, 12.0, 4.0, 4.0]


def test_measured_hours_go_before_planned_ones_but_not_before_the_standard() -> None:
    plan = make_plan(book(arr=[50_000.0, 50_000.0], hours=[100.0, None]), S)
    assert plan.accounts["planned_hours"].tolist() == [100.0, 30.0]
    assert plan.accounts["standard_hours"].tolist() == [30.0, 30.0]
    assert plan.accounts["margin"].nunique() == 1


def test_complexity_raises_hours_up_to_its_cap() -> None:
    plan = make_plan(book(arr=[9_000.0] * 3, complexity=[4.0, 80.0, None]), S)
    assert plan.accounts["planned_hours"].tolist() == [6.0, 8.0, 4.0]


# --- segments --------------------------------------------------------------------------------


def fixed(profit: float = 0.6, growth: float = 0.1, **more: Any) -> Settings:
    return S.replace(
        "bcg",
        profitability_method="fixed",
        profitability_threshold=profit,
        growth_threshold=growth,
        **more,
    )


def test_the_four_segments_and_what_to_do_with_them() -> None:
    plan = make_plan(
        book(
            arr=[9_000.0] * 6,
            growth=[0.1, 0.0999, 0.5, 0.0, 0.0, None],
            gross_margin=[0.9, 0.9, 0.2, 0.6, 0.05, 0.9],
        ),
        fixed(),
    )
    assert plan.accounts["segment"].tolist() == [
        "Star",
        "Cash Cow",
        "Question Mark",
        "Poor Dog",
        "Poor Dog",
        NO_VERDICT,
    ]
    assert plan.accounts["action"].tolist() == [
        "Invest generously",
        "Hold with lean services",
        "Invest carefully",
        "Reduce services",
        "Exit",
        "",
    ]


def test_exit_is_advised_only_to_those_who_lose_money_as_they_are_served() -> None:
    # Dedicated service would cost 36,000; the one hour measured leaves a margin.
    dog = {"arr": [20_000.0], "growth": [0.0], "tier": ["dedicated"]}
    assert make_plan(book(**dog), fixed()).accounts["action"].tolist() == ["Exit"]
    served_less = make_plan(book(**dog, hours=[1.0]), fixed())
    assert served_less.accounts["contribution"].iloc[0] > 0
    assert served_less.accounts["action"].tolist() == ["Reduce services"]


@pytest.mark.parametrize("method", ["median", "mean", "weighted", "percentile"])
def test_who_loses_money_is_no_star_however_poor_the_book(method: str) -> None:
    settings = S.replace("bcg", profitability_method=method, growth_method=method)
    plan = make_plan(book(arr=[100.0, 90.0, 80.0], growth=[-0.5, -0.2, -0.1]), settings)
    assert (plan.accounts["margin"] < 0).all()
    assert plan.lines.profitability == 0
    assert plan.lines.growth == 0
    assert set(plan.accounts["segment"]) == {"Poor Dog"}


def test_lean_service_is_what_makes_a_poor_dog_a_cash_cow() -> None:
    dog = book(arr=[9_000.0], growth=[0.0], gross_margin=[0.64])
    plan = make_plan(dog, fixed())
    lean = plan.accounts["lean_cost"].iloc[0]
    assert lean == pytest.approx(9_000 * (0.64 - 0.6) - 0.02 * 9_000)
    hours = lean / plan.rates.cost_per_hour
    settings = dataclasses.replace(fixed(), tiers=(Tier("lean", hours),), categories=())
    assert make_plan(dog, settings).accounts["segment"].iloc[0] == "Cash Cow"


def test_growth_comes_from_potential_then_rate_then_the_prior_arr() -> None:
    plan = make_plan(
        book(
            arr=[110.0, 110.0, 110.0, 110.0],
            potential=[10.0, None, None, None],
            growth=[0.5, 0.5, None, None],
            prior_arr=[100.0, 100.0, 100.0, 0.0],
        ),
        S,
    )
    assert plan.accounts["growth_used"].tolist()[:3] == pytest.approx([10**0.4 - 1, 0.5, 0.1])
    assert plan.accounts["growth_from"].tolist() == ["potential", "growth rate", "prior ARR", ""]
    assert plan.accounts["segment"].iloc[3] == NO_VERDICT


def test_without_growth_there_is_no_verdict() -> None:
    plan = make_plan(book(arr=[1e6, 1e4]), S)
    assert not plan.has_growth
    assert digest(plan)["segments"] is None
    assert not _check(plan, "growth_known")


def test_one_segment_with_over_80_percent_is_pointed_out() -> None:
    five = make_plan(book(arr=[9_000.0] * 5, growth=[0.5, 0.5, 0.5, 0.5, 0.0]), fixed(0.0))
    assert _check(five, "concentration")
    six = make_plan(book(arr=[9_000.0] * 6, growth=[0.5] * 5 + [0.0]), fixed(0.0))
    assert not _check(six, "concentration")


def test_a_previous_segment_is_kept_inside_the_band() -> None:
    plan = make_plan(
        book(
            arr=[9_000.0] * 3,
            gross_margin=[0.9] * 3,
            growth=[0.09, 0.09, 0.07],
            previous_segment=["Star", "", "Star"],
        ),
        fixed(band=0.02),
    )
    assert plan.accounts["segment"].tolist() == ["Star", "Cash Cow", "Cash Cow"]


# --- margins and retention -------------------------------------------------------------------


def test_the_guard_fails_at_equality() -> None:
    settings = S.replace("margin", support_share=0.0)
    cost = 4 * rates_of(settings).cost_per_hour
    plan = make_plan(book(arr=[cost, cost * 1.001]), settings)
    assert plan.accounts["guard"].tolist() == [False, True]
    assert not _check(plan, "guard_accounts")


def test_the_guard_of_a_segment_and_of_the_whole_is_its_own_verdict() -> None:
    plan = make_plan(
        book(arr=[1e6, 600.0], growth=[0.5, 0.0], tier=["tech touch", "tech touch"]), fixed()
    )
    assert plan.by_segment["guard"].to_dict()["Star"]
    assert not plan.by_segment["guard"].to_dict()["Poor Dog"]
    assert _check(plan, "guard_total")
    lines = digest(plan)["segments"]
    assert lines["Poor Dog"]["margin_guard"] is False
    assert lines["Question Mark"]["margin_guard"] is None


def test_a_stricter_guard_says_what_it_allows() -> None:
    plan = make_plan(book(arr=[1e5]), S.replace("margin", max_share=0.05))
    finding = next(c.finding for c in checks_of(plan) if c.key == "guard_accounts")
    assert finding == "1 account fails the margin guard: support + success not below 5 % of ARR"


def test_cac_is_judged_where_it_is_known() -> None:
    plan = make_plan(
        book(
            arr=[100_000.0] * 3,
            cac=[1_000.0, 1e6, None],
            start=["2020-01-01", "2020-01-01", "2020-01-01"],
            tier=["tech touch"] * 3,
        ),
        S,
    )
    assert plan.accounts["strict_guard"].tolist()[:2] == [True, False]
    assert plan.accounts["cac_repaid"].tolist()[:2] == [True, False]
    assert plan.accounts["strict_guard"].isna().tolist() == [False, False, True]


def test_the_bridge_starts_with_the_churned_and_closes() -> None:
    plan = make_plan(
        book(
            arr=[120.0, 80.0, 50.0],
            prior_arr=[100.0, 100.0, None],
            excluded={
                "id": ["X", "T", "B"],
                "name": ["X", "T", "B"],
                "arr": [0.0, 10.0, 5.0],
                "prior_arr": [40.0, 7.0, 6.0],
                "reason": ["churned", "trial", "bad row, see Problems"],
            },
        ),
        S,
    )
    bridge = plan.bridge
    assert bridge is not None
    assert (bridge.start, bridge.churn, bridge.contraction) == (240.0, 40.0, 20.0)
    assert (bridge.expansion, bridge.new, bridge.end) == (20.0, 50.0, 250.0)
    assert bridge.grr == pytest.approx(180 / 240)
    assert bridge.nrr == pytest.approx(200 / 240)
    assert bridge.logo_retention == pytest.approx(2 / 3)
    assert _check(plan, "bridge_closes")


def test_older_accounts_without_a_prior_arr_are_neither_new_nor_kept() -> None:
    plan = make_plan(
        book(
            arr=[120.0, 80.0, 50.0],
            prior_arr=[100.0, None, None],
            start=["2020-01-01", "2019-01-01", "2026-08-01"],
        ),
        S,
    )
    assert plan.bridge is not None
    assert (plan.bridge.new, plan.bridge.untold) == (50.0, 80.0)
    assert _check(plan, "bridge_closes")
    assert not _check(plan, "prior_told")


def test_churn_of_a_list_of_the_living_alone_is_told() -> None:
    living = {"arr": [120.0, 80.0], "prior_arr": [100.0, 90.0], "growth": [0.3, 0.0]}
    gone = {"id": ["X"], "name": ["X"], "arr": [0.0], "prior_arr": [40.0], "reason": ["churned"]}
    alone = make_plan(book(**living), S)
    assert not _check(alone, "churn_told")
    (look,) = (one.look for one in checks_of(alone) if one.key == "churn_told")
    assert look.startswith("No customer has left in this list: churn is taken as 0")
    assert _check(make_plan(book(excluded=gone, **living), S), "churn_told")
    own = dataclasses.replace(S.timeline, rates_from_list=False)
    assert _check(make_plan(book(**living), dataclasses.replace(S, timeline=own)), "churn_told")
    some, every = (
        dataclasses.replace(S, growth=tuple(Growth(segment=one, churn=0.05) for one in segments))
        for segments in (("Star",), tuple(sorted(set(alone.accounts["segment"]))))
    )
    assert not _check(make_plan(book(**living), some), "churn_told")
    assert _check(make_plan(book(**living), every), "churn_told")
    assert "churn_told" not in {one.key for one in checks_of(make_plan(book(arr=[9.0]), S))}


amounts = st.floats(0.01, 1e9)
accounts = st.lists(
    st.tuples(
        amounts,
        st.none() | st.floats(-1, 5),
        st.none() | amounts,
        st.none() | st.floats(0, 1),
        st.none() | st.floats(0, 500),
    ),
    min_size=1,
    max_size=30,
)


@given(accounts)
@example([(1.0, None, None, None, 1e-6)])
def test_every_plan_adds_up(rows: list[tuple[float, ...]]) -> None:
    arr, growth, prior, margin, hours = (list(column) for column in zip(*rows, strict=True))
    plan = make_plan(
        book(arr=arr, growth=growth, prior_arr=prior, gross_margin=margin, hours=hours), S
    )
    for table in (plan.by_segment, plan.by_tier):
        assert table["accounts"].sum() == len(rows)
        for column in ("arr", "planned_hours", "cost_to_serve", "contribution"):
            assert table[column].sum() == pytest.approx(
                plan.accounts[column].sum(), rel=1e-9, abs=1e-6
            )
    assert set(plan.accounts["segment"]) <= {*SEGMENTS, NO_VERDICT}
    arithmetic = {"arr_ties", "segments_add", "tiers_add", "workload_covered", "bridge_closes"}
    assert all(check.ok for check in checks_of(plan) if check.key in arithmetic)
    exits = plan.accounts["action"] == "Exit"
    assert (plan.accounts.loc[exits, "standard_contribution"] < 0).all()


@given(st.floats(1e5, 1e8), st.floats(1e5, 1e8))
def test_a_higher_target_never_asks_for_more_csms(one: float, other: float) -> None:
    low, high = sorted((one, other))
    of = demo_book_once()
    assert (
        csms(of, S.replace("rule", arr_per_csm=high))["rule"]
        <= csms(of, S.replace("rule", arr_per_csm=low))["rule"]
    )


_DEMO: list[Book] = []


def demo_book_once() -> Book:
    if not _DEMO:
        _DEMO.append(demo_book())
    return _DEMO[0]


def _check(plan: Any, key: str) -> bool:
    return next(check for check in checks_of(plan) if check.key == key).ok


def test_rows_left_out_are_counted_beyond_those_that_are_listed() -> None:
    listed = [Problem(row, "ARR", "x", "not an amount", "write one") for row in (3, 3, 5)]
    more = Problem(None, "ARR", "", "and 40 more of this kind", "write one", 40)
    bad = dataclasses.replace(book(arr=[5.0]), problems=(*listed, more))
    finding = next(c for c in checks_of(make_plan(bad, S)) if c.key == "bad_rows").finding
    assert finding == "42 rows left out as unusable, see Problems"
