"""Books: a row per CSM, renewals by month, and the loads that charts and Summary are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from csmcalc.io.phrases import counted
from csmcalc.portfolio.books.model import MONTHS
from csmcalc.portfolio.books.weights import RENEWAL_SHARE
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.reports import theme
from csmcalc.reports.model import Cell, Column, Look, Pairs, Ranks, Sheet, Table, Unit
from csmcalc.reports.page import FIRST_COLUMN, Page
from csmcalc.reports.sheets.books.shown import Load, Shown

_WIDTHS = tuple(11.5 for _ in range(18))
DATA_COLUMN = 22
MOST_NAMED = 30
"""CSMs whose bars can be told apart; more are drawn from the least to the most loaded."""

_ON_ONE_PAGE = 15
_ROWS_OF_CHART = 15
_SECOND_CHART = 11


def books_sheet(shown: Shown) -> Sheet:
    """The sheet of all books."""
    page = Page("Books", (2, shown.name_width, *_WIDTHS))
    row = page.head(
        "What does each CSM own?",
        f"{counted(len(shown.books), 'CSM')} · amounts in {shown.currency}, hours a year · of "
        "target: the CSM's part of what all who may serve these customers carry, by hours at "
        "today's ramp",
    )
    row = page.table(row, _books(shown)) + 1
    if shown.months.any():
        row = page.section(row, "ARR that renews in each calendar month")
        row = page.table(row, _renewals(shown)) + 1
    row = _charts(page, shown, row)
    page.section(4, "Loads of a mean book, as drawn", DATA_COLUMN)
    page.table(5, loads_table(shown), DATA_COLUMN)
    few = len(shown.books) <= _ON_ONE_PAGE
    return page.sheet(
        printed=(row, len(page.widths)), one_page=few, frozen=(5, FIRST_COLUMN), repeated_row=5
    )


# --- the books -------------------------------------------------------------------------------


def _sum(shown: Shown, column: str, *more: str) -> str:
    pairs = ",".join(("Customers[CSM]", shown.criterion("[@CSM]"), *more))
    return f"SUMIFS(Customers[{column}],{pairs})" if column else f"COUNTIFS({pairs})"


def _books(shown: Shown) -> Table:
    columns = tuple(_columns(shown))
    data = list(zip(*(list(cells) for _, cells in columns), strict=True))
    headings = tuple(column for column, _ in columns)
    total = tuple(_total(headings, shown))
    return Table("Books", headings, tuple(data), total)


_ADDED = {"Customers", "ARR", "Hours", "Capacity", "Risk", "New", "Leaving", *SEGMENTS, NO_VERDICT}


def _total(headings: tuple[Column, ...], shown: Shown) -> Iterator[Cell]:
    books = shown.books
    values = {
        "Customers": books["customers"].sum(),
        "ARR": books["arr"].sum(),
        "Hours": books["hours"].sum(),
        "Capacity": books["capacity"].sum(),
        "Risk": books["risk"].sum() if "risk" in books else 0.0,
        "New": _moved(shown, shown.now).sum(),
        "Leaving": _moved(shown, shown.task.today).sum(),
        **{name: _in_segment(shown, name).sum() for name in (*SEGMENTS, NO_VERDICT)},
    }
    for heading in headings:
        if heading.heading == "CSM":
            yield Cell("Total", look=Look.TOTAL)
        elif heading.heading in _ADDED:
            value = float(values[heading.heading])
            yield Cell(value, f"SUM([{heading.heading}])", heading.unit, Look.TOTAL)
        elif heading.heading == "Utilisation":
            capacity = float(values["Capacity"])
            value = float(values["Hours"]) / capacity if capacity else 0.0
            formula = "IF(SUM([Capacity])>0,SUM([Hours])/SUM([Capacity]),0)"
            yield Cell(value, formula, heading.unit, Look.TOTAL)
        else:
            yield Cell(None, look=Look.TOTAL)


def _columns(shown: Shown) -> Iterator[tuple[Column, Iterator[Cell]]]:
    books = shown.books
    yield (
        Column("CSM"),
        (Cell(name, look=Look.STRONG) for name in books["csm"]),
    )
    yield _live("Customers", Unit.COUNT, books["customers"], _sum(shown, ""))
    yield _live("ARR", Unit.MONEY, books["arr"], _sum(shown, "ARR"))
    yield from _of_target(shown, "arr", "ARR")
    yield _live("Hours", Unit.COUNT, books["hours"], _sum(shown, "Hours"))
    yield (
        Column("Capacity", Unit.COUNT),
        (Cell(float(hours), unit=Unit.COUNT) for hours in books["capacity"]),
    )
    used = "IF([@Capacity]>0,[@Hours]/[@Capacity],0)"
    yield _live("Utilisation", Unit.PERCENT, books["utilisation"].fillna(0.0), used)
    yield from _of_target(shown, "hours", "Hours")
    for load in shown.loads:
        if load.name == "risk":
            yield _live("Risk", load.unit, books["risk"], _sum(shown, "Risk"))
    if shown.has_owners:
        yield from _hands(shown)
    if shown.made.plan.has_growth:
        for name in (*SEGMENTS, NO_VERDICT):
            counts = _in_segment(shown, name)
            if name != NO_VERDICT or counts.any():
                formula = _sum(shown, "", "Customers[Segment]", f'"{name}"')
                yield _live(name, Unit.COUNT, counts, formula)


def _live(heading: str, unit: Unit, values: Any, formula: str) -> tuple[Column, Iterator[Cell]]:
    return Column(heading, unit), (Cell(float(v), formula, unit) for v in values)


def _of_target(shown: Shown, name: str, kind: str) -> Iterator[tuple[Column, Iterator[Cell]]]:
    """The target, which the engine worked out, and the load as a share of it."""
    targets = shown.made.assigned.targets[name]
    unit = Unit.MONEY if name == "arr" else Unit.COUNT
    yield Column(f"{kind} target", unit), (Cell(float(t), unit=unit) for t in targets)
    loads = shown.books[name].to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(targets > 0, loads / targets, 0.0)
    formula = f"IF([@{kind} target]>0,[@{kind}]/[@{kind} target],0)"
    yield _live(f"{kind} of target", Unit.PERCENT, ratio, formula)


def _hands(shown: Shown) -> Iterator[tuple[Column, Iterator[Cell]]]:
    name = shown.criterion("[@CSM]")
    both = _sum(shown, "", "Customers[Owner today]", name)
    kept_arr = _sum(shown, "ARR", "Customers[Owner today]", name)
    had_arr = f"SUMIFS(Customers[ARR],Customers[Owner today],{name})"
    arr = shown.task.customers["arr"].to_numpy(dtype=float)
    count = len(shown.task.team)
    today, stays = shown.task.today, shown.task.today == shown.now
    had = np.bincount(today[today >= 0], arr[today >= 0], count)
    kept = np.bincount(today[stays & (today >= 0)], arr[stays & (today >= 0)], count)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(had > 0, kept / had, 0.0)
    yield _live("ARR kept", Unit.PERCENT, share, f"IF({had_arr}>0,{kept_arr}/{had_arr},0)")
    yield _live("New", Unit.COUNT, _moved(shown, shown.now), f"[@Customers]-{both}")
    leaving = f"COUNTIFS(Customers[Owner today],{name})-{both}"
    yield _live("Leaving", Unit.COUNT, _moved(shown, today), leaving)


def _moved(shown: Shown, owner: Any) -> Any:
    """By CSM, how many of an owner's customers change hands."""
    changed = (shown.task.today != shown.now) & (owner >= 0)
    return np.bincount(owner[changed], minlength=len(shown.task.team))


