"""Ranges as the contract reads them: blanks, errors, shapes, and what a body may rely on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csmcalc import formulas as f
from csmcalc.errors import Fault, FaultKind

NA = Fault(FaultKind.NA, "first")
REF = Fault(FaultKind.REF, "second")


def fault(call: Any, *args: Any) -> Fault:
    with pytest.raises(Fault) as caught:
        call(*args)
    return caught.value


# --- reduced ranges --------------------------------------------------------------------------


def test_empty_rows_are_skipped() -> None:
    assert f.csm_activity_hours([12, None, 4], [1, None, 6]) == 36
    assert f.csm_max_min([None, 2, pd.NA, 4]) == 2
    assert f.csm_gini([[1, None], [3, None]]) == f.csm_gini([1, 3])


def test_a_half_empty_row_is_na_and_says_where() -> None:
    raised = fault(f.csm_activity_hours, [12, 4], [1, None])
    assert raised.kind == FaultKind.NA
    assert "item 2 of hours is empty" in raised.reason


def test_no_numbers_at_all_is_na() -> None:
    for nothing in ([], [None, None], None, np.array([]), pd.Series([], dtype=float)):
        assert fault(f.csm_gini, nothing).kind == FaultKind.NA
    assert fault(f.csm_workload_fte, [], [], 1000).kind == FaultKind.NA


def test_ranges_of_unequal_size_do_not_fit() -> None:
    raised = fault(f.csm_activity_hours, [1, 2, 3], [1, 2])
    assert raised.kind == FaultKind.VALUE
    assert raised.reason == "frequency is 3, hours is 2; ranges must be of equal size"
    assert fault(f.csm_activity_hours, [[1, 2], [3, 4]], [1, 2, 3, 4]).kind == FaultKind.VALUE


def test_a_row_fits_a_column_and_a_single_cell_is_a_range() -> None:
    assert f.csm_activity_hours([[1], [2], [3]], [1, 2, 3]) == 14
    assert f.csm_activity_hours([[1, 2, 3]], [[1], [2], [3]]) == 14
    assert f.csm_activity_hours(3, 4) == 12
    assert f.csm_weighted_mean([[1, 2], [3, 4]], [[1, 1], [1, 1]]) == 2.5


def test_an_optional_range_that_is_blank_is_absent() -> None:
    for blank in (None, [None, None], []):
        assert f.csm_ramped_fte([10, 2], [12, 3], 6, blank) == 11


def test_a_bad_cell_in_a_range_names_its_item() -> None:
    assert fault(f.csm_gini, [1, "x", 2]).reason.startswith('item 2 of values is "x"; ')
    assert fault(f.csm_gini, [1, -2]).reason.startswith("item 2 of values is -2; ")
    assert fault(f.csm_gini, [1, True]).kind == FaultKind.VALUE


def test_an_error_in_a_range_beats_every_other_fault() -> None:
    assert fault(f.csm_activity_hours, ["x", -1, NA], [REF, 2]) is NA
    assert fault(f.csm_activity_hours, [1, 2], [REF, NA, 3]) is REF
    assert fault(f.csm_tier, -1, [2, 1], [REF]) is REF


def test_errors_beside_a_range_keep_argument_order_element_by_element() -> None:
    tiers = f.csm_tier([5, REF, "x"], [10, NA], ["low", "high"])
    assert tiers[0] is NA
    assert tiers[1] is REF
    assert tiers[2] is NA


def test_a_bad_range_gives_every_element_its_fault() -> None:
    tiers = f.csm_tier([5, REF, None], [10, -1], ["low", "mid", "high"])
    assert [tier.kind for tier in tiers] == ["#NUM!", "#REF!", "#N/A"]
    assert f.csm_tier([], [2, 1], ["a", "b", "c"]).shape == (0,)


def test_the_other_arguments_of_a_reducing_formula_broadcast() -> None:
    fte = f.csm_workload_fte([10, 20], [5, 10], [[250, 125], [0, 50]])
    assert fte[0].tolist() == [1, 2]
    assert fte[1, 0].kind == FaultKind.DIV0
    assert fte[1, 1] == 5
    ramped = f.csm_ramped_fte([4, 2], [6, 3], [0, 3, 6, 12])
    assert ramped.tolist() == [6, 6, 5, 2.5]
    values = f.csm_ltv_cohort([1, 0.5], [100, 200], [0, 1])
    assert values.tolist() == [150, 250]


# --- what cells may be -----------------------------------------------------------------------


def test_numbers_of_every_make() -> None:
    makers = (int, np.int8, np.uint64, np.float32, np.float64, Decimal, np.asarray)
    assert [f.csm_ratio(make(6), 2) for make in makers] == [3] * len(makers)
    assert f.csm_ratio([Decimal("0.3"), np.int64(1)], 0.1).tolist() == [3, 10]
    for dtype in ("int8", "uint64", "float32", "Int64", "Float64", "int64[pyarrow]"):
        assert f.csm_ratio(pd.Series([6, 7], dtype=dtype), 2).tolist() == [3, 4]


def test_results_are_plain_python_values() -> None:
    assert type(f.csm_ratio(5)) is float
    assert type(f.bcg_segment(0.1, 0.2)) is str
    assert type(f.csm_margin_guard(5, 1, 1)) is bool
    assert type(f.csm_outside([1, 2])) is float
    mixed = f.csm_ratio([5, None])
    assert type(mixed[0]) is float
    segments = f.bcg_segment([0.1, "x"], 0.2)
    assert type(segments[0]) is str


def test_numbers_beside_text_stay_numbers() -> None:
    result = f.csm_ratio(pd.Series([4e6, "x", None], dtype=object))
    assert result[0] == 2
    assert [cell.kind for cell in result[1:]] == ["#VALUE!", "#N/A"]
    assert f.csm_ratio([4e6, "8"])[1].kind == FaultKind.VALUE


def test_missing_values_of_pandas_are_blanks() -> None:
    counts = f.csm_ratio(pd.Series([4_000_000, None], dtype="Int64"))
    assert counts[0] == 2
    assert counts[1].kind == FaultKind.NA
    previous = pd.Series(["Cash Cow", None], dtype="str")
    assert f.bcg_segment(-0.01, 0.05, band=0.02, previous=previous).tolist() == [
        "Cash Cow",
        "Poor Dog",
    ]
    days = f.csm_hire_by(pd.to_datetime(pd.Series(["2026-09-01", None])), 1, 0)
    assert days[0] == 46_235
    assert days[1].kind == FaultKind.NA


def test_what_is_masked_is_blank() -> None:
    arr = np.ma.MaskedArray([4e6, 6e6], mask=[False, True])
    assert [str(cell) for cell in f.csm_ratio(arr)] == ["2.0", "#N/A: arr is empty; it is required"]
    assert f.csm_max_min(np.ma.MaskedArray([4, 2, 1], mask=[0, 0, 1])) == 2


def test_a_nan_among_numbers_is_impossible_not_missing() -> None:
    result = f.csm_ratio(pd.Series([4e6, np.nan]))
    assert result[1].kind == FaultKind.NUM


def test_flags_are_true_false_one_or_zero() -> None:
    flags = f.csm_ratio(3e6, in_arrears=[True, np.False_, 1, 0.0, None, "yes", 2])
    assert flags[:5].tolist() == [3, 2, 3, 2, 2]
    assert [cell.kind for cell in flags[5:]] == ["#VALUE!", "#VALUE!"]
    assert f.csm_ratio([3e6, 3e6], in_arrears=np.array([True, False])).tolist() == [3, 2]


def test_dates_of_every_make() -> None:
    for day in (
        dt.date(2026, 9, 1),
        dt.datetime(2026, 9, 1, 18, 30),
        np.datetime64("2026-09-01"),
        pd.Timestamp("2026-09-01", tz="Europe/Vienna"),
        46_266,
        46_266.75,
    ):
        assert f.csm_hire_by(day, 4.5, 3) == 46_023
        assert f.csm_hire_by([day], 4.5, 3)[0] == 46_023
    assert f.csm_hire_by(np.array(["2026-09-01", "NaT"], dtype="M8[ns]"), 1, 0)[0] == 46_235
    assert fault(f.csm_hire_by, dt.date(1899, 12, 31), 0, 0).kind == FaultKind.NUM
    assert fault(f.csm_hire_by, "2026-09-01", 0, 0).kind == FaultKind.VALUE


def test_shapes() -> None:
    assert f.csm_ratio([]).shape == (0,)
    assert f.csm_ratio(np.zeros((2, 0))).shape == (2, 0)
    assert f.csm_ratio(np.full((2, 3), 4e6)).shape == (2, 3)
    assert f.csm_ratio([[4e6, None], [-1, 2e6]])[1, 0].kind == FaultKind.NUM
    assert f.csm_ratio(np.asfortranarray(np.full((300, 300), 4e6))).sum() == 180_000
    ragged = f.csm_ratio([[1, 2], [3]])
    assert [cell.kind for cell in ragged] == ["#VALUE!", "#VALUE!"]
    raised = fault(f.csm_ratio, [1, 2, 3], [1, 2])
    assert raised.reason == "arr is 3, arr_per_csm is 2; ranges must be of equal size"


def test_long_columns_go_through_in_blocks_unchanged() -> None:
    arr = np.random.default_rng(0).uniform(0, 1e8, 50_000)
    arr[[7, 40_000]] = -1, np.nan
    result = f.csm_ratio(arr)
    bad = [position for position, cell in enumerate(result) if isinstance(cell, Fault)]
    assert bad == [7, 40_000]
    good = np.delete(arr, bad)
    assert np.delete(result, bad).astype(float).tolist() == np.ceil(good / 2e6).tolist()
    table = np.abs(np.nan_to_num(arr)).reshape(500, 100)
    assert f.csm_ratio(table).tolist() == f.csm_ratio(table.ravel()).reshape(500, 100).tolist()


def test_the_callers_arrays_stay_as_they_are() -> None:
    arr = np.array([1e6, -1, np.nan])
    before = arr.copy()
    result = f.csm_headroom(3, arr)
    np.testing.assert_array_equal(arr, before)
    assert not np.shares_memory(result, arr)


def test_a_result_that_is_no_number_is_num() -> None:
    assert fault(f.csm_ratio, 1e308, 1e-10).kind == FaultKind.NUM
    assert fault(f.csm_max_arr, 1e200, 1e200).kind == FaultKind.NUM
    assert f.csm_max_arr([1e200, 1], 1e200)[0].kind == FaultKind.NUM
    assert "too large" in fault(f.csm_loaded_cost, 1e308, 1e308).reason


def test_a_spilling_formula_takes_single_cells() -> None:
    raised = fault(f.csm_adbudg_fit, [0.8, 0.7], 0.9, 0.93, 0.96)
    assert raised.kind == FaultKind.VALUE
    assert raised.reason == "y0 is a range of 2 cells; give a single cell"
    row = f.csm_adbudg_fit([[0.8]], pd.Series([0.9]), np.array(0.93), 0.96)
    assert row.tolist() == f.csm_adbudg_fit(0.8, 0.9, 0.93, 0.96).tolist()


def test_messages_say_what_is_allowed_and_what_to_do() -> None:
    reasons = {
        fault(
            f.csm_grr, -5, 0, 0
        ).reason: "start is -5; start must be a finite number, more than 0",
        fault(f.csm_ltv, 1, 81, 0.1).reason: "gross_margin is 81; gross_margin must be a number, 0 "
        "or more and at most 1; write 81 % as 0.81",
        fault(f.bcg_threshold, [1], "mode").reason: 'method is "mode"; method must be one of '
        '"median", "mean", "weighted", "percentile"',
        fault(f.bcg_threshold, [1], "weighted").reason: 'method is "weighted", weights is empty; '
        "the weighted method needs weights",
    }
    for reason, expected in reasons.items():
        assert reason == expected
