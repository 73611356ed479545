"""Options are checked before any file is opened."""

import datetime as dt

import pytest

from csmcalc.errors import InputError
from csmcalc.io.options import ReadOptions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"decimal": "dot"}, '--decimal "dot": write "." or ","'),
        ({"decimal": ""}, '--decimal "": write "." or ","'),
        ({"date_order": "DMY"}, '--dates "DMY": write "dmy" or "mdy"'),
        ({"date_order": "ymd"}, '--dates "ymd": write "dmy" or "mdy"'),
        ({"deal_term_months": 0}, "--deal-term-months 0: a deal runs for at least 1 month"),
        ({"deal_term_months": -12}, "--deal-term-months -12: a deal"),
        (
            {"as_of": dt.date(1899, 12, 31)},
            "--as-of 1899-12-31: write a day from 1900-01-01 to 9999-12-31",
        ),
        ({"currency": "dollarz"}, '--currency "dollarz": no ISO code'),
    ],
)
def test_a_value_that_would_be_read_as_something_else(options, message):
    with pytest.raises(InputError) as caught:
        ReadOptions(**options)
    assert message in str(caught.value)


def test_columns_of_contracts_want_their_file(lists):
    question = lists.question("ID,ARR\n1,5\n", columns={"subscriptions.arr": "ARR"})
    assert "--column subscriptions.arr: is of the contracts" in question


@pytest.mark.parametrize("as_of", [dt.date(1900, 1, 1), dt.date(9999, 12, 31)])
def test_the_first_and_the_last_day(lists, as_of):
    content = "ID,ARR,Tenure,Renewal\n1,5,3,2026-01-01\n"
    assert lists.book(content, as_of=as_of).as_of == as_of
    contracts = "Account,Amount,Close date\n1,7,1900-01-01\n1,7,9999-06-01\n"
    book = lists.book("ID\n1\n", as_of=as_of, subscriptions=contracts)
    assert book.arr_in_file == 7


def test_a_term_beyond_all_dates(lists):
    contracts = "Account,Amount,Close date,Term\n1,7,2026-01-01,1e15\n2,7,2026-01-01,12000\n"
    book = lists.book("ID\n1\n2\n", subscriptions=contracts, deal_term_months=10**9)
    assert len(book.customers) == 2
