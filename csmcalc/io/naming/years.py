"""Years in headers: `ARR 2025` beside `ARR 2024` are the ARR and the prior ARR."""

from __future__ import annotations

import re
from collections.abc import Sequence

from csmcalc.io.cells.headers import Header, understood
from csmcalc.io.naming.vocabulary import vocabulary

_YEAR = re.compile(r"(?:(?<![^\W_])(?:FY|CY)[\s_]*)?(?<!\d)((?:19|20)\d{2})(?!\d)", re.I)


def without_year(header: str) -> tuple[Header, int | None]:
    """What a header says beside its year, and that year, None where it names none or several.

    >>> without_year("ARR FY2025 (EUR)")[1], without_year("ARR FY2025 (EUR)")[0].key
    (2025, 'arr')
    """
    years = _YEAR.findall(header)
    if len(years) != 1:
        return understood(header), None
    return understood(_YEAR.sub(" ", header)), int(years[0])


def arr_by_year(headers: Sequence[str], this_year: int) -> tuple[int, int] | None:
    """Where the ARR and the prior ARR stand if nothing but the year tells them apart.

    The latest year must be this one or the last, so that it can be today's ARR; the one before it
    must be there; and the rest of the headers must be the same words for the ARR.
    """
    dated: dict[Header, list[tuple[int, int]]] = {}
    for position, title in enumerate(headers):
        header, year = without_year(title)
        named = vocabulary("customers").get(header.key, ("", 0))[0]
        if year is not None and named == "arr" and not header.remark:
            dated.setdefault(header, []).append((year, position))
    if len(dated) != 1:
        return None
    by_year = sorted(dated.popitem()[1], reverse=True)
    years = [year for year, _ in by_year]
    latest, before = years[0], years[0] - 1
    clear = years.count(latest) == years.count(before) == 1
    if not clear or latest not in (this_year, this_year - 1):
        return None
    return by_year[0][1], by_year[1][1]
