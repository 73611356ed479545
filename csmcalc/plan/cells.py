"""What the cells of a planning workbook are called.

Whoever writes the workbook and whoever reads it back know its inputs by these names, wherever a
person has moved them.
"""

from __future__ import annotations

from collections.abc import Mapping

TEMPLATE = "csmcalc_template"
"""The cell with the version of the template: by it a workbook is known to be one of ours."""

VERSION = 4
"""Raised whenever names, formulas or shape of the workbook change (`tests/planning_workbook`)."""

AS_OF, CURRENCY, LIVE_CASE = "as_of", "list_currency", "live_case"
CUSTOMERS, CSMS = "Customers", "Csms"
"""The Excel tables that hold the customers and the team."""

PLANNED = "planned"
"""What stands beside a customer who counts; beside the others stands why not."""

HEADINGS: Mapping[str, str] = {
    "arr": "ARR in list",
    "tier": "Tier in list",
    "gross_margin": "Gross margin in list",
    "support_cost": "Support cost in list",
    "hours": "Measured hours",
}
"""Columns of the list for which the plan has one of its own; the others keep their titles."""

_PREFIXED = ("value", "timeline", "books")
"""Sections whose settings have names that elsewhere mean something else."""

ELSEWHERE = {("timeline", "months"), ("timeline", "scenario"), ("books", "rules")}
"""Settings without a cell of their own: the columns of the months, the live case, and the rules of
books, which have a cell each."""

RULES, LONGEST_RULE = 10, 255
"""How many rules of books a workbook has room for, and how long one may be."""

ROOM: Mapping[str, int] = {
    "tiers": 6,
    "categories": 12,
    "response": 8,
    "segment_rules": 4,
    "service_levels": 8,
    "minimum_service": 10,
    "growth": 5,
    "levers": 5,
}
"""How many rows of each table of settings a workbook has room for."""


def setting_cell(section: str, name: str) -> str:
    """The name of the cell that holds a setting."""
    prefixed = section in _PREFIXED or (section, name) == ("team", "csms")
    return f"{section}_{name}" if prefixed else name


def rule_cell(row: int) -> str:
    """The name of the cell that holds a rule of books, counted from 0."""
    return f"books_rule_{row + 1}"


def row_cell(table: str, row: int, name: str) -> str:
    """The name of the cell that holds a field of a table's row, counted from 0."""
    return f"{table}_{row + 1}_{name}"
