"""Whether two workbooks say the same, however they were packed and on whatever processor.

Libraries for compression differ in their bytes, and processors in the last digit of a logarithm.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from itertools import zip_longest

_VALUES = re.compile(rb"<v>(-?[\d.]+(?:e[-+]?\d+)?)</v>")
_DIGITS = 1e-9


def alike(one: bytes, other: bytes) -> bool:
    """Whether two workbooks have the same parts, values aside from their last digits."""
    parts, others = _parts(one), _parts(other)
    return list(parts) == list(others) and all(
        content == others[name] or _same_but_digits(content, others[name])
        for name, content in parts.items()
    )


def _parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _same_but_digits(one: bytes, other: bytes) -> bool:
    if _VALUES.sub(b"", one) != _VALUES.sub(b"", other):
        return False
    pairs = zip_longest(_VALUES.findall(one), _VALUES.findall(other), fillvalue=b"nan")
    return all(math.isclose(float(a), float(b), rel_tol=_DIGITS, abs_tol=_DIGITS) for a, b in pairs)
