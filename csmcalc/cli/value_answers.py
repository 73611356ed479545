"""What the terminal shows of the value view."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from csmcalc.cli.answers import console, money_in
from csmcalc.io.phrases import counted
from csmcalc.plan.plan import Plan


def show_value(plan: Plan, found: Mapping[str, Any], written: Path | None) -> None:
    """The headcount, the range, the rules, the segments and the proof."""
    out = console()
    out.print(_answers(plan, found))
    out.print(_segments(plan, found))
    money = money_in(plan.book.currency)
    names = ("hour_price", "next_csm_value", "loaded_cost")
    price, following, cost = (money(found[name]) for name in names)
    out.print(
        f"  An hour more is worth {price} and costs {money(plan.rates.cost_per_hour)}; the next "
        f"CSM is worth {following} and costs {cost}."
    )
    out.print(
        f"  Proof: no sharing of these hours is worth more than {money(found['bound'])}; gap "
        f"{found['gap']:.1e}."
    )
    for one in found["evidence"]:
        kept = f"judged; {one['refusal']}"
        how = kept if one["refusal"] else f"fitted to {counted(one['observations'], 'account')}"
        out.print(f"  Response of {escape(one['tier'])}: {escape(how)}", soft_wrap=True)
    if written:
        out.print(f"\nWritten: {escape(str(written))}", soft_wrap=True)


def _answers(plan: Plan, found: Mapping[str, Any]) -> Table:
    money = money_in(plan.book.currency)
    years = found["horizon_years"]
    table = Table(box=SIMPLE_HEAD, title=escape(plan.book.source), title_justify="left")
    table.add_column("Headcount")
    for heading in ("CSMs", f"Net value, {years} years", "Lost", "within 1 %"):
        table.add_column(heading, justify="right", overflow="fold")
    best = found["optimal_net_value"]

    def line(name: str, csms: int, net: float | None, near: str = "") -> None:
        lost = "" if net is None else money(max(0.0, best - net))
        table.add_row(
            name, f"[bold]{csms:,}[/]", "too few" if net is None else money(net), lost, near
        )

    near = f"{found['csms_low']:,}-{found['csms_high']:,}"
    line("Best", found["optimal_csms"], best, near)
    if found["csms"] != found["optimal_csms"]:
        line("Asked for", found["csms"], found["net_value"])
    line("ARR rule", found["rule_csms"], found["rule_net_value"])
    line("ARR rule in arrears", found["arrears_csms"], found["arrears_net_value"])
    cash = found["one_year"]
    table.add_row(
        "Best on one year (cash)",
        f"[bold]{plan.value.cash.optimum.csms:,}[/]",
        f"{money(plan.value.cash.optimum.net_value)} in it",
        "",
        f"{cash['csms_low']:,}-{cash['csms_high']:,}",
    )
    return table


def _segments(plan: Plan, found: Mapping[str, Any]) -> Table:
    money = money_in(plan.book.currency)
    table = Table(box=SIMPLE_HEAD)
    table.add_column("Segment")
    for heading in ("Accounts", "ARR", "Hours", "Value of service", "Margin guard"):
        table.add_column(heading, justify="right", overflow="fold")
    for name, line in found["segments"].items():
        table.add_row(
            escape(name),
            f"{line['accounts']:,}",
            money(line["arr"]),
            f"{line['hours']:,.0f}",
            money(line["value"]),
            "OK" if line["margin_guard"] else "LOOK",
        )
    return table
