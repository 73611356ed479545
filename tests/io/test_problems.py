"""Problems by the hundred thousand: the first of a kind listed, all of them counted."""

import pytest

from csmcalc.errors import TableError
from csmcalc.io.problems import MOST_OF_A_KIND
from csmcalc.portfolio.book import Reason
from tests.io.conftest import read

ROWS = MOST_OF_A_KIND + 1234


def hopeless(rows):
    lines = (f"{i % 1000},-{i % 977 + 1},2031-01-{i % 28 + 1:02d}" for i in range(rows))
    return "ID,ARR,Start date\n" + "\n".join(lines) + "\n"


def test_the_first_of_a_kind_are_listed_and_all_counted(tmp_path):
    with pytest.raises(TableError) as caught:
        read(hopeless(ROWS), tmp_path)
    problems = caught.value.problems
    assert str(caught.value) == f"list.csv: {3 * ROWS - 1000:,} problems"
    more = [p for p in problems if p.row is None]
    assert [(p.column, p.wrong, p.count) for p in more] == [
        ("ID", "and 234 more of this kind: the same id as another row", 234),
        ("ARR", "and 1,234 more of this kind: negative", 1234),
        ("Start date", "and 1,234 more of this kind: after 2026-09-01, the day of the plan", 1234),
    ]
    assert problems[-3:] == tuple(more)
    assert len(problems) == 3 * MOST_OF_A_KIND + 3


def test_rows_whose_problem_is_not_listed_are_bad_all_the_same(lists):
    good = "A,5,2025-01-01\nB,-5,2025-01-01\n"
    book = lists.book(hopeless(ROWS) + good, skip_bad_rows=True)
    assert book.customers["id"].tolist() == ["A"]
    assert book.excluded["reason"].tolist() == [Reason.BAD_ROW] * (ROWS + 1)
    assert sum(problem.count for problem in book.problems) == 3 * ROWS - 1000 + 1


def test_contracts_whose_problem_is_not_listed_do_not_count(lists):
    contracts = "Account,ARR\nA,5\n" + "A,-1\n" * ROWS
    book = lists.book("ID\nA\n", subscriptions=contracts, skip_bad_rows=True)
    assert book.arr_in_file == 5


def test_rows_with_too_many_fields_are_counted(tmp_path):
    with pytest.raises(TableError, match=f"{ROWS:,} problems"):
        read("ID,ARR\n" + "1,5,6\n" * ROWS, tmp_path)


def test_cells_that_are_all_different_and_all_wrong_are_another_column(lists):
    content = "ID,ARR,Start date\n" + "".join(f"{i},x{i},soon{i}\n" for i in range(100_000))
    assert "no cell of column" in lists.question(content)


def test_numbers_no_list_can_mean_are_problems(lists):
    content = "ID,ARR,Complexity,MRR\n1,1e300,2,1\n2,5,1e308,1\n3,1e15,2,1\n4,12%,2,1\n"
    problems = lists.problems(content)
    assert [(p.row, p.column, p.value) for p in problems] == [
        (2, "ARR", "1e300"),
        (3, "Complexity", "1e308"),
        (5, "ARR", "12%"),
    ]
    assert "at most 1e15" in problems[0].remedy
    assert problems[2].wrong == "not an amount"


def test_rows_with_too_many_fields_are_among_those_left_out(lists):
    content = "ID,ARR,Start date\n1,5,2025-01-01\n2,7,2025-01-01,x\n3,9,2025-01-01\n"
    book = lists.book(content, skip_bad_rows=True)
    assert book.customers["id"].tolist() == ["1", "3"]
    assert book.excluded["row"].tolist() == [3]
    assert book.excluded["reason"].tolist() == [Reason.BAD_ROW]
    assert book.excluded[["id", "arr", "start"]].isna().to_numpy().all()
    assert book.arr_in_file == 14
