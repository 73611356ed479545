"""Published calculations, each reproduced by the functions that cover it.

`worked_examples.json` holds the facts with their sources; where a source's own arithmetic is
wrong, `expected` is right and the case says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csmcalc import formulas as f

CASES = {
    case["id"]: case
    for case in json.loads(Path(__file__).with_name("worked_examples.json").read_text("utf-8"))
}

NOT_COVERED = {
    "BE_05": "counts expansion revenue, not margin, as return: a definition not to be copied",
    "BCG_01": "shares of a total by RFM segment: plain divisions, without axes or a verdict",
    "EFF_03": "a total cost divided by customers: a plain division",
}


def accounts_per_csm(acv: float, arr_per_csm: float) -> dict[str, Any]:
    return {"customers_per_csm": f.csm_accounts_per_csm(arr_per_csm, acv)}


def implied_ratio(arr: float, csm_now: float, csm_after: float) -> dict[str, Any]:
    return {
        "arr_per_csm_now": f.csm_implied_ratio(arr, csm_now),
        "arr_per_csm_after": f.csm_implied_ratio(arr, csm_after),
    }


def rule_and_workload(
    arr: float, arr_per_csm: float, accounts: list[float], hours: list[float], hours_per_csm: float
) -> dict[str, Any]:
    return {
        "csm_by_ratio": f.csm_ratio(arr, arr_per_csm),
        "total_hours": f.csm_workload_fte(accounts, hours, 1),
        "csm_by_workload": f.csm_workload_fte(accounts, hours, hours_per_csm),
    }


def growth_target(current_arr: float, growth: float, nrr: float) -> dict[str, Any]:
    return {
        "target_arr": f.csm_new_arr_needed(current_arr, growth, 0),
        "new_arr_target": f.csm_new_arr_needed(current_arr, growth, nrr),
    }


def quarter_book(
    hours_per_week: float,
    weeks: float,
    utilisation: float,
    admin_overhead: float,
    touches: float,
    hours_per_touch: float,
) -> dict[str, Any]:
    hours = f.csm_effective_hours(hours_per_week * weeks, 0, 0, admin_overhead, utilisation)
    need = f.csm_activity_hours([touches], [hours_per_touch])
    return {"productive_hours": hours, "accounts_per_csm": f.csm_book_size(hours, need)}


def hours_per_account(hours_per_month: float, accounts: float) -> dict[str, Any]:
    return {"hours_per_account": f.csm_hours_per_account(hours_per_month, accounts)}


def workload_method(
    accounts: list[float], calls_per_year: list[float], calls_per_rep: float
) -> dict[str, Any]:
    return {
        "total_calls": f.csm_workload_fte(accounts, calls_per_year, 1),
        "reps": f.csm_workload_fte(accounts, calls_per_year, calls_per_rep),
    }


def capacity_waterfall(
    calendar: float, pto: float, sick: float, internal_share: float, realisation: float
) -> dict[str, Any]:
    paid = f.csm_effective_hours(calendar, pto, sick, 0, 1)
    facing = f.csm_effective_hours(calendar, pto, sick, internal_share, 1)
    return {
        "paid": paid,
        "internal": paid - facing,
        "customer_facing": facing,
        "effective": f.csm_effective_hours(calendar, pto, sick, internal_share, realisation),
    }


def cost_of_a_csm(ote: float, loading: float, effective_hours: float) -> dict[str, Any]:
    return {
        "loaded_cost": f.csm_loaded_cost(ote, loading),
        "cost_per_hour": f.csm_cost_per_hour(ote, loading, effective_hours),
    }


def enterprise_book(
    accounts: float,
    arr: float,
    complexity: float,
    onb_hours: float,
    new_accounts: float,
    scheduled: float,
    reactive: float,
    H: float,  # noqa: N803
    cost_hour: float,
) -> dict[str, Any]:
    required = f.csm_account_hours(
        scheduled, reactive, onb_hours, new_accounts, accounts, complexity
    )
    fte = f.csm_workload_fte([accounts], [required], H)
    cost = f.csm_cost_to_serve(required, cost_hour)
    return {
        "onb_amortised": f.csm_account_hours(0, 0, onb_hours, new_accounts, accounts),
        "base_hours": f.csm_account_hours(scheduled, reactive, onb_hours, new_accounts, accounts),
        "required_hours": required,
        "accounts_per_csm": f.csm_book_size(H, required),
        "arr_per_csm": f.csm_implied_ratio(arr, fte),
        "fte": fte,
        "cost_per_account": cost,
        "cts_pct": cost / (arr / accounts),
    }


def pooled_book(accounts: float, hours: float, H: float, csm: float) -> dict[str, Any]:  # noqa: N803
    book = f.csm_book_size(H, hours)
    return {
        "accounts_per_csm": book,
        "capacity": csm * book,
        "shortfall": accounts - csm * book,
        "fte": f.csm_workload_fte([accounts], [hours], H),
    }


def complexity(mean_score: float, divisor: float, cap: float) -> dict[str, Any]:
    return {"multiplier": f.csm_complexity(mean_score, divisor, cap)}


def tier_minimum(hours: float, cost_hour: float, gm: float, k: float) -> dict[str, Any]:
    return {"min_arr": f.csm_tier_min_arr(hours, cost_hour, gm, k)}


def automation(
    hours_per_review: float,
    reviews: float,
    accounts: float,
    saved: float,
    H: float,  # noqa: N803
) -> dict[str, Any]:
    per_account = f.csm_activity_hours([reviews], [hours_per_review])
    hours = f.csm_workload_fte([accounts], [per_account], 1)
    return {
        "hours": hours,
        "fte": f.csm_workload_fte([accounts], [per_account], H),
        "saved_hours": saved * hours,
        "saved_fte": f.csm_workload_fte([accounts], [saved * per_account], H),
    }


def first_year(
    ramp_months: float, mean_ramp_productivity: float, loaded_cost: float
) -> dict[str, Any]:
    delivered = f.csm_year1_delivered(ramp_months, mean_ramp_productivity)
    return {"delivered": delivered, "cost_per_delivered": loaded_cost / delivered}


def ramped_team(full: float, ramping: float, ramp_pct: float) -> dict[str, Any]:
    return {"rre": f.csm_ramped_fte([full, ramping], [1, ramp_pct], 1)}


def ramped_team_with_attainment(
    full: float, attain: float, ramping: float, ramp_pct: float, ramp_attain: float
) -> dict[str, Any]:
    return {"rre": f.csm_ramped_fte([full, ramping], [1, ramp_pct], 1, [attain, ramp_attain])}


def attrition(capacity: float, attrition: float) -> dict[str, Any]:
    return {"lost": capacity * f.csm_attrition_period(attrition, 1)}


def ramp_progression(reps: float, from_pct: float, to_pct: float, full: float) -> dict[str, Any]:
    before, after = (f.csm_ramped_fte([reps], [share], 1) for share in (from_pct, to_pct))
    return {"gain": (after - before) * full}


def linear_ramp(quota: float, ramp_months: float, tenure_months: list[float]) -> dict[str, Any]:
    return {"capacity": quota * f.csm_ramped_fte([1, 1], tenure_months, ramp_months)}


def breakeven_points(
    cost: float, cost_year1: float, arr_covered: float, gm: float, multiple: float
) -> dict[str, Any]:
    return {
        "cash_pp": 100 * f.csm_breakeven_grr(cost, arr_covered, gm),
        "cash_pp_year1": 100 * f.csm_breakeven_grr(cost_year1, arr_covered, gm),
        "value_pp": 100 * f.csm_breakeven_grr(cost, arr_covered, gm, multiple),
        "value_pp_year1": 100 * f.csm_breakeven_grr(cost_year1, arr_covered, gm, multiple),
    }


def hire_case(
    heads: float,
    cost: float,
    gm: float,
    book: float,
    at_risk: float,
    grr_cov: float,
    grr_unc: float,
) -> dict[str, Any]:
    total = heads * cost
    retained, profit, payback, safety = f.csm_hire_case(total, book, grr_cov, grr_unc, gm)
    return {
        "breakeven_arr": f.csm_breakeven_expansion(total, gm),
        "breakeven_bps": 10_000 * f.csm_breakeven_grr(total, book, gm),
        "breakeven_save": f.csm_breakeven_grr(total, at_risk, gm),
        "retained": retained,
        "gross_profit": profit,
        "payback_months": payback,
        "margin_of_safety": safety,
    }


def ltv(arpa_month: float, gm: float, churn_month: float, cac: float = 1) -> dict[str, Any]:
    value = f.csm_ltv(arpa_month, gm, churn_month)
    return {
        "lifetime": f.csm_lifetime(churn_month),
        "ltv": value,
        "ltv_cac": f.csm_ltv_cac(value, cac),
    }


def ltv_of_a_year(acv: float, gm: float, churn_year: float) -> dict[str, Any]:
    return {"ltv": f.csm_ltv(acv, gm, churn_year)}


def ltv_discounted(margin_month: float, discount: float, retention: float) -> dict[str, Any]:
    return {"ltv": f.csm_ltv_discounted(margin_month, 1, 1 - retention, discount, True)}


def ltv_without_margin(mrr: float, churn_month: float, cac: float) -> dict[str, Any]:
    return ltv(mrr, 1, churn_month, cac)


def ltv_segments(acv: list[float], gm: float, lifetime: list[float]) -> dict[str, Any]:
    return {
        "net_acv": f.csm_contribution(acv, gm, 0, 0).tolist(),
        "ltv_blended": f.csm_ltv(acv[0], gm, 1 / lifetime[0]),
    }


def cac(sm: float, new_logos: float) -> dict[str, Any]:
    return {"cac": f.csm_cac(sm, new_logos)}


def cac_ratio(sm: float, new_arr: float) -> dict[str, Any]:
    return {"ratio": f.csm_cac_ratio(sm, new_arr)}


def ltv_cac(ltv: float, ltv_disc: float, cac: float) -> dict[str, Any]:
    return {"ratio": f.csm_ltv_cac(ltv, cac), "ratio_disc": f.csm_ltv_cac(ltv_disc, cac)}


def payback_without_margin(cac: float, mrr: float) -> dict[str, Any]:
    return {"months": f.csm_cac_payback(cac, 12 * mrr, 1)}


def retention(start: float, churn: float, contraction: float, expansion: float) -> dict[str, Any]:
    return {
        "grr": f.csm_grr(start, churn, contraction),
        "nrr": f.csm_nrr(start, expansion, contraction, churn),
    }


def retention_of_a_segment(
    begin: float, churn: float, contraction: float, expansion: float
) -> dict[str, Any]:
    return retention(begin, churn, contraction, expansion)


def retention_two_ways(start: float, **changes: float) -> dict[str, Any]:
    cohort, formula = (
        retention(
            start,
            changes[f"churn_{way}"],
            changes[f"contraction_{way}"],
            changes[f"expansion_{way}"],
        )
        for way in ("cohort", "total")
    )
    return {
        "grr_cohort": cohort["grr"],
        "nrr_cohort": cohort["nrr"],
        "grr_formula": formula["grr"],
        "nrr_formula": formula["nrr"],
    }


def renewals(
    atr: float, churn: float, contraction: float, at_risk: float, saved: float, total_loss: float
) -> dict[str, Any]:
    return {
        "gross_renewal": f.csm_renewal_rate(atr, churn + contraction),
        "save_rate": f.csm_save_rate(saved, at_risk),
        "detection": f.csm_detection_rate(at_risk - saved, total_loss),
    }


def cohort_weighted(
    cohort_mrr: list[float], month12: list[float], month13: list[float]
) -> dict[str, Any]:
    return {
        "month12": f.csm_weighted_mean(month12, cohort_mrr),
        "month13": f.csm_weighted_mean(month13, cohort_mrr[: len(month13)]),
    }


def health_migration(green: list[float], yellow: list[float], red: list[float]) -> dict[str, Any]:
    red_churn, green_churn = (
        1 - f.csm_logo_retention(sum(colour[:-1]), sum(colour)) for colour in (red, green)
    )
    return {
        "red_churn": red_churn,
        "green_churn": green_churn,
        "lift": red_churn / green_churn,
        "net_green_flow": yellow[0] + red[0] - green[1] - green[2],
        "recovery_red": f.csm_logo_retention(red[0] + red[1], sum(red)),
    }


def magic_number(rev_delta_quarter: float, sm_prior: float) -> dict[str, Any]:
    magic = f.csm_magic_number(rev_delta_quarter, 0, sm_prior)
    return {"magic": magic, "payback_months": 12 / magic}


def support_by_tier(
    customers: list[float], cost: list[float], tickets: list[float]
) -> dict[str, Any]:
    each = f.csm_cost_to_serve(0, 0, cost)
    return {
        "tickets": f.csm_workload_fte(customers, tickets, 1),
        "cost": sum(number * one for number, one in zip(customers, each, strict=True)),
    }


def breakdown_method(sales: float, per_rep: float) -> dict[str, Any]:
    return {"reps": f.csm_ratio(sales, per_rep)}


COVERED: dict[str, Callable[..., dict[str, Any]]] = {
    "RATIO_01": accounts_per_csm,
    "RATIO_02": accounts_per_csm,
    "RATIO_03": implied_ratio,
    "RATIO_05": rule_and_workload,
    "RATIO_06": growth_target,
    "CAP_01": quarter_book,
    "CAP_03_5": hours_per_account,
    "CAP_03_10": hours_per_account,
    "CAP_03_30": hours_per_account,
    "CAP_03_50": hours_per_account,
    "CAP_03_100": hours_per_account,
    "CAP_03_500": hours_per_account,
    "CAP_05": workload_method,
    "CAP_06": capacity_waterfall,
    "CAP_07": cost_of_a_csm,
    "CAP_08": enterprise_book,
    "CAP_10": pooled_book,
    "CAP_11": complexity,
    "CAP_13": tier_minimum,
    "CAP_15": automation,
    "RAMP_01": first_year,
    "RAMP_02": first_year,
    "RAMP_04": first_year,
    "RAMP_05": first_year,
    "RAMP_07": ramped_team,
    "RAMP_08": ramped_team_with_attainment,
    "RAMP_10": attrition,
    "RAMP_11": ramp_progression,
    "RAMP_12": linear_ramp,
    "BE_ENT": breakeven_points,
    "BE_04": hire_case,
    "LTV_01": ltv,
    "LTV_02": ltv,
    "LTV_04": ltv,
    "LTV_05": ltv_of_a_year,
    "LTV_08": ltv_discounted,
    "LTV_10": ltv_without_margin,
    "LTV_11": ltv_segments,
    "CAC_01": cac,
    "CAC_02": cac_ratio,
    "CAC_04": ltv_cac,
    "CAC_05": payback_without_margin,
    "NRR_01": retention,
    "NRR_03": retention,
    "NRR_04": retention_two_ways,
    "NRR_06_ENT": retention_of_a_segment,
    "NRR_06_MM": retention_of_a_segment,
    "NRR_07": renewals,
    "NRR_09": cohort_weighted,
    "NRR_10": health_migration,
    "EFF_01": magic_number,
    "EFF_04": support_by_tier,
    "OPT_01": breakdown_method,
}


def test_every_case_is_covered_or_listed_with_the_reason() -> None:
    assert COVERED.keys() | NOT_COVERED.keys() == CASES.keys()
    assert not COVERED.keys() & NOT_COVERED.keys()
    assert len(CASES) == 56


@pytest.mark.parametrize("name", COVERED)
def test_the_published_case_is_reproduced(name: str) -> None:
    case = CASES[name]
    result = COVERED[name](**case["inputs"])
    tolerance = {"rel": 1e-12, **case["tolerance"]}
    for quantity, expected in case["expected"].items():
        wanted = pytest.approx(expected, **{k: max(v, 1e-12) for k, v in tolerance.items()})
        assert result[quantity] == wanted, f"{quantity}: {case['source_title']}"
