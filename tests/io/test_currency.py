import pytest


@pytest.mark.parametrize(
    ("content", "currency"),
    [
        ("ID,ARR (EUR)\n1,5\n", "EUR"),
        ("ID,arr_gbp\n1,5\n", "GBP"),
        ("ID,ARR,Currency\n1,5,eur\n2,6,EUR\n", "EUR"),
        ("ID,ARR\n1,€5\n2,6\n", "EUR"),
        ("ID,ARR\n1,$5\n", "USD"),
        ("ID,ARR,Currency\n1,$5,CAD\n", "CAD"),
        ("ID,ARR\n1,CHF 5\n", "CHF"),
        ("ID,ARR\n1,5\n", "USD"),
    ],
)
def test_whatever_names_it(lists, content, currency):
    book = lists.book(content)
    assert book.currency == currency
    assert any("no currency is named" in note for note in book.notes) == (
        content == "ID,ARR\n1,5\n"
    )


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("ID,ARR\n1,€5\n2,6\n3,0\n", "1 row names no currency (row 3); counted as EUR"),
        ("ID,ARR,Currency\n1,5,EUR\n2,6,\n3,7,\n", "2 rows name no currency (row 3)"),
        ("ID,ARR (EUR)\n1,€5\n2,6\n", None),
        ("ID,ARR,Currency\n1,5,EUR\n2,€6,\n", None),
    ],
)
def test_rows_that_name_none_among_others(lists, content, note):
    notes = [one for one in lists.book(content).notes if "no currency" in one]
    assert len(notes) == (note is not None)
    assert all(note in one for one in notes)


def test_salesforce_reports_name_the_currency_beside_each_amount(lists):
    header = "Account Name,Annual Revenue Currency,ARR (converted) Currency,ARR (converted)"
    book = lists.book(f"{header},Account Currency\nAcme,USD,EUR,5,USD\nBolt,USD,EUR,7,USD\n")
    assert book.currency == "EUR"
    mixed = f"{header}\nAcme,USD,EUR,5\nBolt,USD,GBP,7\n"
    assert [(p.row, p.value) for p in lists.problems(mixed)] == [(3, "GBP")]
    deals = "Account Name,Amount Currency,Amount,Is Won\nAcme,GBP,5,yes\n"
    assert lists.book("Account Name\nAcme\n", subscriptions=deals).currency == "GBP"


def test_the_users_word(lists):
    assert lists.book("ID,ARR\n1,5\n", currency="eur").currency == "EUR"
    assert '--currency "quid": no ISO code' in lists.question("ID,ARR\n1,5\n", currency="quid")


@pytest.mark.parametrize(
    ("arr", "default", "currency", "noted"),
    [
        ("5", "EUR", "EUR", True),
        ("$5", "EUR", "USD", False),
        ("$5", "AUD", "AUD", False),
        ("kr 5", "NOK", "NOK", False),
        ("kr 5", "USD", "SEK", False),
        ("GBP 5", "EUR", "GBP", False),
    ],
)
def test_the_currency_of_the_settings(lists, arr, default, currency, noted):
    book = lists.book(f"ID,ARR\n1,{arr}\n", default_currency=default)
    assert book.currency == currency
    note = (
        f"the amounts count as {currency}, the currency of the settings (--currency names another)"
    )
    assert any(note in one for one in book.notes) == noted


def test_contracts_that_name_no_currency(lists):
    contracts = "Account ID,ARR\n1,5\n"
    book = lists.book("ID\n1\n", subscriptions=contracts, default_currency="EUR")
    assert book.currency == "EUR"
    assert any("contracts.csv: no currency is named" in note for note in book.notes)


@pytest.mark.parametrize(
    ("content", "bad"),
    [
        ("ID,ARR,Currency\n1,5,EUR\n2,6,USD\n3,7,EUR\n", [(3, "USD")]),
        ("ID,ARR\n1,€5\n2,$6\n3,€7\n", [(3, "$6")]),
        ("ID,ARR (USD),Currency\n1,5,EUR\n2,6,USD\n", [(2, "EUR")]),
        ("ID,ARR,Support cost\n1,€5,$2\n", [(2, "$2")]),
        ("ID,ARR,Currency\n1,5,EUR\n2,5,points\n", [(3, "points")]),
    ],
)
def test_a_second_currency_is_a_problem(lists, content, bad):
    assert [(p.row, p.value) for p in lists.problems(content)] == bad


def test_rows_without_an_amount_may_name_any(lists):
    book = lists.book("ID,ARR,Currency,Status\n1,5,EUR,active\n2,,USD,churned\n3,0,USD,active\n")
    assert book.currency == "EUR"


def test_amounts_in_another_currency_than_told(lists):
    assert [p.value for p in lists.problems("ID,ARR\n1,$5\n2,6\n", currency="EUR")] == ["$5"]
    assert lists.book("ID,ARR\n1,$5\n", currency="AUD").currency == "AUD"


def test_a_header_in_another_currency_is_a_question(lists):
    content = "ID,ARR (USD),Prior ARR (EUR)\n1,5,4\n"
    question = lists.question(content)
    assert '"Prior ARR (EUR)" names EUR in a list kept in USD' in question
    assert '--column prior_arr=""' in question
    assert "prior_arr" not in lists.book(content, columns={"prior_arr": ""}).customers
    told = lists.book(content, currency="USD")
    assert any("its amounts are read as USD" in note for note in told.notes)
    contracts = "Account ID,ARR (USD)\n1,5\n"
    assert "names EUR" in lists.question("ID,CAC (EUR)\n1,4\n", subscriptions=contracts)


@pytest.mark.parametrize("written", ["US Dollar", "USD - U.S. Dollar", "USD (US$)"])
def test_a_currency_by_its_name(lists, written):
    assert lists.book(f"ID,ARR,Currency\n1,5,{written}\n").currency == "USD"
