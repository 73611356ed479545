"""Columns of any table: numbers, days and text as they are, names that look like numbers kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from csmcalc.errors import InputError
from csmcalc.io.columns import column_named, typed_columns
from csmcalc.io.files.tables import read_table
from csmcalc.io.options import ReadOptions


def columns(tmp_path: Path, text: str, **options: str) -> pd.DataFrame:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    chosen = ReadOptions(**options)  # type: ignore[arg-type]
    return typed_columns(read_table(path, chosen), chosen)


def test_columns_are_what_their_cells_are(tmp_path: Path) -> None:
    frame = columns(
        tmp_path,
        "Account,Amount,Share,Since,Code,Long\n"
        'A,"$1,234.50",12 %,2026-01-31,007,12345678901234567890\n'
        "B,-3,50 %,,042,1\n",
    )
    assert frame["Amount"].tolist() == [1234.5, -3.0]
    assert frame["Share"].tolist() == [0.12, 0.5]
    assert frame["Since"].iloc[0] == pd.Timestamp("2026-01-31")
    assert pd.isna(frame["Since"].iloc[1])
    assert frame["Code"].tolist() == ["007", "042"]
    assert frame["Long"].tolist() == ["12345678901234567890", "1"]


def test_a_word_among_numbers_makes_the_column_text(tmp_path: Path) -> None:
    frame = columns(tmp_path, "Account,Amount\nA,1\nB,none yet\nC,3\n")
    assert frame["Amount"].tolist() == ["1", "none yet", "3"]


def test_blank_numbers_are_missing(tmp_path: Path) -> None:
    frame = columns(tmp_path, "Account,Amount\nA,1.5\nB,\n")
    assert np.isnan(frame["Amount"].iloc[1])


def test_what_can_be_read_in_two_ways_is_asked(tmp_path: Path) -> None:
    text = "Account;Amount\nA;1.234\nB;2.345\n"
    assert columns(tmp_path, text, decimal=",")["Amount"].tolist() == [1234.0, 2345.0]
    assert columns(tmp_path, text, decimal=".")["Amount"].tolist() == [1.234, 2.345]
    with pytest.raises(InputError, match="--dates"):
        columns(tmp_path, "Account,Since\nA,03/04/2026\n")


def test_a_column_is_found_as_headings_are_compared(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Account,Sales_Rep,ARR\nA,Ann,1\n")
    raw = read_table(path, ReadOptions())
    assert column_named(raw, "sales rep") == 1
    assert column_named(raw, "Account ") == 0
    assert column_named(raw, "nobody") is None
