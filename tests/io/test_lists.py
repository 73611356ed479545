"""Real lists: what each gives, with the numbers stated in the SOURCE.md beside it."""

import datetime as dt

import pytest

from csmcalc.portfolio.book import Reason
from tests.io.conftest import FILES

LISTS = FILES / "lists"
TELCO = LISTS / "telco_ibm" / "Telco-Customer-Churn.csv"
RETAIL = LISTS / "online_retail_uci" / "customers_derived.csv"
SP500 = LISTS / "sp500_financials" / "constituents-financials.csv"
SALESFORCE = LISTS / "salesforce_shape"
HUBSPOT = LISTS / "hubspot_shape"
RAVENSTACK = LISTS / "ravenstack"


def counts(book):
    return book.excluded["reason"].value_counts().to_dict()


def test_telco(lists):
    book = lists.book(TELCO)
    assert len(book.customers) == 5174
    assert counts(book) == {Reason.CHURNED: 1869}
    assert book.arr_in_file == pytest.approx(5_473_399.2)
    assert book.customers["id"][0] == "7590-VHVEG"
    assert book.customers["arr"][0] == pytest.approx(12 * 29.85)
    assert str(book.customers["start"][0])[:10] == "2026-08-01"
    assert {"TotalCharges", "SeniorCitizen"} <= set(book.unused)


def test_online_retail(lists):
    question = lists.question(RETAIL)
    assert '"net_gbp" may or may not be recurring' in question
    told = {"arr": "net_gbp"}
    problems = lists.problems(RETAIL, columns=told)
    assert {(p.column, p.wrong) for p in problems} == {("net_gbp", "negative")}
    assert len(problems) == 41
    book = lists.book(RETAIL, columns=told, skip_bad_rows=True)
    assert book.currency == "GBP"
    assert len(book.customers) == 4372 - 41 - 14
    assert counts(book) == {Reason.BAD_ROW: 41, Reason.NO_REVENUE: 14}
    assert book.arr_in_file == pytest.approx(8_300_065.81)
    assert book.customers["id"][0] == "12347"
    assert str(book.customers["start"][0])[:10] == "2010-12-07"


def test_sp500(lists):
    assert "no column was recognised as recurring revenue" in lists.question(SP500)
    told = {"arr": "EBITDA", "category": "Sector"}
    problems = lists.problems(SP500, columns=told)
    assert sum(p.wrong == "negative" for p in problems) == 3
    assert sum(p.wrong == "no amount" for p in problems) == 43
    book = lists.book(SP500, columns=told, skip_bad_rows=True)
    assert book.customers["id"][0] == "MMM"
    assert book.customers["category"][0] == "Industrial Conglomerates"


def test_salesforce_shape(lists):
    question = lists.question(SALESFORCE / "sf_account_data.csv")
    assert '"annual_revenue" is not taken for it' in question
    assert "--subscriptions FILE" in question
    question = lists.question(
        SALESFORCE / "sf_account_data.csv",
        subscriptions=SALESFORCE / "sf_opportunity_data.csv",
        as_of=dt.date(2019, 4, 1),
    )
    assert "no account of it is in the list" in question
    told = {"arr": "annual_revenue"}
    assert "is left to plan for" in lists.question(
        SALESFORCE / "sf_account_data.csv", columns=told, skip_bad_rows=True
    )


def test_hubspot_shape(lists):
    question = lists.question(HUBSPOT / "company_data.csv")
    assert '"property_annualrevenue" is not taken for it' in question
    question = lists.question(HUBSPOT / "company_data.csv", subscriptions=HUBSPOT / "deal_data.csv")
    assert "no column says whose contracts they are" in question
    book = lists.book(HUBSPOT / "company_data.csv", columns={"arr": "property_annualrevenue"})
    assert len(book.customers) + len(book.excluded) == 24


def test_ravenstack(lists):
    accounts = RAVENSTACK / "ravenstack_accounts.csv"
    assert "--subscriptions FILE" in lists.question(accounts)
    book = lists.book(
        accounts,
        subscriptions=RAVENSTACK / "ravenstack_subscriptions.csv",
        as_of=dt.date(2024, 12, 31),
    )
    assert book.arr_in_file == 121_915_296
    assert counts(book) == {Reason.CHURNED: 110, Reason.TRIAL: 97 - 25}
    churned = book.excluded["reason"] == Reason.CHURNED
    assert book.excluded["arr"][churned].sum() == 24_877_836
    assert any("110 accounts are marked as churned" in note for note in book.notes)
    assert len(book.customers) == 500 - 110 - 72
    assert any("the prior ARR is what its contracts brought on 2023-12-31" in n for n in book.notes)
    prior = book.customers["prior_arr"].sum() + book.excluded["prior_arr"].sum()
    assert prior == 15_145_356
    earlier = lists.book(
        accounts,
        subscriptions=RAVENSTACK / "ravenstack_subscriptions.csv",
        as_of=dt.date(2024, 6, 30),
        skip_bad_rows=True,
    )
    assert earlier.arr_in_file == 46_000_860


def test_tickets_are_no_subscriptions(lists):
    question = lists.question(
        RAVENSTACK / "ravenstack_accounts.csv", subscriptions=RETAIL, as_of=dt.date(2024, 12, 31)
    )
    assert "no column holds their value" in question
