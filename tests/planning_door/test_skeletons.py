"""A formula is told by what does not move in it, soon where only references fill the gaps."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from csmcalc.planning.skeletons import alike, reported, stored

PIECES = (
    *("#", '"#"', "(", ")", ",", ":", "+", "A", "1", "SUM", "_xlfn.", " ", "TRUE()", "."),
    *(
        "B7",
        "$C$9",
        "Sheet.x!C5",
        "'It''s, one'!A1",
        "Customers[ARR]",
        "Customers[[#This Row],[ARR]]",
    ),
)
REPORTED = ("[ARR]", "[@ARR]", "Customers[ARR]", "{heads.before}", '"#"', *PIECES[2:14])


@given(st.lists(st.sampled_from(PIECES)), st.lists(st.sampled_from(REPORTED)))
@example(["SUM", "(", "B7", ")"], ["SUM", "(", "[ARR]", ")"])
@example(["SUM", "(", "B7", ",", "B7", ")"], ["SUM", "(", "[ARR]", ")"])
@example(["A", "B7"], ["A", "[ARR]"])
@example(["B7", "1"], ["[ARR]", "1"])
@example(["B7", "(", ")"], ["[ARR]", "(", ")"])
def test_the_quick_way_says_what_the_whole_one_says(file: list[str], report: list[str]) -> None:
    formula, wanted = "".join(file), "".join(report)
    assert alike(formula, wanted) == (stored(formula) == reported(wanted))


@pytest.mark.parametrize(
    ("formula", "same"),
    [
        ("IF(B7>0,SUM(Customers[ARR]),0)", True),
        ("IF(B7>0,SUM(Customers[ACV]),0)", True),
        ("IF(B7>0,SUM(Customers[ARR]),1)", False),
        ("IF(B7>0,SUM(Customers[ARR],C8),0)", False),
        ("IF(B7>0,SUM(Customers[ARR]),0)+1", False),
        ("123", False),
    ],
)
def test_a_formula_of_somebodys_own_is_none_of_ours(formula: str, same: bool) -> None:
    assert alike(formula, "IF([@Status]>0,SUM(Customers[ARR]),0)") is same
