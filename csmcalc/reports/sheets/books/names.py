"""Names of sheets: what Excel allows, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable

_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED = frozenset({"history"})


def sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """A name for each sheet: at most 31 letters, none that Excel forbids, unique in any case.

    >>> sheet_names(["Ana/Bo", "ana_bo", "Books"], ["Books"])
    ['Ana_Bo', 'ana_bo (2)', 'Books (2)']
    """
    used = {name.casefold() for name in taken} | _RESERVED
    found = []
    for name in names:
        plain = _safe(name)
        wanted, number = plain, 1
        while wanted.casefold() in used:
            number += 1
            mark = f" ({number})"
            wanted = f"{_cut(plain, _LONGEST - len(mark))}{mark}"
        used.add(wanted.casefold())
        found.append(wanted)
    return found


def _safe(name: str) -> str:
    visible = "".join(one if one.isprintable() else " " for one in name)
    return _cut(_FORBIDDEN.sub("_", visible), _LONGEST).strip("'") or "CSM"


def _cut(name: str, length: int) -> str:
    """At most so many letters as Excel counts them: two where one needs two UTF-16 units."""
    while len(name.encode("utf-16-le")) // 2 > length:
        name = name[:-1]
    return name.strip()
