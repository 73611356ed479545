"""The data that one report puts into a table."""

from __future__ import annotations

from dataclasses import dataclass

from csmcalc.reports.template.columns import Column


@dataclass(frozen=True, slots=True)
class Bound:
    """The data of one table: a column of the template each, None where only a formula stands."""

    columns: tuple[Column | None, ...]
    count: int

    @property
    def rows(self) -> int:
        """Rows of the body: a table without data keeps one blank row, as Excel demands."""
        return max(self.count, 1)
