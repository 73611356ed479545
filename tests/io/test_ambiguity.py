"""What can be read in two ways is settled by the file, or asked; never guessed."""

import pytest


def arr(book):
    return book.customers["arr"].tolist()


@pytest.mark.parametrize("cells", [["1.234"], ["1.234", "999"], ["12.500", "3.100"], ["€1.234"]])
def test_groups_of_three_are_a_question(lists, cells):
    rows = "\n".join(f"{i},{cell}" for i, cell in enumerate(cells))
    question = lists.question(f"ID,ARR\n{rows}\n")
    assert "--decimal" in question
    assert f'"{cells[0]}" in column "ARR" (row 2)' in question
    assert question.index("--decimal ,") < question.index("--decimal .")


def test_the_users_word_settles_it(lists):
    content = "ID,ARR\n1,1.234\n"
    assert arr(lists.book(content, decimal=".")) == [1.234]
    assert arr(lists.book(content, decimal=",")) == [1234]
    assert lists.problems('ID,ARR\n1,"1,5"\n2,1.5\n', decimal=".")[0].value == "1,5"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('ID,ARR\n1,"1,234"\n2,"1,234.50"\n', [1234, 1234.5]),
        ("ID;ARR\n1;1.234\n2;1.234,50\n", [1234, 1234.5]),
        ("ID;ARR\n1;1.234\n2;12,5\n", [1234, 12.5]),
        ("ID,ARR\n1,1.234\n2,12.5\n", [1.234, 12.5]),
        ("ID;ARR\n1;1.234\n", [1234]),
        ('ID,ARR\n1,"1,234"\n', [1234]),
        ("ID\tARR\n1\t$1,234\n", [1234]),
        ("ID\tARR\n1\t1.234 €\n", [1234]),
        ("ID\tARR\tCAC\n1\t1,234\t12.50\n", [1234]),
        ("ID\tARR\n1\t1.234.567\n2\t1.234\n", [1234567, 1234]),
        ("ID\tARR\n1\t1 234\n", [1234]),
    ],
)
def test_settled_by_the_file(lists, content, expected):
    assert arr(lists.book(content)) == expected


@pytest.mark.parametrize(
    "content",
    [
        "ID;ARR\n1;1,234\n",
        "ID\tARR\n1\t1,234\n",
        "ID\tARR\n1\t$1.234\n",
        "ID\tARR\tCAC\n1\t1.234\t2.5\n",
    ],
)
def test_a_hint_never_makes_three_decimals_of_money(lists, content):
    assert "--decimal" in lists.question(content)


def test_a_column_of_both_styles(lists):
    content = "ID\tARR\n1\t1,234.50\n2\t1.234,50\n3\t1.234\n"
    problems = lists.problems(content)
    assert [(p.row, p.value) for p in problems] == [(4, "1.234")]
    assert "two ways" in problems[0].wrong


def test_days_and_months(lists):
    content = "ID,ARR,Start date\n1,5,03/04/2024\n2,5,{}\n"
    assert "--dates dmy" in lists.question(content.format("05/06/2024"))
    starts = lists.book(content.format("13/06/2024")).customers["start"]
    assert str(starts[0])[:10] == "2024-04-03"
    starts = lists.book(content.format("06/13/2024")).customers["start"]
    assert str(starts[0])[:10] == "2024-03-04"
    starts = lists.book(content.format("05/06/2024"), date_order="mdy").customers["start"]
    assert str(starts[0])[:10] == "2024-03-04"


def test_the_other_dates_of_the_file_settle_it(lists):
    book = lists.book("ID,ARR,Start date,Renewal\n1,5,03/04/2024,31/12/2026\n")
    assert str(book.customers["start"][0])[:10] == "2024-04-03"


def test_dates_of_both_orders(lists):
    content = "ID,ARR,Start date\n1,5,13/01/2024\n2,5,01/13/2024\n3,5,03/04/2024\n"
    assert "both kinds" in lists.question(content)
    assert lists.problems(content, date_order="dmy")[0].value == "01/13/2024"


def test_all_questions_of_a_file_at_once(lists):
    question = lists.question("ID,ARR,Start date\n1,1.234,03/04/2024\n")
    assert "--decimal" in question
    assert "--dates" in question


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Gross margin", ["12%", "81 %"], [0.12, 0.81]),
        ("Gross margin", ["0.12", "0.81"], [0.12, 0.81]),
        ("Gross margin", ["12", "81"], [0.12, 0.81]),
        ("Gross margin %", ["0.12", "0.81"], [0.12, 0.81]),
        ("Gross margin", ["12%", "0.81"], [0.12, 0.81]),
        ("Growth", ["12", "-25", "40"], [0.12, -0.25, 0.4]),
        ("Growth %", ["0.5", "12", "-3"], [0.005, 0.12, -0.03]),
        ("Growth", ["0.5", "0", "-0.3"], [0.5, 0, -0.3]),
        ("Growth", ["12.345%", "3%"], [0.12345, 0.03]),
    ],
)
def test_shares(lists, header, cells, expected):
    rows = "\n".join(f"{i},5,{cell}" for i, cell in enumerate(cells))
    book = lists.book(f"ID,ARR,{header}\n{rows}\n")
    field = "growth" if "Growth" in header else "gross_margin"
    assert book.customers[field].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("header", "cells"),
    [("Gross margin", ["0.81", "75"]), ("Growth", ["0.5", "12"]), ("Growth", ["1.2", "1.5", "2"])],
)
def test_percent_or_fraction_is_a_question(lists, header, cells):
    rows = "\n".join(f"{i},5,{cell}" for i, cell in enumerate(cells))
    assert "percent or fractions?" in lists.question(f"ID,ARR,{header}\n{rows}\n")
