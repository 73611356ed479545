"""Which field a header names, in a list of customers, of contracts or of CSMs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from csmcalc.io.cells.headers import understood
from csmcalc.io.naming.aliases import ALIASES
from csmcalc.io.naming.contract_aliases import CONTRACT_ALIASES
from csmcalc.io.naming.csm_aliases import CSM_ALIASES

Listing = Literal["customers", "contracts", "csms"]
"""What a file is expected to hold."""

PREFIX = "subscriptions."
"""Before a field in `--column`, when the header is one of the contracts' file."""


def spelled(field: str, listing: Listing) -> str:
    """A field as `--column` spells it.

    >>> spelled("arr", "customers"), spelled("arr", "contracts")
    ('arr', 'subscriptions.arr')
    """
    return f"{PREFIX}{field}" if listing == "contracts" else field


_ALIASES = {"customers": ALIASES, "contracts": CONTRACT_ALIASES, "csms": CSM_ALIASES}


@cache
def vocabulary(listing: Listing) -> Mapping[str, tuple[str, int]]:
    """Key of a header -> the field it names and the rank of that name.

    >>> vocabulary("customers")[understood("Account ID").key]
    ('id', 1)
    """
    aliases = _ALIASES[listing]
    return {
        understood(name).key: (field, rank)
        for field, ranks in aliases.items()
        for rank, names in enumerate(ranks)
        for name in names
    }