def _in_segment(shown: Shown, name: str) -> Any:
    inside = (shown.task.customers["segment"] == name).to_numpy()
    return np.bincount(shown.now[inside], minlength=len(shown.task.team))


# --- renewals --------------------------------------------------------------------------------


def _renewals(shown: Shown) -> Table:
    unit = Unit.MONEY
    columns = (
        Column("CSM"),
        Column("ARR", unit),
        *(Column(month[:3], unit) for month in MONTHS),
        Column("Largest", Unit.PERCENT),
        Column("Above 20 %", unit),
    )
    return Table("Renewals", columns, tuple(_renewal_rows(shown)))


def by_month(shown: Shown) -> Any:
    """ARR by CSM and calendar month."""
    arr = shown.task.customers["arr"].to_numpy(dtype=float)
    count = len(shown.task.team)
    known = shown.months > 0
    flat = np.bincount(
        shown.now[known] * 12 + shown.months[known] - 1, arr[known], minlength=12 * count
    )
    return flat.reshape(count, 12)


def _renewal_rows(shown: Shown) -> Iterator[tuple[Cell, ...]]:
    span = "[@Jan]:[@Dec]"
    allowed = f"{RENEWAL_SHARE}*[@ARR]"
    for at, months in enumerate(by_month(shown)):
        arr = float(shown.books["arr"].iloc[at])
        largest = float(months.max()) / arr if arr > 0 else 0.0
        above = float(np.maximum(months - RENEWAL_SHARE * arr, 0).sum())
        yield (
            Cell(shown.task.names[at], look=Look.STRONG),
            Cell(arr, f"INDEX(Books[ARR],{at + 1})", Unit.MONEY),
            *(
                Cell(
                    float(value),
                    _sum(shown, "ARR", "Customers[Renewal month]", str(month)),
                    Unit.MONEY,
                )
                for month, value in enumerate(months, start=1)
            ),
            Cell(largest, f"IF([@ARR]>0,MAX({span})/[@ARR],0)", Unit.PERCENT),
            Cell(above, f"SUMPRODUCT(({span}-{allowed})*({span}>{allowed}))", Unit.MONEY),
        )


# --- loads and charts ------------------------------------------------------------------------


