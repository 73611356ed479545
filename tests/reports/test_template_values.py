"""Values of any kind as cells hold them: text stays text, days show as days, nothing is lost."""

from __future__ import annotations

import datetime as dt
import decimal
import importlib
import io
import math
import re
import weakref
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from csmcalc.core.compiled import SWITCH
from csmcalc.errors import FaultKind, InputError
from csmcalc.reports.template import Template, columns, quick, rows
from csmcalc.reports.template.cells import Look
from csmcalc.reports.template.rows import Body, BodyColumn, Others, strips, written_rows
from tests.reports.templates import (
    FIRST,
    HEADER,
    PLAIN,
    accounts,
    opened,
    parts,
    template,
    workbook,
)

SHEET = "Customers & Co"

DAY, NOON = dt.datetime(2026, 9, 1), dt.datetime(2026, 9, 1, 12)
ODD = [
    None, float("nan"), pd.NA, pd.NaT, np.nan, "", " lead", "trail ", "a\nb", "a\tb", "a\rb",
    "=1+1", "+1", "-1", "@x", "\x00\x1f", "_x0041_", "\ufffe", "\ud800", "x" * 40_000, "🎉", "é",
    True, np.True_, 0, -0.0, 1e300, 5e-324, 10**20, 10**400, np.int64(7), np.float32(0.5),
    dt.date(2026, 9, 1), dt.datetime(2026, 9, 1, 12), pd.Timestamp("2026-09-01"), dt.time(6),
    dt.timedelta(hours=36), math.inf, -math.inf, "<&>", np.datetime64("2026-09-01"),
]  # fmt: skip
READ = [
    None, None, None, None, None, None, " lead", "trail ", "a\nb", "a\tb", "a\rb",
    "=1+1", "+1", "-1", "@x", "\ufffd\ufffd", "_x0041_", "\ufffd", "\ufffd", "x" * 32_767, "🎉",
    "é",
    True, True, 0, 0, 1e300, 5e-324, 1e20, str(10**400), 7, 0.5,
    DAY, NOON, DAY, dt.time(6), dt.timedelta(hours=36), "#NUM!", "#NUM!", "<&>", DAY,
]  # fmt: skip


def read_back(values: Any) -> list[Any]:
    sheet = opened(PLAIN.stamp({"T": {"V": values}})).active
    return [sheet.cell(row, 1).value for row in range(2, len(values) + 2)]


def test_odd_values_come_back_as_what_they_are() -> None:
    read = [_spelled_out(value) for value in read_back(ODD)]
    assert read == READ
    for value, expected in zip(ODD, READ, strict=True):
        alone = read_back([value])[0]
        assert _spelled_out(alone) == expected, repr(value)[:50]


def _spelled_out(value: Any) -> Any:
    """Excel's codes for characters are not read by openpyxl."""
    if isinstance(value, str):
        return re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), value)
    return value


def test_text_like_a_formula_keeps_its_mark() -> None:
    sheet = opened(
        PLAIN.stamp({"T": {"V": ["=cmd|' /C calc'!A0", "plain", "+1", "-x", "@y"]}})
    ).active
    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [cell.data_type for cell in cells] == ["s"] * 5
    assert [bool(cell.quotePrefix) for cell in cells] == [True, False, True, True, True]
    assert not any(cell.hyperlink for cell in cells)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")),
)


@given(st.lists(VALUES, min_size=1, max_size=12))
@settings(deadline=None, max_examples=150)
def test_any_values_come_back(values: list[Any]) -> None:
    assert [_spelled_out(v) for v in read_back(values)] == [None if v == "" else v for v in values]


@given(
    st.one_of(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1),
        st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1),
        st.lists(st.integers(-(2**53), 2**53), min_size=1),
        st.lists(st.booleans(), min_size=1),
    )
)
@settings(deadline=None, max_examples=150)
def test_whole_columns_say_the_same_as_values_one_by_one(values: list[Any]) -> None:
    """The quick way of a column of one kind, against the careful one that a blank brings about."""
    together = read_back(values)
    assert together == read_back([*values, None])[:-1]
    made = pd.Series(values).to_numpy() if not isinstance(values[0], str) else pd.Series(values)
    assert read_back(made) == together


