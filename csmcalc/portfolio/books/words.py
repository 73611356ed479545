"""What is said about books, in sentences that terminal and workbook share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csmcalc.portfolio.books.assign import Assigned

_NAMED = 5


def proof_words(assigned: Assigned) -> str:
    """The value, and how far from the best it can be at most."""
    value = f"{assigned.value:.2f} points"
    if assigned.proven:
        return f"{value}: proven, no books that keep every rule have fewer."
    return (
        f"{value}; no books that keep every rule have fewer than {assigned.bound:.2f}: gap "
        f"{assigned.gap:.2f} points, {assigned.gap_share:.1%}."
    )


def stranger_words(strangers: Mapping[str, int]) -> str:
    """Owners whom the CSM list has not; empty where there are none."""
    if not strangers:
        return ""
    many = sum(strangers.values())
    named = ", ".join(f"{name} ({count:,})" for name, count in list(strangers.items())[:_NAMED])
    more = f" and {len(strangers) - _NAMED:,} more" if len(strangers) > _NAMED else ""
    have = "customer has an owner" if many == 1 else "customers have owners"
    return (
        f"{many:,} {have} whom the CSM list has not, and count as without one: {named}{more}; if "
        "they are the same people, write their names alike in both lists"
    )


def asked_words(asked: Sequence[str]) -> str:
    """The what-ifs in a sentence."""
    return f"What if: {'; '.join(asked)}." if asked else ""


def ended_words(assigned: Assigned) -> str:
    """That the search was ended early; empty where it was not."""
    return "Interrupted: these are the best books found until then." if assigned.interrupted else ""
