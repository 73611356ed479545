"""Long lists: openpyxl lays out heading, first row, table and rules; `stamp` adds the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableFormula
from openpyxl.worksheet.worksheet import Worksheet

from csmcalc.reports import theme
from csmcalc.reports.dress import Wardrobe, colour_words, write_text
from csmcalc.reports.model import Cell, List, Look, Series, Unit
from csmcalc.reports.references import Place, References
from csmcalc.reports.validation import validation

_WIDEST, _NARROWEST = 62.0, 9.0


def draw_list(
    worksheet: Worksheet, place: Place, block: List, references: References, wardrobe: Wardrobe
) -> None:
    """Lay out a list; its rows are stamped in later, in the look of the first."""
    excel_table = ExcelTable(
        displayName=block.name, name=block.name, id=references.table_id(block.name)
    )
    letters = list(place.letters.values())
    excel_table.ref = f"{letters[0]}{place.header}:{letters[-1]}{place.last}"
    excel_table.autoFilter = AutoFilter(ref=excel_table.ref)
    for number, series in enumerate(block.series, start=1):
        letter = place.letters[series.heading]
        header = worksheet[f"{letter}{place.header}"]
        indented = number > 1
        heading = Cell(series.heading, unit=series.unit, look=Look.HEADER)
        wardrobe.dress(header, heading, indented=indented)
        write_text(header, series.heading)
        formula = None
        if series.formula is not None:
            formula = references.resolve(series.formula, worksheet.title, block.name, place.first)
        described = TableColumn(id=number, name=series.heading)
        if formula is not None:
            described.calculatedColumnFormula = TableFormula(attr_text=formula)
        excel_table.tableColumns.append(described)
        sample = worksheet[f"{letter}{place.first}"]
        wardrobe.dress(sample, Cell(None, unit=series.unit, look=series.look), indented=indented)
        sample.value = None if formula is None else f"={formula}"
        if worksheet.column_dimensions[letter].width == 13:
            worksheet.column_dimensions[letter].width = _width(series, wardrobe.currency)
        cells = place.column(series.heading, absolute=False)
        if series.coloured:
            colour_words(worksheet, cells, series.coloured)
        if series.allowed:
            source = series.allowed.choices_from
            choices = source and references.choices(source, worksheet.title)
            worksheet.add_data_validation(validation(cells, series.allowed, choices))
    worksheet.row_dimensions[place.header].height = theme.LIST_HEADER_HEIGHT
    worksheet.row_dimensions[place.first].height = theme.ROW_HEIGHT
    worksheet.add_table(excel_table)


def _width(series: Series, currency: str) -> float:
    """As wide as the longest of its values and of its heading's words need."""
    longest = max(len(word) for word in series.heading.split()) * 1.1 + 4
    if series.unit is Unit.TEXT:
        longest = max(longest, _longest_text(series.values) * 1.05 + 3)
    elif series.unit is Unit.DATE:
        longest = max(longest, 12)
    else:
        digits = len(f"{_largest(series.values):,.0f}") + len(theme.symbol(currency))
        longest = max(longest, digits + 4)
    return min(max(longest, _NARROWEST), _WIDEST)


def _longest_text(values: Any) -> int:
    texts = values.tolist() if hasattr(values, "tolist") else values
    return max((len(text) for text in texts if isinstance(text, str)), default=0)


def _largest(values: Any) -> float:
    """The largest number by its size; what is missing or text does not count."""
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(float, na_value=np.nan)
    sizes = np.abs(numbers[~np.isnan(numbers)])
    return float(sizes.max()) if len(sizes) else 0.0
