"""Words of the status column that the workbook itself understands; the reader knows many more."""

from __future__ import annotations

from csmcalc.plan.cells import PLANNED
from csmcalc.portfolio.book import Reason

STATUSES: tuple[tuple[str, str], ...] = (
    ("active", PLANNED),
    ("customer", PLANNED),
    (Reason.CHURNED.value, Reason.CHURNED.value),
    ("cancelled", Reason.CHURNED.value),
    ("canceled", Reason.CHURNED.value),
    ("lost", Reason.CHURNED.value),
    ("inactive", Reason.CHURNED.value),
    ("closed lost", Reason.CHURNED.value),
    ("former customer", Reason.CHURNED.value),
    (Reason.TRIAL.value, Reason.TRIAL.value),
    ("pilot", Reason.TRIAL.value),
    ("prospect", Reason.PROSPECT.value),
    ("lead", Reason.PROSPECT.value),
    ("not a customer", Reason.PROSPECT.value),
    (Reason.DELETED.value, Reason.DELETED.value),
    ("archived", Reason.DELETED.value),
)
"""Each word and what it counts as."""
