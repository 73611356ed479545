import pytest

from csmcalc.io.cells.headers import understood
from csmcalc.io.naming.aliases import ALIASES, NOT_RECURRING, OWN_TURNOVER
from csmcalc.io.naming.contract_aliases import CONTRACT_ALIASES


@pytest.mark.parametrize(
    ("header", "key", "currency", "scale"),
    [
        ("ARR (USD)", "arr", "USD", 1),
        ("arr_usd", "arr", "USD", 1),
        ("USD ARR", "arr", "USD", 1),
        ("ARR €", "arr", "EUR", 1),
        ("ARR [kEUR]", "arr", "EUR", 1e3),
        ("ARR in TEUR", "arr", "EUR", 1e3),
        ("ARR (T€)", "arr", "EUR", 1e3),
        ("ARR in T€", "arr", "EUR", 1e3),
        ("ARR [T EUR]", "arr", "EUR", 1e3),
        ("ARR (tEUR)", "arr", "EUR", 1e3),
        ("ARR (t)", "arr", None, 1),
        ("ARR in €", "arr", "EUR", 1),
        ("ARR ($k)", "arr", "$", 1e3),
        ("ARR, $000s", "arr", "$", 1e3),
        ("ARR ($M)", "arr", "$", 1e6),
        ("ARR__c", "arr", None, 1),
        ("net_gbp", "net", "GBP", 1),
        ("Annual  Recurring-Revenue", "annualrecurringrevenue", None, 1),
        ("property_annualrevenue", "annualrevenue", None, 1),
        ("CustomerID", "customerid", None, 1),
        ("Währung", "wahrung", None, 1),
        ("USD", "usd", None, 1),
        ("", "", None, 1),
    ],
)
def test_units_and_dress_are_set_aside(header, key, currency, scale):
    header = understood(header)
    assert (header.key, header.currency, header.scale) == (key, currency, scale)


@pytest.mark.parametrize(
    ("header", "remark"),
    [
        ("ARR (target)", "target"),
        ("ARR (₹ Lakhs)", "lakhs"),
        ("ARR (converted, EUR)", ""),
        ("ARR (k€ per year)", ""),
        ("ARR", ""),
    ],
)
def test_what_in_brackets_is_no_unit_is_a_remark(header, remark):
    assert understood(header).remark == remark


def test_percent_is_noticed():
    assert understood("Gross margin %").percent
    assert understood("Growth (pct)").percent
    assert not understood("Growth").percent


@pytest.mark.parametrize("aliases", [ALIASES, CONTRACT_ALIASES])
def test_no_name_stands_for_two_fields(aliases):
    meanings = {}
    for field, ranks in aliases.items():
        for names in ranks:
            for name in names:
                assert meanings.setdefault(understood(name).key, field) == field, name
                assert understood(name).scale == 1, f"{name} reads as a unit"


def test_look_alikes_of_revenue_are_no_aliases():
    keys = {understood(name).key for ranks in ALIASES.values() for names in ranks for name in names}
    look_alikes = {understood(name).key for name in (*OWN_TURNOVER, *NOT_RECURRING)}
    assert not keys & look_alikes
