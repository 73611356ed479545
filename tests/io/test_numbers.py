import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.io.cells import numbers
from csmcalc.io.cells.numbers import decimal_sign, number_of, take_apart
from csmcalc.io.values.columns import number_column


def number(text, decimal="."):
    written = take_apart(text)
    return None if written is None else number_of(written, decimal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.5", 1234.5),
        ("$1,234.50", 1234.5),
        ("1'234.50", 1234.5),
        ("1’234.50", 1234.5),
        ("CHF 1'234.50", 1234.5),
        ("1 234.50", 1234.5),
        ("1\u00a0234.50", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("12,34,567.5", 1234567.5),
        ("(120)", -120),
        ("($1,234.50)", -1234.5),
        ("$(120)", -120),
        ("120-", -120),
        ("-$120", -120),
        ("$-120", -120),
        ("\u2212120", -120),
        ("\u2013120", -120),
        ("+120", 120),
        ("12%", 0.12),
        ("57 %", 0.57),
        ("-12.5%", -0.125),
        ("5k", 5000),
        ("USD 5k", 5000),
        ("5k USD", 5000),
        ("1.2M", 1.2e6),
        ("3 Mio €", 3e6),
        ("1.5 bn", 1.5e9),
        ("1.5e3", 1500),
        ("1E+05", 100000),
        (".5", 0.5),
        ("5.", 5),
        ("US$ 5", 5),
        ("$5 CAD", 5),
        ("12 euros", 12),
        ("$ -", 0),
        ("$ -   ", 0),
    ],
)
def test_written_by_people(text, expected):
    assert number(text) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.234,50 €", 1234.5), ("1 234,50", 1234.5), ("1.234.567", 1234567), ("12,5%", 0.125)],
)
def test_decimal_comma(text, expected):
    assert number(text, ",") == expected


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "$",
        "k",
        "5kk",
        "--5",
        "(-5)",
        "1 2 3",
        "10 00",
        "5 USD EUR",
        "1_000",
        "½",
        "1e400",
        "12 EUROPE",
        "5 apples",
        "0x10",
        "inf",
        "nan",
        "1.2.3",
        "1,2,3",
        "12:30",
        "9" * 65,
        "#N/A",
    ],
)
def test_no_numbers(text):
    assert number(text) is None


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("$5", "$"),
        ("5 €", "EUR"),
        ("GBP 5", "GBP"),
        ("$5 CAD", "CAD"),
        ("zł 5", "PLN"),
        ("5", None),
    ],
)
def test_currency_beside_the_number(text, currency):
    assert take_apart(text).currency == currency


@pytest.mark.parametrize(
    ("core", "sign"),
    [
        ("1,234.5", "."),
        ("1.234,5", ","),
        ("1.234.567", ","),
        ("1,234,567", "."),
        ("1234.567", "."),
        ("0.125", "."),
        ("12.5", "."),
        ("12,50", ","),
        ("1.234", "?"),
        ("123,456", "?"),
        ("1234", None),
    ],
)
def test_what_a_number_proves(core, sign):
    assert decimal_sign(core) == sign


STYLES = {
    "us": (lambda text: text, "."),
    "us money": (lambda text: f"${text}", "."),
    "german": (lambda text: text.translate(str.maketrans(",.", ".,")) + " €", ","),
    "french": (lambda text: text.translate(str.maketrans(",.", "\u202f,")) + "\u00a0€", ","),
    "swiss": (lambda text: "CHF " + text.replace(",", "'"), "."),
    "plain": (lambda text: text.replace(",", ""), "."),
}


@given(
    cents=st.integers(0, 10**13),
    style=st.sampled_from(sorted(STYLES)),
    sign=st.sampled_from(["", "-", "\u2212", "()", "trailing"]),
)
def test_any_style_gives_the_same_number(cents, style, sign):
    dress, decimal = STYLES[style]
    text = dress(f"{cents / 100:,.2f}")
    text = {"()": f"({text})", "trailing": f"{text}-"}.get(sign, sign + text)
    expected = -cents / 100 if sign else cents / 100
    assert number(text, decimal) == pytest.approx(expected, rel=1e-15)


@given(st.lists(st.floats(-1e12, 1e12).map(lambda x: round(x, 2)), min_size=1))
def test_machine_floats_in_a_column(floats):
    column = number_column(pd.Series([repr(x) for x in floats], dtype="str"))
    values, bad = column.settle(None if "?" in column.evidence else ".")
    open_ones = np.array([decimal_sign(repr(abs(x))) == "?" for x in floats])
    assert not bad[~open_ones].any()
    assert values[~open_ones].tolist() == [
        x for x, o in zip(floats, open_ones, strict=True) if not o
    ]


@given(st.text(max_size=40))
def test_any_text_is_a_finite_number_or_none(text):
    for decimal in ".,":
        value = number(text, decimal)
        assert value is None or math.isfinite(value)


def test_both_kinds_of_string_storage_agree():
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    texts = ["1.5", "$2", "", "x", "n/a", "1,234.5", "12%"]
    results = []
    for storage in ("python", "pyarrow"):
        column = number_column(pd.Series(texts, dtype=pd.StringDtype(storage, na_value=np.nan)))
        values, bad = column.settle(".")
        results.append((values.tolist(), bad.tolist(), column.blank.tolist(), column.evidence))
    assert str(results[0]) == str(results[1])


@pytest.mark.parametrize("other", ["", "x", "1_000", "nan", "inf"])
def test_a_column_of_plain_numbers_reads_as_one_with_others_among_them(other):
    texts = ["1", "-2.5", "1e3", "+4", ".5", "1.234", "12.0"]
    alone, _ = number_column(pd.Series(texts, dtype="str")).settle(".")
    mixed, bad = number_column(pd.Series([*texts, other], dtype="str")).settle(".")
    assert mixed[:-1].tolist() == alone.tolist() == [1, -2.5, 1000, 4, 0.5, 1.234, 12]
    assert np.isnan(mixed[-1])
    assert bad[-1] == (other not in ("", "nan"))


FRAMES = ["", "$", "-", "(", ")", "%", " €", "USD ", "k", " Mio.", ".", ",", "x", "-$", " -", "１"]


@given(
    st.sampled_from(FRAMES),
    st.from_regex("[0-9][0-9.,' ]{0,8}", fullmatch=True),
    st.sampled_from(FRAMES),
)
def test_the_frame_of_a_number_is_read_as_the_number_itself(before, digits, after):
    text = before + digits + after
    assert take_apart(text) == numbers._taken_apart(text)
