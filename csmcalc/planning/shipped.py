"""What the planning workbook holds as it ships."""

from __future__ import annotations

import datetime as dt

SHIPPED_DAY = dt.date(2026, 9, 30)
"""The day of the plan in a workbook that nobody has filled yet."""
