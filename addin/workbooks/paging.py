"""What fits on paper: how many lines a text takes, and where a new page begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csmcalc.reports import theme

_PAPER_WIDTH, _PAPER_HEIGHT = 842 - 2 * 36, 595 - 2 * 43.2
"""A4 on its side without its margins, in points."""


class Paper:
    """The pages of a sheet that is printed one page wide."""

    def __init__(self, widths: Sequence[float]) -> None:
        """Pages for columns of these widths."""
        self.widths = list(map(points, widths))
        scale = min(1.0, _PAPER_WIDTH / sum(self.widths))
        self.capacity = _PAPER_HEIGHT / scale
        self.breaks: list[int] = []
        self._used = 0.0
        self._begun = 1

    def block(self, first: int, end: int, heights: Mapping[int, float]) -> None:
        """Keep the rows from `first` up to `end` on one page."""
        if not self._used:
            self._used = _height(1, first, heights)
        needed = _height(first, end + 1, heights)
        if self._used + needed > self.capacity and first > self._begun:
            self.breaks.append(first - 1)
            # The title is repeated on every page.
            self._used, self._begun = heights.get(2, theme.ROW_HEIGHT), first
        self._used += needed

    def lines(self, text: str, first: int, last: int, size: float) -> int:
        """How many lines a text takes over some columns; a letter is about half as wide as high."""
        width = sum(self.widths[first - 1 : last]) * 0.95
        return max(1, -(-int(len(text) * size * 0.5) // int(width)))


def points(width: float) -> float:
    """The width of a column in points; Excel counts in digits of the body's font."""
    return 0.75 * (7 * width + 5)


def _height(first: int, end: int, heights: Mapping[int, float]) -> float:
    return sum(heights.get(row, 15.0) for row in range(first, end))
