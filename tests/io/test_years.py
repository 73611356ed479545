"""A year in the header tells today's ARR from the prior one, in the one clear case."""

import datetime as dt

import pytest

from csmcalc.io.naming.recognise import recognise
from tests.io.conftest import AS_OF

LATER = dt.date(2025, 12, 31)


def by_year(*headers, as_of=AS_OF, told=None):
    found = recognise("list.csv", ("Id", *headers), told or {}, as_of=as_of).by_field
    return tuple(found[field].title if field in found else None for field in ("arr", "prior_arr"))


@pytest.mark.parametrize("as_of", [AS_OF, LATER])
@pytest.mark.parametrize(
    ("latest", "before"),
    [
        ("ARR 2025", "ARR 2024"),
        ("2025 ARR", "2024 ARR"),
        ("arr_2025", "arr_2024"),
        ("ARR (2025)", "ARR (2024)"),
        ("ARR2025", "ARR2024"),
        ("ARR FY2025", "ARR FY 2024"),
        ("ARR 2025 (k€)", "ARR 2024 (k€)"),
        ("Annual Recurring Revenue 2025", "2024 annual recurring revenue"),
    ],
)
def test_adjacent_years(as_of, latest, before):
    assert by_year(latest, before, as_of=as_of) == (latest, before)
    assert by_year(before, latest, as_of=as_of) == (latest, before)


def test_earlier_years_are_not_used():
    assert by_year("ARR 2023", "ARR 2024", "ARR 2025") == ("ARR 2025", "ARR 2024")
    assert by_year("ARR (2023)", "ARR (2024)", "ARR (2025)") == ("ARR (2025)", "ARR (2024)")


@pytest.mark.parametrize(
    "headers",
    [
        ("ARR 2025",),
        ("ARR 2025", "ARR 2023"),
        ("ARR 2024", "ARR 2023"),
        ("ARR 2027", "ARR 2026"),
        ("ARR 2027", "ARR 2026", "ARR 2025"),
        ("ARR 2025", "Contracted ARR 2024"),
        ("ARR 2025 (USD)", "ARR 2024 (EUR)"),
        ("ARR 2025", "ARR 2024", "CARR 2025", "CARR 2024"),
        ("ARR 2025", "arr_2025", "ARR 2024"),
        ("ARR 2025", "ARR 2024", "arr_2024"),
        ("Revenue 2025", "Revenue 2024"),
        ("ARR 2025", "ARR 2024", "Prior ARR"),
        ("ARR 2024/2025", "ARR 2023/2024"),
    ],
)
def test_anything_else_still_asks(headers):
    assert by_year(*headers)[0] is None


def test_a_header_without_a_year_is_surer():
    assert by_year("ARR", "ARR 2025", "ARR 2024") == ("ARR", None)


def test_the_users_word_is_surer():
    assert by_year("ARR 2025", "ARR 2024", told={"arr": "ARR 2024"}) == ("ARR 2024", None)
    assert by_year("ARR 2025", "ARR 2024", told={"prior_arr": ""}) == (None, None)


def test_a_list_with_years(lists):
    content = "ID,ARR 2024 (k€),ARR 2025 (k€)\n1,4,5\n2,,6\n"
    book = lists.book(content)
    assert book.currency == "EUR"
    assert book.customers["arr"].tolist() == [5000, 6000]
    assert book.customers["prior_arr"].tolist()[0] == 4000
    assert {r.field: (r.header, r.how) for r in book.recognised} == {
        "id": ("ID", "by its header"),
        "arr": ("ARR 2025 (k€)", "by its year"),
        "prior_arr": ("ARR 2024 (k€)", "by its year"),
    }
    question = lists.question(content, as_of=dt.date(2027, 1, 1))
    assert "no column was recognised as recurring revenue" in question
