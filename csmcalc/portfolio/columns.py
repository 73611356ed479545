"""From a formula's result to a column of the book."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from csmcalc.errors import Fault, InputError


def as_column(result: Any, customers: pd.DataFrame, known: pd.Series | None = None) -> pd.Series:
    """A formula's result as a column beside the accounts it was computed for: all, or the known.

    An account for which the formula has no result stops the plan: the error names it and its row.
    """
    index = customers.index if known is None else customers.index[known]
    values = np.broadcast_to(np.asarray(result), (len(index),))
    if values.dtype == object and any(issubclass(t, Fault) for t in set(map(type, values))):
        for position, value in enumerate(values):
            if isinstance(value, Fault):
                account = customers.loc[index[position]]
                raise InputError(f"row {account['row']}, account {account['id']}: {value.reason}")
    return pd.Series(values, index=index)
