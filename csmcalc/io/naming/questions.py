"""The question a list raises when what a plan needs is not in it."""

from __future__ import annotations

from csmcalc.errors import InputError
from csmcalc.io.cells.headers import understood
from csmcalc.io.naming.aliases import NOT_RECURRING, OWN_TURNOVER
from csmcalc.io.naming.recognise import Columns
from csmcalc.io.naming.vocabulary import vocabulary
from csmcalc.io.phrases import listed
from csmcalc.io.raw import RawTable

REVENUE = ("arr", "acv", "mrr")
"""The fields that can tell the ARR, the surest first."""


def require(raw: RawTable, columns: Columns, with_subscriptions: bool) -> None:
    """Raise when no column says which account a row is, or what it pays.

    What looks like revenue but need not be recurring is named together with the reason why it is
    not taken: a wrong guess here would make the whole plan wrong.
    """
    has_identity = not {"id", "name"}.isdisjoint(columns.by_field)
    has_revenue = with_subscriptions or not set(REVENUE).isdisjoint(columns.by_field)
    if not has_identity:
        text = "no column was recognised as the account id or name"
        text += "." if has_revenue else ", and none as recurring revenue (ARR, ACV or MRR)."
        text += ' Say which it is with --column id="..." or --column name="..."'
        text += "." if has_revenue else ', and --column arr="..." for the revenue.'
    elif not has_revenue:
        text = (
            "no column was recognised as recurring revenue (ARR, ACV or MRR)."
            f"{_look_alikes(raw.headers)} Say which column holds it with "
            '--column arr="..." (or acv=, or mrr= for monthly amounts), or give the contracts with '
            "--subscriptions FILE."
        )
    else:
        return
    where = f"Row {raw.header_row} was read as the header" if raw.header_row else "The columns are"
    raise InputError(f"{raw.source}: {text} {where}: {listed(raw.headers)}")


def _look_alikes(headers: tuple[str, ...]) -> str:
    turnover = {understood(name).key for name in OWN_TURNOVER}
    amounts = {understood(name).key for name in NOT_RECURRING}
    own = [header for header in headers if understood(header).key in turnover]
    other = [header for header in headers if understood(header).key in amounts]
    text = ""
    if own:
        text += (
            f' "{own[0]}" is not taken for it: in a CRM this is the customer\'s own annual '
            "revenue (turnover), not what it pays you."
        )
    if other:
        text += f" {listed(other)} may or may not be recurring; only you know."
    remarked = [header for header in headers if _names_revenue(header)]
    if remarked:
        text += f" {listed(remarked)} may not be what is paid in a year now; only you know."
    return text


def _names_revenue(header: str) -> bool:
    """Whether a header begins as recurring revenue and goes on otherwise: `ARR (target)`."""
    return vocabulary("customers").get(understood(header).key, ("", 0))[0] in REVENUE
