"""The catalogue against the contract with users' workbooks: names, order, defaults, texts."""

from __future__ import annotations

import json
import re

import pytest

from csmcalc import formulas
from csmcalc.catalog import CATALOGUE, Entry, find, groups

CONTRACT = {
    "Ratio": """
        CSM_RATIO(arr, [arr_per_csm=2000000], [in_arrears=FALSE])
        CSM_IMPLIED_RATIO(arr, csms)
        CSM_MAX_ARR(csms, [arr_per_csm=2000000], [in_arrears=FALSE])
        CSM_HEADROOM(csms, arr, [arr_per_csm=2000000], [in_arrears=FALSE])
        CSM_ACCOUNTS_RATIO(accounts, accounts_per_csm)
        CSM_ACCOUNTS_PER_CSM(arr_per_csm, acv)
        CSM_NEW_ARR_NEEDED(arr, growth, nrr)
        CSM_SCALED_TARGET(arr_per_csm, local_comp, reference_comp)
    """,
    "Capacity": """
        CSM_EFFECTIVE_HOURS([calendar=2080], [pto=160], [sick=40], [internal_share=1/3], [realisation=0.85])
        CSM_LOADED_COST(ote, loading)
        CSM_COST_PER_HOUR(ote, loading, effective_hours)
        CSM_ACCOUNT_HOURS(scheduled, reactive, onboarding_hours, new_accounts, accounts, [complexity=1])
        CSM_ACTIVITY_HOURS(frequency, hours)
        CSM_HOURS_PER_ACCOUNT(hours, accounts)
        CSM_COMPLEXITY(mean_score, [divisor=8], [cap=2])
        CSM_ONBOARDING_FACTOR(days_since_start, [factor=3], [window=90], [taper=0])
        CSM_BLENDED_LOAD(share_onboarding, onboarding_factor)
        CSM_BOOK_SIZE(effective_hours, hours_per_account)
        CSM_WORKLOAD_FTE(accounts, hours, effective_hours)
        CSM_UTILISATION(required, available)
        CSM_COST_TO_SERVE(hours, cost_per_hour, [support_cost=0])
        CSM_TIER_MIN_ARR(hours, cost_per_hour, gross_margin, service_share)
    """,  # noqa: E501
    "Hiring": """
        CSM_RAMP_FACTOR(tenure_months, ramp_months, [start_share=0])
        CSM_RAMPED_FTE(heads, tenure, ramp_months, [attainment])
        CSM_YEAR1_DELIVERED(ramp_months, mean_productivity, [start_month=1])
        CSM_ATTRITION_PERIOD(annual_rate, periods_per_year)
        CSM_HIRE_BY(need_date, ramp_months, months_to_fill)
        CSM_MANAGERS(csms, [span=7])
        CSM_HIRING_PLAN(required, starting_csms, ramp_months, annual_attrition, [months_to_fill=3], [in_arrears=FALSE])
    """,  # noqa: E501
    "Retention": """
        CSM_GRR(start, churn, contraction)
        CSM_NRR(start, expansion, contraction, churn)
        CSM_LOGO_RETENTION(kept, start)
        CSM_RENEWAL_RATE(available_to_renew, lost)
        CSM_SAVE_RATE(saved, at_risk)
        CSM_CONVERT_CHURN(rate, from_per_year, to_per_year)
        CSM_DETECTION_RATE(flagged_lost, total_lost)
        CSM_ARR_END(opening, new_arr, expansion, contraction, churn, [reactivation=0])
        CSM_QUICK_RATIO(new_arr, expansion, churn, contraction, [reactivation=0])
    """,
    "Economics": """
        CSM_LIFETIME(churn)
        CSM_LTV(arpa, gross_margin, churn)
        CSM_LTV_DISCOUNTED(arpa, gross_margin, churn, discount, [in_advance=FALSE])
        CSM_LTV_NET(arpa, gross_margin, nrr, discount)
        CSM_LTV_GROWTH(arpa, gross_margin, churn, growth, discount)
        CSM_LTV_COHORT(survival, margin, discount)
        CSM_CAC(sales_marketing, new_customers)
        CSM_CAC_RATIO(sales_marketing, new_arr)
        CSM_CAC_PAYBACK(sales_marketing, new_arr, gross_margin)
        CSM_LTV_CAC(ltv, cac)
        CSM_MAGIC_NUMBER(revenue, prior_revenue, prior_sales_marketing)
        CSM_CONTRIBUTION(arr, gross_margin, support_cost, success_cost)
        CSM_MARGIN_GUARD(arr, support_cost, success_cost, [max_share=1])
        CSM_BREAKEVEN_GRR(cost, arr_covered, gross_margin, [multiple])
        CSM_BREAKEVEN_EXPANSION(cost, gross_margin)
        CSM_INDIFFERENCE_GRR(saving, cohort_arr, gross_margin)
        CSM_STRICT_GUARD(contribution, cac, payback_years)
        CSM_HIRE_CASE(cost, book, grr_covered, grr_uncovered, gross_margin)
    """,
    "Segments": """
        BCG_SEGMENT(profitability, growth, [profitability_threshold=0], [growth_threshold=0.1], [band=0], [previous])
        BCG_THRESHOLD(values, [method="median"], [weights], [percentile=0.5])
        BCG_DISTANCE(profitability, growth, [profitability_threshold=0], [growth_threshold=0.1])
        BCG_ACTION(segment)
        CSM_TIER(arr, cuts, names)
        CSM_NINE_BOX(x_score, y_score, [low=1/3], [high=2/3])
    """,  # noqa: E501
    "Optimum": """
        CSM_RESPONSE(hours, none, today, saturated, hours_today)
        CSM_ADBUDG(effort, y0, ymax, c, d)
        CSM_ADBUDG_FIT(y0, y1, y15, ymax)
        CSM_ADBUDG_LSQ(effort, response)
        CSM_OPTIMAL_HEADCOUNT(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, [charge_service=TRUE])
        CSM_VALUE_CURVE(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, [charge_service=TRUE], [max_csms])
        CSM_SERVICE_HOURS(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, [charge_service=TRUE])
        CSM_NEXT_VALUE(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, csms, [charge_service=TRUE])
        CSM_RULE_GAP(segment_table, loaded_cost, effective_hours, gross_margin, discount, years, [charge_service=TRUE], [arr_per_csm=2000000])
    """,  # noqa: E501
    "Balance": """
        CSM_BALANCE_CV(values)
        CSM_GINI(values)
        CSM_MAX_MIN(values)
        CSM_OUTSIDE(values, [tolerance=0.15])
        CSM_WEIGHTED_MEAN(values, weights)
        CSM_ASSIGN(customers, csms, [continuity_weight=0.25])
    """,
}
EXCEL_CUTS_AT = 255
VBA_WORDS = {
    "new", "end", "date", "next", "type", "loop", "each", "stop", "to", "step", "with", "name",
    "is", "in", "or", "and", "not", "set", "let", "get", "sub", "call", "case", "do", "for",
}  # fmt: skip
ENTRIES = [pytest.param(entry, id=entry.name) for entry in CATALOGUE]


