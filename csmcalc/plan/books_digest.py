"""The books as plain data, for pipelines: names and numbers that JSON can carry."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from csmcalc.plan.books import BookPlan
from csmcalc.portfolio.books import answers


def books_digest(made: BookPlan) -> dict[str, Any]:
    """Every owner and figure; points are per cent of mean deviation, money is a year's."""
    book, assigned, task = made.plan.book, made.assigned, made.task
    before, after = answers.owners_today(task), list(assigned.owner)
    return {
        "source": book.source,
        "as_of": book.as_of.isoformat(),
        "currency": book.currency,
        "asked": list(made.asked),
        "customers": len(task.customers),
        "csms": len(task.team),
        "owner": dict(zip(task.customers["id"].astype(str), assigned.owner, strict=True)),
        "value": assigned.value,
        "bound": assigned.bound,
        "gap": assigned.gap,
        "gap_share": assigned.gap_share,
        "proven": assigned.proven,
        "interrupted": assigned.interrupted,
        "seconds": round(assigned.seconds, 3),
        "hard_violations": len(assigned.verdict.violations),
        "terms": assigned.terms,
        "weights": dataclasses.asdict(task.weights),
        "rules": [rule.text for rule in task.rules],
        "rule_costs": [dataclasses.asdict(cost) for cost in made.rule_costs],
        "balance": {
            "today": _rows(answers.balance(task, before), "load"),
            "books": _rows(answers.balance(task, after), "load"),
        },
        "books": _rows(answers.books(task, assigned.owner), "csm"),
        "targets": {
            load: dict(zip(task.names, targets.tolist(), strict=True))
            for load, targets in assigned.targets.items()
        },
        "moves": _plain(answers.moves(assigned)),
        "over": [
            dataclasses.asdict(one)
            for one in answers.over(assigned, made.plan.settings.books.tolerance)
        ],
        "recognised": {column.field: column.header for column in book.recognised},
        "notes": list(book.notes),
        "problems": [dataclasses.asdict(problem) for problem in book.problems],
    }


def _rows(table: pd.DataFrame, key: str) -> dict[str, Any]:
    return {str(row.pop(key)): row for row in _plain(table)}


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table; what is missing or without end is None."""
    rows = table.astype(object).to_dict("records")
    return [{str(name): _cell(value) for name, value in row.items()} for row in rows]


def _cell(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
