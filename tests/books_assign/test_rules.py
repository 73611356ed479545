from __future__ import annotations

import re

import pandas as pd
import pytest

from csmcalc.errors import InputError
from csmcalc.portfolio.books.conditions import Condition, matching
from csmcalc.portfolio.books.rules import (
    Assign,
    Balance,
    KeepOwner,
    KeepShare,
    Limit,
    MonthlyRenewals,
    parse_rule,
    parse_rules,
)
from csmcalc.portfolio.books.whatif import csm_from
from tests.books_assign.teams import customers

READ = {
    "balance arr within 10%": Balance("balance arr within 10%", "arr", 0.1),
    "Balance workload within 7.5 per cent": Balance(
        "Balance workload within 7.5 per cent", "hours", 0.075
    ),
    "customers at most 60 per CSM": Limit("customers at most 60 per CSM", "customers", True, 60),
    "arr at least 500k per book": Limit("arr at least 500k per book", "arr", False, 500_000),
    "hours at most 90% of capacity": Limit(
        "hours at most 90% of capacity", "hours", True, 0.9, True
    ),
    "renewals per month at most 20% of a book": MonthlyRenewals(
        "renewals per month at most 20% of a book", 0.2
    ),
    "keep owner": KeepOwner("keep owner", ()),
    "keep owner for tier = strategic and arr > 50,000": KeepOwner(
        "keep owner for tier = strategic and arr > 50,000",
        (Condition("tier", "=", ("strategic",)), Condition("arr", ">", ("50,000",))),
    ),
    "keep at least 80% of arr with today's owner": KeepShare(
        "keep at least 80% of arr with today's owner", "arr", 0.8
    ),
    "keep 75% of customers": KeepShare("keep 75% of customers", "customers", 0.75),
    "assign region in EMEA, APAC to Ana, Ben": Assign(
        "assign region in EMEA, APAC to Ana, Ben",
        (Condition("region", "in", ("EMEA", "APAC")),),
        ("Ana", "Ben"),
    ),
    "pin A3 to Ana": Assign("pin A3 to Ana", (Condition("id", "=", ("A3",)),), ("Ana",)),
    'keep name = "Acme" from Ben': Assign(
        'keep name = "Acme" from Ben', (Condition("name", "=", ("Acme",)),), ("Ben",), True
    ),
}


@pytest.mark.parametrize("text", READ)
def test_a_rule_says_what_it_says(text: str) -> None:
    assert parse_rule(text) == READ[text]


REFUSED = {
    "balance ar within 10%": '"ar" is not known; did you mean "arr"',
    "balance within": 'write for example "balance arr within 10%"',
    "keep owner for teir = strategic": 'column "teir" is not known; did you mean "tier"',
    "keep owner for tier > 3": "tier is text and has no >",
    "keep owner for arr > lots": '"lots" is not a number',
    "keep at least 120% of arr": "write 0% to 100%",
    "keep 50% of hours": '"hours" is not known; known are arr, customers',
    "make everybody happy": "not understood; write for example",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_rule_that_is_not_understood_says_what_to_write(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_rule(text)
    assert REFUSED[text] in str(refused.value)
    assert "\n" not in str(refused.value)


def test_empty_lines_and_comments_are_no_rules() -> None:
    assert [rule.text for rule in parse_rules(["", " # later", " keep owner "])] == ["keep owner"]


def test_conditions_find_customers_whatever_the_spelling() -> None:
    frame = customers(6)
    rule = parse_rule("keep owner for tier = High-Touch and arr >= 3000")
    assert isinstance(rule, KeepOwner)
    expected = (frame["tier"] == "high touch") & (frame["arr"] >= 3000)
    assert matching(rule.text, rule.where, frame).tolist() == expected.tolist()


def test_a_condition_on_what_the_list_does_not_have_is_refused() -> None:
    rule = parse_rule("keep owner for tier = hih touch")
    assert isinstance(rule, KeepOwner)
    with pytest.raises(
        InputError, match='no customer has tier "hih touch"; did you mean "high touch"'
    ):
        matching(rule.text, rule.where, customers(6))
    with pytest.raises(InputError, match='no column "tier"'):
        matching(rule.text, rule.where, customers(6).drop(columns="tier"))


@pytest.mark.parametrize("number", ["1,5", "2.500.000", "1.2.3", "500.000", "1,23,456"])
def test_a_number_that_may_mean_another_is_not_guessed(number: str) -> None:
    with pytest.raises(InputError, match=re.escape(number)):
        parse_rule(f"arr at most {number} per CSM")


def test_names_with_commas_stand_in_quotes() -> None:
    rule = parse_rule('keep region = UK from "O\'Neil, Pat", Ben Carter')
    assert isinstance(rule, Assign)
    assert rule.csms == ("O'Neil, Pat", "Ben Carter")
    assert csm_from('"Wolf, Dana", ramp=0.4', 1000).name == "Wolf, Dana"


def test_a_word_is_not_compared_with_a_number() -> None:
    rule = parse_rule("keep owner for health > 50")
    assert isinstance(rule, KeepOwner)
    listed = pd.DataFrame({"id": ["A"], "name": ["A"], "health": ["green"]})
    with pytest.raises(InputError, match="health = green"):
        matching(rule.text, rule.where, listed)


QUOTED = {
    'keep owner for segment = "R and D" and arr > 5': ("R and D", "5"),
    'pin "Smith and Sons" to Ana': ("Smith and Sons",),
    'assign name = "Back to Work" to Ana': ("Back to Work",),
    'assign segment in "R and D", "Q > A" to "Miller to Go", Ben': ("R and D", "Q > A"),
    "keep name = \u201cA = B and from C\u201d from O\u2019Neil": ("A = B and from C",),
}


@pytest.mark.parametrize("text", QUOTED)
def test_what_stands_in_quotes_is_one_word(text: str) -> None:
    rule = parse_rule(text)
    assert isinstance(rule, Assign | KeepOwner)
    assert tuple(value for one in rule.where for value in one.values) == QUOTED[text]
    if isinstance(rule, Assign):
        assert rule.csms in {("Ana",), ("Miller to Go", "Ben"), ("O\u2019Neil",)}


JOINED = {
    "assign A3 and A4 to Ana": "write id in A3, A4",
    "assign region = AMER and region = EMEA to Ana": "write region in AMER, EMEA",
    "keep owner for segment = R and D": 'put a name with "and" in it in quotes',
    'keep owner for segment = "R and D': "a quotation mark is not closed",
}


@pytest.mark.parametrize("text", JOINED)
def test_an_and_that_can_hold_of_nobody_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_rule(text)
    assert JOINED[text] in str(refused.value)


def test_todays_owner_as_word_processors_write_it() -> None:
    rule = parse_rule("keep at least 80% of arr with today\u2019s owner")
    assert isinstance(rule, KeepShare)
    assert rule.share == 0.8
