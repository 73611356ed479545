"""Rows of customers: corkscrews of accounts and ARR by segment and in all, and their hours."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from csmcalc.plan.timeline.team import Frame
from csmcalc.reports.model import Cell, GridRow, Look, Unit
from csmcalc.reports.sheets.timeline.opening import onboarding_heading, segment_key
from csmcalc.reports.sheets.timeline.rows import heading, line, total

_MONEY, _COUNT = Unit.MONEY, Unit.FTE
_CORKSCREW = (
    ("accounts_open", "Accounts, open", "accounts", _COUNT),
    ("accounts_new", "+ new", "accounts", _COUNT),
    ("accounts_churned", "- churned", "accounts", _COUNT),
    ("accounts_close", "Accounts, close", "accounts", _COUNT),
    ("arr_open", "ARR, open", "ARR", _MONEY),
    ("arr_new", "+ new", "ARR", _MONEY),
    ("arr_expansion", "+ expansion", "ARR", _MONEY),
    ("arr_price", "+ price", "ARR", _MONEY),
    ("arr_contraction", "- contraction", "ARR", _MONEY),
    ("arr_churned", "- churn", "ARR", _MONEY),
    ("arr_close", "ARR, close", "ARR", _MONEY),
    ("onboarding_hours", "Hours of onboarding", "hours a month", Unit.HOURS),
    ("hours", "Hours of service", "hours a month", Unit.HOURS),
)
_STRONG = {"accounts_close", "arr_close"}


def all_customers(frame: Frame) -> Iterator[GridRow]:
    """The sums over all segments; `frame` is that of the live case."""
    keys = [segment_key(at) for at in range(len(frame.opening.names))]
    yield heading("All customers")
    for name, title, words, unit in _CORKSCREW:
        values = getattr(frame.flows, name)[0].sum(axis=1)
        added = "+".join(f"{{{key}_{name}}}" for key in keys)
        make = total if name in _STRONG else line
        yield make(name, title, words, unit, values, added, opening=_opening(name, keys, frame))


def _opening(name: str, keys: list[str], frame: Frame) -> Cell | None:
    if name not in _STRONG:
        return None
    field = name.removesuffix("_close")
    value = float(getattr(frame.opening, field).sum())
    formula = "+".join(f"{key}_{field}" for key in keys)
    return Cell(value, formula, look=Look.TOTAL)


def segment_rows(frame: Frame) -> Iterator[GridRow]:
    """The corkscrews and hours of every segment."""
    for at, name in enumerate(frame.opening.names):
        yield heading(name)
        yield from _segment(frame, at)


def _segment(frame: Frame, at: int) -> Iterator[GridRow]:
    key = segment_key(at)
    formulas = _formulas(key, onboarding_heading(frame.opening.names[at]))
    for name, title, words, unit in _CORKSCREW:
        values = getattr(frame.flows, name)[0, :, at]
        field = name.removesuffix("_close")
        opening = None
        if name in _STRONG:
            value = float(getattr(frame.opening, field)[at])
            opening = Cell(value, f"{key}_{field}", look=Look.LINK)
        look = Look.STRONG if name in _STRONG else Look.BODY
        yield line(
            f"{key}_{name}", title, words, unit, np.asarray(values), formulas[name], opening, look
        )


def _formulas(key: str, in_onboarding: str) -> dict[str, str]:
    """How each row of a segment follows from the month before and the live rates."""
    k = f"{key}_"
    served = f"({{{k}accounts_open}}+{{{k}accounts_new}})*{k}hours_m"
    since = "Onboarding[Months since the start]"
    new_ones = (
        f"SUMPRODUCT({{{k}accounts_new.sofar}}*(1-{k}churn_m)^({{n}}-{{n.sofar}})*"
        f"LOOKUP({{n}}-{{n.sofar}}+1,{since},Onboarding[Raised by]))*{k}hours_m"
    )
    of_today = (
        f"SUMPRODUCT(Onboarding[{in_onboarding}]*LOOKUP({since}+{{n}}-1,{since},"
        f"Onboarding[Raised by]))*(1-{k}churn_m)^({{n}}-1)*factor_hours/months_per_year"
    )
    at_start = f"INDEX({{{k}accounts_open.sofar}},{{n}}-MOD({{n}}-1,months_per_year))"
    return {
        "accounts_open": f"{{{k}accounts_close.before}}",
        "accounts_new": f"IF(ISNUMBER({k}count_m),{k}count_m,{at_start}*{k}new_m)",
        "accounts_churned": f"{{{k}accounts_open}}*{k}churn_m",
        "accounts_close": f"{{{k}accounts_open}}+{{{k}accounts_new}}-{{{k}accounts_churned}}",
        "arr_open": f"{{{k}arr_close.before}}",
        "arr_new": f"{{{k}accounts_new}}*{k}acv_m",
        "arr_expansion": f"{{{k}arr_open}}*{k}expansion_m",
        "arr_price": f"{{{k}arr_open}}*{k}price_m",
        "arr_contraction": f"{{{k}arr_open}}*{k}contraction_m",
        "arr_churned": f"{{{k}arr_open}}*{k}arr_churn_m",
        "arr_close": f"{{{k}arr_open}}+{{{k}arr_new}}+{{{k}arr_expansion}}+{{{k}arr_price}}"
        f"-{{{k}arr_contraction}}-{{{k}arr_churned}}",
        "onboarding_hours": f"{new_ones}+{of_today}",
        "hours": f"{served}+{{{k}onboarding_hours}}",
    }
