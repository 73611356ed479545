"""What stands in the column of the owner where an account has none."""

from __future__ import annotations

import re

from csmcalc.io.cells.headers import without_accents

_NO_OWNER = frozenset(
    words.replace(" ", "")
    for words in (
        *("unassigned", "not assigned", "none assigned", "no owner", "no csm"),
        *("no owner assigned", "no csm assigned", "unassigned csm", "unassigned owner", "unowned"),
        *("no one", "nobody", "no name", "not set", "not available", "not applicable", "unknown"),
        *("none", "null", "nil", "nan", "na", "0", "blank", "empty"),
        *("tbd", "tba", "tbc", "tbh", "to be determined", "to be defined", "to be assigned"),
        *("to be announced", "to be confirmed", "to be hired", "new hire", "pending", "open hire"),
        *("open", "open position", "open headcount", "open req", "open role", "vacant", "vacancy"),
        *("house", "house account", "house accounts", "queue", "csm queue", "cs queue", "default"),
        *("default owner", "default user", "system", "system user", "system administrator"),
        *("automated process", "integration user", "api user", "deactivated user"),
        *("inactive user", "former employee", "placeholder", "dummy"),
        *("nicht zugewiesen", "nicht zugeordnet", "kein", "keiner", "keine", "ohne", "offen"),
        *("unbesetzt", "vakant", "unbekannt", "kein betreuer", "ohne betreuer"),
        *("non attribue", "non assigne", "non affecte", "aucun", "aucune", "a definir", "inconnu"),
        "sans responsable",
    )
)
_WORDS = re.compile(r"[^\W_]+")


def is_no_owner(text: str) -> bool:
    """Whether a text stands for nobody; so does one without any letter or digit.

    >>> is_no_owner("-- None --"), is_no_owner("N/A"), is_no_owner("?"), is_no_owner("Ann House")
    (True, True, True, False)
    """
    words = _WORDS.findall(without_accents(text))
    return not words or "".join(words) in _NO_OWNER
