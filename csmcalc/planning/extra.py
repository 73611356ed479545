"""Columns that somebody added to Customers, filled from columns of the list with their headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.io.columns import column_named, typed_columns
from csmcalc.io.options import ReadOptions
from csmcalc.io.raw import RawTable


class ExtraColumns:
    """The columns of a list by heading, in any order of its rows."""

    def __init__(self, raw: RawTable, options: ReadOptions) -> None:
        """Take a list as it was read."""
        self._raw, self._options = raw, options

    def __call__(self, heading: str, rows: Sequence[int]) -> Any:
        """The values of a column for some rows; None where the list has no such column."""
        at = column_named(self._raw, heading)
        if at is None:
            return None
        header = self._raw.headers[at]
        cells = pd.DataFrame({0: self._raw.cells[at]})
        formats = {0: self._raw.formats[at]} if at in self._raw.formats else {}
        alone = replace(self._raw, headers=(header,), cells=cells, formats=formats)
        column = typed_columns(alone, self._options)[header]
        places = np.searchsorted(self._raw.rows, np.asarray(rows))
        return column.iloc[places].reset_index(drop=True)