def test_frames_of_any_kind_are_read() -> None:
    days = pd.to_datetime(["2026-09-01", None, "1900-01-31 12:00"], format="ISO8601")
    for values, expected in [
        (pd.Series([1, None, 3], dtype="Int64"), [1, None, 3]),
        (pd.Series([1, 2], dtype="Int32"), [1, 2]),
        (pd.Series([True, None], dtype="boolean"), [True, None]),
        (pd.Series(["a", None], dtype="string"), ["a", None]),
        (pd.Series(["a", "b", "a"], dtype="category"), ["a", "b", "a"]),
        (pd.Series(days), [DAY, None, dt.datetime(1900, 1, 31, 12)]),
        (pd.Series(days.tz_localize("UTC")), [DAY, None, dt.datetime(1900, 1, 31, 12)]),
        (np.array([36], dtype="timedelta64[h]"), [dt.timedelta(hours=36)]),
        (pd.Series([1.5, None], dtype="double[pyarrow]"), [1.5, None]),
        (np.array([1.5], dtype=np.longdouble), [1.5]),
        (np.array([1.5, np.inf]), [1.5, "#NUM!"]),
        (range(3), [0, 1, 2]),
        (np.array([2**63, 2**63 + 1], dtype=np.uint64), [str(2**63), str(2**63 + 1)]),
        (np.array([-(2**63), 2**62, 10**17, 1]), [str(-(2**63)), str(2**62), 10**17, 1]),
    ]:
        assert read_back(values) == expected, values


def test_sums_leave_out_whole_numbers_that_became_text() -> None:
    for values in (np.array([-(2**63), 5, 7]), np.array([2**63, 5, 7], dtype=np.uint64)):
        assert columns.Column(values).numbers().tolist() == [5, 7]


@pytest.mark.parametrize("first", [2, 990, 1000, 998_999, 999_999])
def test_row_numbers_are_right_across_thousands(first: int) -> None:
    look, count = Look.fixed(""), 2100
    body = Body(first, "", (BodyColumn(0, "A", look, ("B", 0)), BodyColumn(1, "B", look)))
    made = strips([(body, [None, columns.Column([1.0] * count)], count)])
    text = b"".join(written_rows(made, {})).decode()
    rows = re.findall(r'<row r="(\d+)"><c r="A(\d+)"><f>B(\d+)</f></c><c r="B(\d+)">', text)
    assert [set(row) for row in rows] == [{str(first + n)} for n in range(count)]


def test_rows_are_the_same_however_many_are_joined_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    look, count = Look.fixed(""), 2_100
    body = Body(2, "", (BodyColumn(1, "B", look), BodyColumn(3, "D", look, ("B", 0, "*2"))))
    data = (
        columns.Column([f"n{n}" for n in range(count)]),
        columns.Column([n / 4 for n in range(count)]),
    )
    made = strips([(body, data, count)])
    cells = [(0, "<c/>"), (2, "<d/>"), (4, "<e/>")]
    others = {row: Others("", cells) for row in (*range(2, 9), 40, 2_001, 2_002, 2_101)}
    at_once = b"".join(written_rows(made, others))
    for few in (1, 20, 33):
        monkeypatch.setattr(rows, "_JOINED", few)
        assert b"".join(written_rows(made, others)) == at_once
    row = '<row r="40"><c/><c r="B40" t="str"><v>n38</v></c><d/>'
    assert f'{row}<c r="D40"><f>B40*2</f><v>9.5</v></c><e/></row>'.encode() in at_once


def test_readers_agree() -> None:
    """openpyxl, pandas, calamine and polars; LibreOffice in tests/engines."""
    polars = pytest.importorskip("polars")
    pytest.importorskip("fastexcel")
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(300)]
    given = {**accounts(300), "Start": days, "Half": [0.5] * 300, "Next": [1.0] * 300}
    stream = io.BytesIO(template(totals=False).stamp({"Accounts": given}))
    calamine = CalamineWorkbook.from_filelike(stream).get_sheet_by_name(SHEET)
    quick = list(zip(*calamine.to_python()[FIRST - 1 :], strict=True))
    sheet = opened(stream.getvalue(), values=True)[SHEET]
    told = {"sheet_name": SHEET, "engine": "calamine"}
    pandas_s = pd.read_excel(stream, header=HEADER - 1, **told)
    polars_s = polars.read_excel(stream, read_options={"header_row": HEADER - 1}, **told)
    for position, (heading, values) in enumerate(given.items()):
        read = [
            [sheet.cell(FIRST + n, position + 1).value for n in range(300)],
            list(quick[position]),
            pandas_s[heading].to_list(),
            polars_s[heading].to_list(),
        ]
        if heading == "Start":
            read = [
                [day.date() if isinstance(day, dt.datetime) else day for day in r] for r in read
            ]
        assert read == [values] * 4, heading


