"""Commands that tests of a run begin with."""

from __future__ import annotations

PLAN = ("report", "--plan", "list.csv", "--by", "owner", "-o", "out")
STAMP = ("report", "template.xlsx", "list.csv", "--by", "Owner", "-o", "out")
