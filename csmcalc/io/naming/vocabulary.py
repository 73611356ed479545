"""Which field a header names, in a customer list or in a file of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

from csmcalc.io.cells.headers import understood
from csmcalc.io.naming.aliases import ALIASES
from csmcalc.io.naming.contract_aliases import CONTRACT_ALIASES

Listing = Literal["customers", "contracts"]
"""What a file is expected to hold."""

PREFIX = "subscriptions."
"""Before a field in `--column`, when the header is one of the contracts' file."""


def spelled(field: str, listing: Listing) -> str:
    """A field as `--column` spells it.

    >>> spelled("arr", "customers"), spelled("arr", "contracts")
    ('arr', 'subscriptions.arr')
    """
    return field if listing == "customers" else f"{PREFIX}{field}"


@cache
def vocabulary(listing: Listing) -> Mapping[str, tuple[str, int]]:
    """Key of a header -> the field it names and the rank of that name.

    >>> vocabulary("customers")[understood("Account ID").key]
    ('id', 1)
    """
    aliases = ALIASES if listing == "customers" else CONTRACT_ALIASES
    return {
        understood(name).key: (field, rank)
        for field, ranks in aliases.items()
        for rank, names in enumerate(ranks)
        for name in names
    }
