"""What is said about books, in sentences that terminal and workbook share."""

from __future__ import annotations

from collections.abc import Sequence

from csmcalc.portfolio.books.assign import Assigned


def proof_words(assigned: Assigned) -> str:
    """The value, and how far from the best it can be at most."""
    value = f"{assigned.value:.2f} points"
    if assigned.proven:
        return f"{value}: proven, no books that keep every rule have fewer."
    return (
        f"{value}; no books that keep every rule have fewer than {assigned.bound:.2f}: gap "
        f"{assigned.gap:.2f} points, {assigned.gap_share:.1%}."
    )


def asked_words(asked: Sequence[str]) -> str:
    """The what-ifs in a sentence."""
    return f"What if: {'; '.join(asked)}." if asked else ""