def test_faults_among_texts_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    for switch in ("0", "1"):
        monkeypatch.setenv(SWITCH, switch)
        content = PLAIN.stamp({"T": {"V": ["a", FaultKind.NA, "#N/A"]}})
        sheet = opened(content).active
        assert [sheet[f"A{row}"].data_type for row in (2, 3, 4)] == ["s", "e", "s"]


# --- numbers and days ------------------------------------------------------------------------


def test_whole_numbers_that_a_cell_cannot_tell_apart_are_text() -> None:
    exact, not_exact = 2**53, 2**53 + 1
    for values in ([exact, not_exact], np.array([exact, not_exact]), [exact, None, not_exact]):
        read = [value for value in read_back(values) if value is not None]
        assert read == [exact, str(not_exact)]


def test_odd_decimals_are_numbers_or_blanks() -> None:
    values = [decimal.Decimal(text) for text in ("1.10", "NaN", "sNaN", "-Infinity", "1e400")]
    assert read_back(values) == [1.1, None, None, "#NUM!", "#NUM!"]


def test_days_before_the_first_of_excel_are_text() -> None:
    early, day = dt.date(1850, 1, 31), dt.date(1900, 1, 1)
    expected = ["1850-01-31", dt.datetime(1900, 1, 1)]
    assert read_back([early, day]) == expected
    assert read_back([early, day, "x"])[:2] == expected
    assert read_back(pd.Series(pd.to_datetime([early, day]))) == expected
    moments = [dt.datetime(1850, 1, 31, 12), dt.datetime(1900, 1, 1)]
    assert read_back(moments) == ["1850-01-31 12:00:00", expected[1]]
    far = np.array(["12026-01-01", "NaT"], dtype="datetime64[D]")
    assert read_back(far) == ["12026-01-01", None]


def test_days_in_a_workbook_that_counts_from_1904() -> None:
    book = plain_workbook()
    book.epoch = dt.datetime(1904, 1, 1)
    made, day = template(book), dt.date(2026, 9, 1)
    for values in ([day, dt.date(1903, 12, 31)], [day, "x"]):
        sheet = opened(made.stamp({"T": {"V": values}})).active
        assert sheet["A2"].value == dt.datetime(2026, 9, 1)
    assert (
        opened(made.stamp({"T": {"V": [dt.date(1903, 12, 31)]}})).active["A2"].value == "1903-12-31"
    )


def plain_workbook(number_format: str = "General") -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.append(["V"])
    sheet.append([None])
    sheet["A2"].number_format = number_format
    sheet.add_table(Table(displayName="T", ref="A1:A2"))
    return book


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([dt.date(2026, 9, 1)], "mm-dd-yy"),
        ([dt.datetime(2026, 9, 1), dt.datetime(2026, 9, 2, 12)], "m/d/yy h:mm"),
        ([dt.time(12)], "h:mm:ss"),
        ([dt.timedelta(hours=30)], "[h]:mm:ss"),
        ([46266.0], "General"),
    ],
)
def test_days_show_as_days_where_the_template_has_no_format(values: list[Any], shown: str) -> None:
    """openpyxl names two of Excel's own formats as an American sees them."""
    for mixed in ([], ["text"]):
        made = template(plain_workbook()).stamp({"T": {"V": [*values, *mixed]}})
        assert opened(made).active["A2"].number_format in (shown, "mm-dd-yy")
    own = template(plain_workbook("0.0")).stamp({"T": {"V": values}})
    assert opened(own).active["A2"].number_format == "0.0"
    book = workbook()
    named = template(book).stamp(names={"empty_cell": values[0]})
    assert opened(named)["Summary"]["D9"].number_format in (shown, "mm-dd-yy")


# --- text ------------------------------------------------------------------------------------


def test_text_is_cut_as_excel_counts_characters() -> None:
    for values in (["🎉" * 20_000], ["🎉" * 20_000, None], ["x" + "🎉" * 20_000]):
        text = read_back(values)[0]
        assert len(text.encode("utf-16-le")) // 2 in (32_766, 32_767)
        assert text in values[0]
    assert read_back(["🎉" * 16_383]) == ["🎉" * 16_383]


