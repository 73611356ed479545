"""What the words mean in a list's columns of owners and of previous segments."""

from __future__ import annotations

import numpy as np
import pandas as pd

from csmcalc.formulas.bcg import SEGMENTS
from csmcalc.io.cells.content import FAILED
from csmcalc.io.cells.numbers import MISSING
from csmcalc.io.cells.placeholders import is_no_owner
from csmcalc.io.cells.words import segment_of
from csmcalc.io.phrases import counted, listed
from csmcalc.io.values.fields import Values
from csmcalc.portfolio.segments import NO_VERDICT

_SHOWN = 8
_NO_SEGMENT = MISSING | {NO_VERDICT.lower()}
"""What stands where an account had no segment, also in a workbook of csmcalc."""


def understand_words(values: Values) -> None:
    """Turn words that stand for nothing into blanks, and segments into their names."""
    if "owner" in values:
        _owners(values)
    if "previous_segment" in values:
        _previous_segments(values)


def _owners(values: Values) -> None:
    """Whatever stands for nobody is no CSM: it would be counted as one and given a book."""
    owners = pd.Series(values["owner"], dtype=object)
    nobody = [word for word in owners.unique() if word and is_no_owner(word)]
    if not nobody:
        return
    where = owners.isin(nobody).to_numpy(dtype=bool)
    values.clear("owner", where)
    values.notes.append(
        f'{values.raw.source}: column "{values.columns["owner"].title}": {listed(nobody, _SHOWN)} '
        f"({counted(int(where.sum()), 'account')}) read as no owner"
    )


def _previous_segments(values: Values) -> None:
    name = "previous_segment"
    words = pd.Series(values[name], dtype=object)
    meant = {word: segment_of(word) for word in words.unique() if word not in FAILED}
    empty = [word for word in meant if word.lower() in _NO_SEGMENT]
    unknown = [word for word, segment in meant.items() if segment is None and word not in empty]
    column = values.columns[name]
    if unknown and not any(meant.values()) and not column.told:
        values.notes.append(
            f'{values.raw.source}: column "{column.title}" holds no segment of the matrix '
            f"({listed(unknown, _SHOWN)}); it is not used"
        )
        values.drop(name)
        return
    values.clear(name, words.isin(empty).to_numpy(dtype=bool))
    values.problems_at(
        name,
        words.isin(unknown).to_numpy(dtype=bool),
        "no segment of the matrix",
        f"write {', '.join(SEGMENTS[:0:-1])} or {SEGMENTS[0]}, or leave the cell empty",
    )
    values.by_field[name] = np.array([meant.get(word) or "" for word in words], dtype=object)
