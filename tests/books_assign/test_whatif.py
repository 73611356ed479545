"""What if: a CSM leaves whom rules name, one joins as a line of text tells."""

from __future__ import annotations

import pytest

from csmcalc.errors import InputError
from csmcalc.portfolio.books.answers import moves, strangers
from csmcalc.portfolio.books.assign import assign
from csmcalc.portfolio.books.check import check
from csmcalc.portfolio.books.whatif import csm_from, held_without, joins, leaves
from tests.books_assign.teams import task

FULL = 1065.0


def test_rules_that_name_others_too_go_on_without_who_leaves() -> None:
    one = task(8, 1, ["assign A1 to Ana, Ben", "keep A2 from ana, Cleo"], room=3)
    found = assign(leaves(one, "Ana"), work=10)
    assert found.owner[1] == "Ben"
    assert found.owner[2] == "Ben"
    assert check(found.task, found.owner).violations == ()


def test_a_rule_that_keeps_from_who_leaves_holds_by_itself() -> None:
    one = task(8, 1, ["keep A2 from Ana", "customers at most 6 per CSM"])
    assert held_without(one, "ANA") == ["keep A2 from Ana"]
    assert [rule.text for rule in leaves(one, "ANA").rules] == ["customers at most 6 per CSM"]


def test_a_rule_that_gives_to_who_leaves_is_named() -> None:
    one = task(8, 1, ["assign A1 to Ana, Ben"])
    with pytest.raises(InputError, match='rule "assign A1 to Ana, Ben": Ben leaves'):
        leaves(leaves(one, "Ana"), "Ben")


def test_shares_are_read_as_in_lists() -> None:
    assert csm_from("Dana, ramp=40%", FULL).ramp == 0.4
    assert csm_from("Dana, fte=0.5, ramp=1", FULL).hours == FULL / 2


REFUSED = {
    "Dana, fte=2": "fte is 2; write a share from 0 to 1, or 0% to 100%; a pool",
    "Dana, fte=-1": "fte is -1; write a share",
    "Dana, ramp=140%": "ramp is 140%",
    "Dana, ramp=soon": "ramp is soon",
    "Dana, hours=1e300": "hours is 1e300; write a number of 0 or more, 1,000,000 at most",
    "Dana, hours=nan": "hours is nan",
    "Dana, hours=5%": "hours is 5%",
    "Dana, cost=-5": "cost is -5; write a number of 0 or more",
    "Dana, hours=1,000": "numbers without commas",
    "Dana, hours=5, hours=6": "hours stands twice",
    "hours=5": "write the name first",
    "": "write the name first",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_csm_who_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        csm_from(text, FULL)
    assert REFUSED[text] in str(refused.value)
    assert str(refused.value).startswith(f'"{text}"')


def test_customers_of_who_leaves_are_told_apart_from_owners_nobody_knows() -> None:
    one = leaves(task(12, 1, room=3), "Ana")
    assert "Ana" not in strangers(one)
    table = moves(assign(one, work=10))
    assert set(table.loc[table["from"] == "Ana", "reason"]) == {"Ana leaves"}
    with pytest.raises(InputError, match="Ana leaves, and nobody else who stays owns"):
        assign(leaves(task(12, 1, ["keep owner for owner = Ana"], room=3), "Ana"), work=10)


def test_a_new_csm_has_a_name_and_hours_of_their_own() -> None:
    with pytest.raises(InputError, match='"ana" is in the CSM list already'):
        joins(task(8, 1), csm_from("ana, hours=100", FULL))
    with pytest.raises(InputError, match="has no hours"):
        csm_from("Zoe, hours=0", FULL)