# --- what holds the values -------------------------------------------------------------------


def test_frames_of_polars_are_read() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame({"V": ["a", None, "=1"]})
    sheet = opened(PLAIN.stamp({"T": frame})).active
    assert [sheet[f"A{row}"].value for row in (2, 3, 4)] == ["a", None, "=1"]
    assert read_back(polars.Series([1, None])) == [1, None]
    assert read_back(polars.Series([dt.date(2026, 9, 1), None])) == [DAY, None]


TWICE = pd.DataFrame([[1, 2]], columns=["V", "V"])["V"]


@pytest.mark.parametrize("values", [5, np.zeros((2, 2)), None, "abc", {"a": 1}, TWICE])
def test_what_is_no_column_is_told(values: Any) -> None:
    with pytest.raises(InputError, match="column 'V' is no list of values"):
        PLAIN.stamp({"T": {"V": values}})


def test_sums_beyond_all_numbers_are_left_to_excel() -> None:
    made: Template = template()
    content = made.stamp({"Accounts": {**accounts(2), "ARR": [1e308, 1e308]}})
    assert opened(content, values=True)[SHEET]["C8"].value is None
    assert b"SUBTOTAL(109,Accounts[ARR])</f></c>" in parts(content)["xl/worksheets/sheet2.xml"]


# --- the compiled way ------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.floats(),
    st.floats(-1e6, 1e6).map(lambda number: round(number, 2)),
    st.integers(-(2**54), 2**54),
    st.sampled_from([-0.0, 0.00005, 1e15, 1e16, 123456789012345.6, 0.1 + 0.2, 5e-324, 1e22]),
)
COLUMNS = st.one_of(
    st.lists(NUMBERS, min_size=1),
    st.lists(st.floats(-1e6, 1e6).map(lambda number: round(number, 2)), min_size=1),
    st.lists(st.text(), min_size=1),
    st.lists(
        st.sampled_from(["a", "<b>", "&", "x ", " x", "=1", "_x0041_", "\x00", ""]), min_size=1
    ),
    st.lists(st.one_of(VALUES, NUMBERS, st.text()), min_size=1),
)


@given(COLUMNS)
@settings(deadline=None, max_examples=300)
def test_compiled_loops_write_the_same_bytes(values: list[Any]) -> None:
    pytest.importorskip("numba")
    data = {"V": values}
    arrays = [pd.Series(values).to_numpy()] if not isinstance(values[0], str) else []
    for column in (values, *arrays):
        data = {"T": {"V": column}}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(SWITCH, "0")
            plain = parts(PLAIN.stamp(data))
            patch.setenv(SWITCH, "1")
            assert parts(PLAIN.stamp(data)) == plain


def test_compiled_loops_write_formulas_totals_and_neighbours_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba")
    made = template(workbook(rows=3))
    halves = {"Half": [0.25, "none", None] * 1500, "Next": ["=x", "y ", ""] * 1500}
    for data in ({}, halves):
        for count in (1, 2, 4500):
            cut = {heading: column[:count] for heading, column in data.items()}
            monkeypatch.setenv(SWITCH, "0")
            plain = parts(made.stamp({"Accounts": {**accounts(count), **cut}}))
            monkeypatch.setenv(SWITCH, "1")
            assert parts(made.stamp({"Accounts": {**accounts(count), **cut}})) == plain


def test_compiled_loops_keep_no_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are kept from report to report, what filled them is not."""
    pytest.importorskip("numba")
    monkeypatch.setenv(SWITCH, "1")
    values = np.arange(2000.0)
    kept = weakref.ref(values)
    PLAIN.stamp({"T": {"V": values}})
    del values
    assert kept() is None


def test_the_compiled_way_is_taken_from_many_cells_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.delenv(SWITCH, raising=False)
    monkeypatch.setattr(quick, "_loaded", {})
    assert quick.quick_rows(quick.WORTH_IT - 1) is None
    assert quick.quick_rows(quick.WORTH_IT) is not None
    assert quick.quick_rows(1) is not None, "once loaded it is quicker for any table"
    monkeypatch.setenv(SWITCH, "0")
    assert quick.quick_rows(quick.WORTH_IT) is None
    monkeypatch.setattr(quick, "_loaded", {})
    importlib.reload(importlib.import_module("csmcalc.reports.template.loaded"))
    assert set(quick._loaded) >= {"scan", "write"}, "the server of a batch has them ready"
