"""Names of bubbles: those that are shown lie on nothing, whatever the bubbles."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.reports.sheets.names import SIDES, Bubbled, Space, names_of

SPACE = Space(radius=(0.05, 0.12), letter=0.004, line=0.02, low=-0.06, high=1.06, right=1.2)


def bubbled(*bubbles: tuple[float, float, float, int]) -> Bubbled:
    x, y, root, letters = zip(*bubbles, strict=True)
    return Bubbled(*(np.array(one, float) for one in (x, y, root)), np.array(letters, np.int64))


def sides(*bubbles: tuple[float, float, float, int], lines: tuple[float, float]) -> list[str]:
    found = names_of(bubbled(*bubbles), lines, SPACE)
    chosen = zip(found.side, found.free, strict=True)
    return [SIDES[side - 1] if free else "" for side, free in chosen]


def test_a_name_stands_on_the_right_or_where_there_is_room() -> None:
    far = (0.02, 0.02)
    assert sides((0.5, 0.5, 0.5, 10), lines=far) == ["r"]
    assert sides((0.5, 0.5, 0.5, 10), lines=(0.57, 0.02)) == ["l"]
    assert sides((0.5, 0.5, 0.5, 10), lines=(0.02, 0.49)) == ["t"]
    assert sides((0.5, 0.5, 0.5, 10), lines=(0.02, 0.51)) == ["b"]
    assert sides((0.5, 0.5, 0.5, 10), (0.6, 0.5, 0.4, 10), lines=far) == ["l", "r"]
    assert sides((1.0, 0.5, 0.5, 40), lines=far) == ["l"]


def test_who_has_no_bubble_has_no_name_and_is_in_nobodys_way() -> None:
    assert sides((0.5, 0.5, 0.5, 10), (0.6, 0.5, 0.0, 10), lines=(0.02, 0.02)) == ["r", ""]


def test_a_name_that_lies_on_others_is_shown_where_it_may() -> None:
    around = ((0.58, 0.5), (0.42, 0.5), (0.5, 0.6), (0.5, 0.4))
    ring = [(x, y, 1.0, 10) for x, y in around]
    bubbles = bubbled((0.5, 0.5, 0.4, 10), *ring)
    assert names_of(bubbles, (0.02, 0.02), SPACE).side[0] == 0
    assert names_of(bubbles, (0.02, 0.02), SPACE, most=9).side[0] > 0


shares = st.floats(0, 1)
bubble = st.tuples(shares, shares, shares, st.integers(1, 27))


@given(st.lists(bubble, min_size=1, max_size=12), st.tuples(shares, shares))
def test_what_is_shown_lies_on_nothing(
    all_of: list[tuple[float, float, float, int]], lines: tuple[float, float]
) -> None:
    found = names_of(bubbled(*all_of), lines, SPACE)
    shown = [at for at in range(len(all_of)) if found.free[at]]
    boxes = {at: tuple(float(edge[at]) for edge in found.boxes) for at in shown}
    for at, (left, right, lower, upper) in boxes.items():
        assert SPACE.low <= lower <= upper <= SPACE.high
        assert SPACE.low <= left <= right <= SPACE.right
        assert not left < lines[0] < right
        assert not lower < lines[1] < upper
        for other, (x, y, root, _) in enumerate(all_of):
            if other == at or root == 0:
                continue
            across, up = SPACE.radius[0] * root, SPACE.radius[1] * root
            assert x + across <= left or x - across >= right or y + up <= lower or y - up >= upper
        for other in shown:
            a, b, c, d = boxes[other]
            assert other == at or a >= right or b <= left or c >= upper or d <= lower