def test_names_arguments_and_defaults_are_those_of_the_contract() -> None:
    signatures = {
        group: [entry.signature for entry in entries] for group, entries in groups().items()
    }
    assert signatures == {
        group: [line.strip() for line in lines.strip().splitlines()]
        for group, lines in CONTRACT.items()
    }


def test_every_public_formula_is_shown_once() -> None:
    shown = [entry.function.__name__ for entry in CATALOGUE]
    assert sorted(shown) == sorted(formulas.__all__)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_texts_are_whole_and_fit_excels_help(entry: Entry) -> None:
    assert entry.summary.endswith(".")
    assert "\n" not in entry.summary
    assert len(entry.summary) <= EXCEL_CUTS_AT
    for text in (entry.equation, entry.returns, entry.unit, entry.errors, entry.source):
        assert text.strip()
    assert entry.example.startswith(">>> ")
    assert entry.function.__name__ in entry.example
    for argument in entry.arguments:
        assert argument.text
        assert argument.unit
        assert len(f"{argument.text}; {argument.unit}") <= EXCEL_CUTS_AT
        assert argument.name not in VBA_WORDS
        assert re.fullmatch("[a-z][a-z0-9_]*", argument.name)


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_kind_of_an_argument_agrees_with_its_unit(entry: Entry) -> None:
    for argument in entry.arguments:
        if argument.kind == "flag":
            assert argument.unit == "TRUE or FALSE"
        if argument.kind in ("text", "date", "table"):
            assert argument.unit == argument.kind
        if argument.kind == "share":
            assert argument.unit == "share"


def test_required_arguments_stand_first_and_defaults_are_plain() -> None:
    for entry in CATALOGUE:
        optional = [argument.is_optional for argument in entry.arguments]
        assert optional == sorted(optional)
        json.dumps([argument.default for argument in entry.arguments])


def test_what_spills() -> None:
    spilling = {entry.name for entry in CATALOGUE if entry.spills}
    rows = {"CSM_ASSIGN", "CSM_VALUE_CURVE", "CSM_SERVICE_HOURS", "CSM_HIRING_PLAN"}
    assert spilling == {"CSM_HIRE_CASE", "CSM_ADBUDG_FIT", "CSM_ADBUDG_LSQ", *rows}


def test_an_entry_is_found_in_any_case() -> None:
    entry = find(" bcg_Segment ")
    assert entry is not None
    assert entry.name == "BCG_SEGMENT"
    assert [argument.kind for argument in entry.arguments] == ["number"] * 5 + ["text"]
    assert find("CSM_UNKNOWN") is None