def loads_table(shown: Shown) -> Table:
    """Of each active CSM, every load over its share: books of one size, to be compared."""
    columns = [Column("CSM"), Column("No", Unit.COUNT), Column("Share", Unit.PLAIN)]
    columns.append(Column("Ramping", Unit.COUNT))
    for load in shown.loads:
        headings = (f"{load.heading} today", load.heading, f"{load.heading} target")
        columns += [Column(heading, load.unit) for heading in headings]
    for load in shown.loads[:2]:
        columns.append(Column(f"{load.heading} today of target", Unit.PERCENT))
        columns.append(Column(f"{load.heading} of target", Unit.PERCENT))
    if len(shown.active) > MOST_NAMED:
        for load in shown.loads[:2]:
            columns.append(Column(f"{load.heading} today ranked", Unit.PERCENT))
            columns.append(Column(f"{load.heading} ranked", Unit.PERCENT))
    return Table("Loads", tuple(columns), tuple(_load_rows(shown)))


def _load_rows(shown: Shown) -> Iterator[tuple[Cell, ...]]:
    ranked = [
        (load, np.sort(_ratio(load.today, load)), np.sort(_ratio(load.now, load)))
        for load in (shown.loads[:2] if len(shown.active) > MOST_NAMED else ())
    ]
    for place, at in enumerate(shown.active.tolist()):
        csm = shown.task.team[at]
        cells = [
            Cell(csm.name, look=Look.MUTED),
            Cell(float(place + 1), unit=Unit.COUNT, look=Look.MUTED),
            Cell(float(shown.share[place]), unit=Unit.PLAIN, look=Look.MUTED),
            Cell(float(0 < csm.ramp < 1), unit=Unit.COUNT, look=Look.MUTED),
        ]
        for load in shown.loads:
            cells += _load_cells(shown, load, place)
        for load in shown.loads[:2]:
            for heading, loads in ((f"{load.heading} today", load.today), (load.heading, load.now)):
                target = f"[@{load.heading} target]"
                formula = f"IF({target}>0,[@{heading}]/{target},0)"
                value = float(_ratio(loads, load)[place])
                cells.append(Cell(value, formula, Unit.PERCENT, Look.MUTED))
        for load, *sorted_loads in ranked:
            headings = (f"{load.heading} today", load.heading)
            for heading, ratios in zip(headings, sorted_loads, strict=True):
                formula = f"SMALL([{heading} of target],[@No])"
                cells.append(Cell(float(ratios[place]), formula, Unit.PERCENT, Look.MUTED))
        yield tuple(cells)


def _ratio(loads: Any, load: Load) -> Any:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(load.target > 0, loads / load.target, 0.0)


def _load_cells(shown: Shown, load: Load, place: int) -> Iterator[Cell]:
    name, share = shown.criterion("[@CSM]"), float(shown.share[place])
    for owner, loads in (("Owner today", load.today), ("CSM", load.now)):
        criteria = f"Customers[{owner}],{name}"
        counted = load.name == "customers"
        total = (
            f"COUNTIFS({criteria})" if counted else f"SUMIFS(Customers[{load.heading}],{criteria})"
        )
        yield Cell(float(loads[place]) / share, f"{total}/[@Share]", load.unit, Look.MUTED)
    yield Cell(float(load.target[place]) / share, unit=load.unit, look=Look.MUTED)


def _charts(page: Page, shown: Shown, row: int) -> int:
    """Load and ARR of each book beside its target, today and now."""
    for load, column in zip(shown.loads[:2], (FIRST_COLUMN, _SECOND_CHART), strict=False):
        page.section(row, f"{caption(shown, load)}; grey: today, blue: these books", column)
    return draw_loads(page, shown, row + 1, (FIRST_COLUMN, _SECOND_CHART), 20.0)


def caption(shown: Shown, load: Load) -> str:
    """What a chart of a load shows."""
    named = len(shown.active) <= MOST_NAMED
    return f"{load.heading} of target{'' if named else ', from the least to the most loaded CSM'}"


def draw_loads(page: Page, shown: Shown, row: int, columns: tuple[int, int], width: float) -> int:
    """The charts of hours and ARR side by side; returns the row below them."""
    rows = _ROWS_OF_CHART
    if len(shown.active) <= MOST_NAMED:
        rows = max(6, 2 + len(shown.active))
    for load, column in zip(shown.loads[:2], columns, strict=False):
        page.add(row, column, chart_of_load(shown, load, width, _CM_A_ROW * rows))
    for position in range(row, row + rows):
        page.heights[position] = theme.ROW_HEIGHT
    return row + rows + 1


_CM_A_ROW = theme.ROW_HEIGHT / 72 * 2.54


def chart_of_load(shown: Shown, load: Load, width: float, height: float) -> Pairs | Ranks:
    """The chart of one load: bars by name, or lines where there are too many names."""
    if len(shown.active) <= MOST_NAMED:
        before, after = f"{load.heading} today of target", f"{load.heading} of target"
        return Pairs("Loads", "CSM", before, after, shown.has_owners, width, height)
    before, after = f"{load.heading} today ranked", f"{load.heading} ranked"
    return Ranks("Loads", "No", before, after, shown.has_owners, width, height)
