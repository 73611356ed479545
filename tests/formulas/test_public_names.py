"""What users may rely on: the names that `csmcalc.formulas` gives, and how little it loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

import csmcalc.formulas

NAMES = [
    "bcg_action",
    "bcg_distance",
    "bcg_segment",
    "bcg_threshold",
    "csm_account_hours",
    "csm_accounts_per_csm",
    "csm_accounts_ratio",
    "csm_activity_hours",
    "csm_adbudg",
    "csm_adbudg_fit",
    "csm_adbudg_lsq",
    "csm_arr_end",
    "csm_assign",
    "csm_attrition_period",
    "csm_balance_cv",
    "csm_blended_load",
    "csm_book_size",
    "csm_breakeven_expansion",
    "csm_breakeven_grr",
    "csm_cac",
    "csm_cac_payback",
    "csm_cac_ratio",
    "csm_complexity",
    "csm_contribution",
    "csm_convert_churn",
    "csm_cost_per_hour",
    "csm_cost_to_serve",
    "csm_detection_rate",
    "csm_effective_hours",
    "csm_gini",
    "csm_grr",
    "csm_headroom",
    "csm_hire_by",
    "csm_hire_case",
    "csm_hiring_plan",
    "csm_hours_per_account",
    "csm_implied_ratio",
    "csm_indifference_grr",
    "csm_lifetime",
    "csm_loaded_cost",
    "csm_logo_retention",
    "csm_ltv",
    "csm_ltv_cac",
    "csm_ltv_cohort",
    "csm_ltv_discounted",
    "csm_ltv_growth",
    "csm_ltv_net",
    "csm_magic_number",
    "csm_managers",
    "csm_margin_guard",
    "csm_max_arr",
    "csm_max_min",
    "csm_new_arr_needed",
    "csm_next_value",
    "csm_nine_box",
    "csm_nrr",
    "csm_onboarding_factor",
    "csm_optimal_headcount",
    "csm_outside",
    "csm_quick_ratio",
    "csm_ramp_factor",
    "csm_ramped_fte",
    "csm_ratio",
    "csm_renewal_rate",
    "csm_response",
    "csm_rule_gap",
    "csm_save_rate",
    "csm_scaled_target",
    "csm_service_hours",
    "csm_strict_guard",
    "csm_tier",
    "csm_tier_min_arr",
    "csm_utilisation",
    "csm_value_curve",
    "csm_weighted_mean",
    "csm_workload_fte",
    "csm_year1_delivered",
]


def test_the_public_names() -> None:
    assert sorted(csmcalc.formulas.__all__) == sorted(NAMES)
    assert all(callable(getattr(csmcalc.formulas, name)) for name in NAMES)


@pytest.mark.parametrize("module", ["csmcalc.formulas", "csmcalc.catalog"])
def test_the_ground_floor_needs_numpy_alone(module: str) -> None:
    heavy = "{'pandas', 'openpyxl', 'xlwings', 'typer', 'rich', 'pyarrow'}"
    script = f"import sys, {module}; print(*sorted({heavy} & sys.modules.keys()))"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.split() == []
