"""The policies side by side: what each starts, costs and is worth, and how the figures tie."""

from __future__ import annotations

from dataclasses import replace

from csmcalc.plan.cells import setting_cell
from csmcalc.plan.timeline.digest import BY_LEVELS, bridge_of, policy_totals, possible
from csmcalc.plan.timeline.timeline import Timeline
from csmcalc.reports.model import Cell, Column, Look, Table, Unit
from csmcalc.reports.sheets.amounts import money_unit
from csmcalc.reports.sheets.timeline.stale import state
from csmcalc.reports.sheets.value.names import horizon_of
from csmcalc.reports.wording import Phrase, phrase, share, when

_FIGURES = ("starts", "heads_at_end", "cost", "uncovered_arr", "arr_lost", "net_value")
_HEADINGS = ("Starts", "Heads at end", "Cost", "Uncovered ARR", "ARR lost", "Net value")


def policies_table(timeline: Timeline) -> Table:
    """Every policy; where no plan keeps within the budget the optimal one has no figures."""
    totals = {name: policy_totals(team) for name, team in possible(timeline).items()}
    unit = money_unit(total["cost"] for total in totals.values())
    value = money_unit(total["net_value"] for total in totals.values())
    units = (Unit.COUNT, Unit.FTE, unit, unit, unit, value)
    columns = (
        Column("Policy"),
        *(Column(heading, of) for heading, of in zip(_HEADINGS, units, strict=True)),
        Column("Lost", value),
        Column("State"),
    )
    best = totals.get("optimal", {}).get("net_value")
    rows = []
    for name in timeline.policies:
        total = totals.get(name)
        figures: list[float | str] = [total[key] if total else "" for key in _FIGURES]
        lost = max(0.0, best - total["net_value"]) if total and best is not None else ""
        rows.append(
            (
                Cell(name, look=Look.STRONG),
                *(Cell(x, unit=of) for x, of in zip(figures, units, strict=True)),
                Cell(lost, _LOST, value),
                _state(total is not None),
            )
        )
    return Table("Policies", columns, tuple(rows), _chosen(timeline, rows))


def _state(found: bool) -> Cell:
    """Whether a policy's figures hold; none where no plan keeps within the budget."""
    told = state()
    formula = f'IF(ISNUMBER([@Net value]),{told.formula},"none")'
    return replace(told, value=told.value if found else "none", formula=formula)


_LOST = (
    'IF(ISNUMBER(INDEX([Net value],MATCH("optimal",[Policy],0))),'
    'MAX(0,MAX([Net value])-[@Net value]),"")'
)


def _chosen(timeline: Timeline, rows: list[tuple[Cell, ...]]) -> tuple[Cell, ...]:
    """The line of the policy that is chosen."""
    chosen = phrase("chosen: ", Phrase("policy", timeline.policy))
    cells = [Cell(chosen.value, chosen.formula, look=Look.TOTAL)]
    row = rows[list(timeline.policies).index(timeline.policy)]
    for heading, cell in zip((*_HEADINGS, "Lost"), row[1:-1], strict=True):
        formula = f"INDEX([{heading}],MATCH(policy,[Policy],0))"
        name = "policy_lost" if heading == "Lost" else None
        cells.append(Cell(cell.value, formula, cell.unit, Look.TOTAL, name))
    return (*cells, state(look=Look.TOTAL))


def bridge_table(timeline: Timeline) -> Table:
    """From the worth of service to net value, and from the same costs to what the team costs."""
    bridges = {name: bridge_of(team) for name, team in possible(timeline).items()}
    unit = money_unit(bridge.worth for bridge in bridges.values())
    headings = ("Worth of service", "CSMs", "Hires", "Discounting", "Managers")
    net = "[@Worth of service]-[@CSMs]-[@Hires]-[@Discounting]"
    columns = (
        Column("Policy"),
        *(Column(heading, unit) for heading in headings[:-1]),
        Column("Net value", unit),
        Column(headings[-1], unit),
        Column("Cost", unit),
    )
    rows: list[tuple[Cell, ...]] = []
    for name in timeline.policies:
        found = bridges.get(name)
        if not found:
            rows.append((Cell(name, look=Look.STRONG), *(Cell("", unit=unit),) * 7))
            continue
        before = (found.worth, found.csms, found.hires, found.discounting)
        rows.append(
            (
                Cell(name, look=Look.STRONG),
                *(Cell(amount, unit=unit) for amount in before),
                Cell(before[0] - sum(before[1:]), net, unit, Look.STRONG),
                Cell(found.managers, unit=unit),
                Cell(
                    found.csms + found.hires + found.managers,
                    "[@CSMs]+[@Hires]+[@Managers]",
                    unit,
                    Look.STRONG,
                ),
            )
        )
    return Table("NetValue", columns, tuple(rows))


def meaning(timeline: Timeline) -> Phrase:
    """What net value and cost are."""
    plan = timeline.plan
    by_levels = plan.settings.value.menu == "levels"
    levels: Phrase | str = BY_LEVELS if by_levels else ""
    if plan.book.full:
        levels = when(f'{setting_cell("value", "menu")}="levels"', by_levels, BY_LEVELS, "")
    return phrase(
        "Net value: what the hours given are worth by the value view (",
        horizon_of(plan),
        " of the margin they retain) less CSMs and hires, each month discounted at ",
        share("discount", plan.settings.margin.discount, 1),
        " a year; managers are not weighed. ",
        levels,
        "Cost: CSMs, hires and managers, not discounted.",
    )
