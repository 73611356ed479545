import io

import pandas as pd
import pytest

pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")


def parquet(frame):
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    return buffer.getvalue()


def test_parquet(lists):
    frame = pd.DataFrame(
        {
            "Account ID": pd.array([9007199254740993, 12, None], dtype="Int64"),
            "Name": ["Acme", "NA", "Gone"],
            "ARR": [100.5, 7.0, None],
            "Start date": pd.to_datetime(["2024-01-31", None, None], utc=True),
            "Churned": [False, False, True],
        }
    )
    content = parquet(frame)
    problems = lists.problems(content, name="list.parquet")
    assert [(p.row, p.column) for p in problems] == [(3, "Account ID")]
    book = lists.book(content, name="list.parquet", skip_bad_rows=True)
    assert book.customers["id"].tolist() == ["9007199254740993", "12"]
    assert book.customers["name"].tolist() == ["Acme", "NA"]
    assert str(book.customers["start"][0])[:10] == "2024-01-31"


def test_an_index_is_a_column(lists):
    frame = pd.DataFrame({"ARR": [5.0, 6.0], "seats": [1, 2]}, index=["a", "b"])
    frame.index.name = "Account ID"
    book = lists.book(parquet(frame), name="list.parquet")
    assert book.customers["id"].tolist() == ["a", "b"]
    assert book.unused == ("seats",)


def test_kinds_of_columns(lists):
    frame = pd.DataFrame(
        {
            "ID": pd.Categorical(["a", "b"]),
            "ARR": pd.array([5, 6], dtype="uint32"),
            "Active": [True, True],
            "tags": [["x"], ["y"]],
            "Name": ["Ac\x01me", None],
        }
    )
    book = lists.book(parquet(frame), name="list.parquet")
    assert book.customers["arr"].tolist() == [5, 6]
    assert book.customers["name"].tolist() == ["Ac me", "b"]


def test_nothing_in_it(lists):
    assert "is empty" in lists.question(parquet(pd.DataFrame()), name="list.parquet")
    empty = pd.DataFrame({"ID": [], "ARR": []})
    assert "no rows" in lists.question(parquet(empty), name="list.parquet")


def test_a_damaged_file(lists):
    assert "Parquet file is damaged" in lists.question(b"PAR1 and no more")
