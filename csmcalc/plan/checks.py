"""What a careful reader would check before trusting a plan; each is OK or wants a LOOK."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from csmcalc.core.rounding import WHOLE_TOLERANCE, at_least
from csmcalc.formulas.economics import csm_margin_guard
from csmcalc.plan.plan import Plan, concentrated
from csmcalc.portfolio.book import Reason
from csmcalc.portfolio.capacity import Pay
from csmcalc.portfolio.judgement import JUDGED, applied, most_telling
from csmcalc.portfolio.margin import Margin
from csmcalc.portfolio.retention import is_untold
from csmcalc.portfolio.segments import NO_VERDICT, SEGMENTS
from csmcalc.portfolio.service import DEFAULT_HOURS

CENT = 0.005
"""Sums of money tie when they differ by less than half a cent."""

PROVEN = 1e-6
"""Gaps to the bound that count as none, as a share of the net value."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its question, the answer, and the words for either answer."""

    key: str
    title: str
    ok: bool
    fine: str
    look: str

    @property
    def finding(self) -> str:
        """The words for the answer."""
        return self.fine if self.ok else self.look


def checks_of(plan: Plan) -> tuple[Check, ...]:
    """All checks of a plan: first that it adds up, then what deserves a look."""
    return (*_arithmetic(plan), *_judgement(plan), *_data(plan), _FRESH)


_FRESH = Check(
    "value_fresh",
    "The value view was computed from the inputs as they stand",
    True,
    "Nothing was changed since",
    "An input was changed since the value view was computed: run csmcalc plan again",
)
"""Can only fail in the workbook, where somebody types over an input."""


def unguarded(plan: Plan) -> int:
    """Accounts whose service costs as much as they bring, or more."""
    return int((~plan.accounts["guard"].astype(bool)).sum())


def slow_to_repay(plan: Plan) -> int:
    """Accounts whose contribution repays their CAC later than the target."""
    return plan.accounts["strict_guard"].tolist().count(False)


def _arithmetic(plan: Plan) -> Iterator[Check]:
    book, accounts = plan.book, plan.accounts
    left_out = float(book.excluded["arr"].sum())
    yield Check(
        "arr_ties",
        "ARR in the file = left out + planned",
        abs(book.arr_in_file - left_out - plan.arr) <= CENT,
        "To the cent",
        "The ARR left out and the ARR planned do not add up to the file",
    )
    yield Check(
        "segments_add",
        "Segments add up to the whole",
        int(plan.by_segment["accounts"].sum()) == len(accounts)
        and abs(float(plan.by_segment["arr"].sum()) - plan.arr) <= CENT,
        "Each account stands in exactly one line",
        "The segments do not add up to all accounts",
    )
    hours = float(accounts["planned_hours"].sum())
    yield Check(
        "tiers_add",
        "Touch tiers add up to the whole",
        int(plan.by_tier["accounts"].sum()) == len(accounts)
        and abs(float(plan.by_tier["planned_hours"].sum()) - hours) <= WHOLE_TOLERANCE * hours,
        "Accounts and hours",
        "The touch tiers do not add up to all accounts or hours",
    )
    workload, each = plan.view("workload"), plan.rates.effective_hours
    yield Check(
        "workload_covered",
        "Whole CSMs of the workload cover its hours",
        # A hair above whole CSMs asks for nobody: see `whole_up`.
        bool(workload.csms * each >= hours - WHOLE_TOLERANCE * max(hours, each)),
        "Rounded up once, at the total",
        "The CSMs of the workload have fewer hours than it needs",
    )
    yield Check(
        "tiers_rise",
        "Touch tiers rise in hours and minimum ARR",
        True,
        "From the least touch to the most",
        "The touch tiers do not rise in hours or minimum ARR: tiers found by ARR are wrong",
    )
    if plan.bridge:
        bridge = plan.bridge
        kept = bridge.start - bridge.churn - bridge.contraction + bridge.expansion
        yield Check(
            "bridge_closes",
            "Last year's ARR leads to this year's",
            abs(kept + bridge.new + bridge.untold - bridge.end) <= CENT,
            "Start - churn - contraction + expansion + new + not told = planned",
            "The bridge from last year's ARR does not end at the ARR planned",
        )


def _judgement(plan: Plan) -> Iterator[Check]:
    accounts, margin = plan.accounts, plan.settings.margin
    support, success = (float(accounts[c].sum()) for c in ("support_cost", "success_cost"))
    yield _currency(plan)
    yield Check(
        "guard_total",
        "Margin guard in total: support + success below the revenue assigned",
        not len(accounts) or bool(csm_margin_guard(plan.arr, support, success, margin.max_share)),
        "Service costs less than the guard allows",
        "In total, support + success fail the margin guard: they are not below "
        f"{100 * margin.max_share:g} % of ARR",
    )
    failing = unguarded(plan)
    yield Check(
        "guard_accounts",
        "Margin guard of every account",
        failing == 0,
        "Every account pays for its service",
        f"{accounts_of(failing)} fail{'s' * (failing == 1)} the margin guard: support + success "
        f"not below {100 * margin.max_share:g} % of ARR",
    )
    if plan.book.full or accounts["strict_guard"].notna().any():
        slow = slow_to_repay(plan)
        yield Check(
            "strict_guard",
            "CAC repaid within the target",
            slow == 0,
            "Every account whose CAC is known repays it in time",
            f"{accounts_of(slow)} {'does' if slow == 1 else 'do'} not repay the CAC within the "
            "target",
        )
    if plan.has_growth:
        yield Check(
            "concentration",
            "No segment holds over 80 % of the accounts",
            concentrated(plan.by_segment) is None,
            "The matrix tells accounts apart",
            "One segment holds over 80 % of the accounts: the lines do not tell them apart",
        )
    yield _team(plan)
    best = plan.value.chosen.optimum
    yield Check(
        "value_proven",
        "The value view is proven: its bound meets its net value",
        best.gap <= PROVEN,
        "No headcount and no sharing of the hours is worth more",
        "A better answer than the value view's may exist: up to "
        f"{math.ceil(best.gap * 1e4) / 1e4:.2%} more net value",
    )


def accounts_of(count: int) -> str:
    """A number of accounts in words."""
    return f"{count:,} account{'' if count == 1 else 's'}"


def part_of_team(plan: Plan) -> str:
    """Words on today's team where it is a slice's part of a larger one."""
    if not plan.book.team:
        return ""
    return f"; a part of {_people(plan.book.team)} CSMs in all, by the hours of its accounts"


def _people(csms: float) -> str:
    return f"{csms:,.0f}" if float(csms).is_integer() else f"{csms:,.1f}"


def _team(plan: Plan) -> Check:
    today, workload = plan.view("today"), plan.view("workload")
    short = workload.exact - today.csms
    return Check(
        "team_covers",
        "Today's team covers the workload",
        bool(today.csms and at_least(today.csms, workload.exact)),
        f"The team has the hours that are planned{part_of_team(plan)}",
        f"Today's team of {_people(today.csms)} is {short:,.1f} CSMs short of the workload"
        f"{part_of_team(plan)}"
        if today.csms
        else "How many CSMs there are today is not known: give an owner column or [team] csms",
    )


def _data(plan: Plan) -> Iterator[Check]:
    book, accounts = plan.book, plan.accounts
    unknown = int(plan.by_segment["accounts"].get(NO_VERDICT, 0))
    yield Check(
        "growth_known",
        "Growth of every account is known",
        unknown == 0,
        "From the list",
        f"{accounts_of(unknown)} without growth and so without a verdict"
        if plan.has_growth
        else "The list has no growth data, so there is no BCG verdict: add a growth rate, the "
        "prior-year ARR or a potential",
    )
    by_arr = int((accounts["tier_from"] == "ARR").sum())
    yield Check(
        "tiers_known",
        "Touch tiers come from the list",
        by_arr == 0,
        "Tier or category of every account",
        f"{accounts_of(by_arr)} with a touch tier from the ARR{_unknown_words(plan)}",
    )
    unstarted = int(accounts["days"].isna().sum())
    yield Check(
        "starts_known",
        "Onboarding is known",
        unstarted == 0,
        "Start date of every account",
        f"{accounts_of(unstarted)} without a start date: no onboarding is planned for them",
    )
    if plan.bridge:
        untold = int(is_untold(book.customers["prior_arr"], accounts["days"]).sum())
        yield Check(
            "prior_told",
            "The prior ARR of every account older than a year is told",
            untold == 0,
            "From the list",
            f"{accounts_of(untold)} older than a year without a prior ARR: outside the retention",
        )
    yield from churn_told(plan)
    yield own_assumptions(plan)
    yield from _left_out(plan)
    yield Check(
        "notes",
        "The list was read without a doubt",
        not book.notes,
        "Every column as it stands",
        f"To know about how the list was read ({len(book.notes)}): see List",
    )


def churn_told(plan: Plan) -> Iterator[Check]:
    """Whether churn that is taken from the list was ever seen in it; nothing without prior ARR."""
    months, bridge = plan.settings.timeline, plan.bridge
    if not bridge:
        return
    own = {row.segment for row in plan.settings.growth if row.churn is not None}
    every = {*SEGMENTS, NO_VERDICT} if plan.book.full else set(plan.accounts["segment"])
    by_tier = not plan.book.full and own >= set(plan.accounts["tier"])
    given = not months.rates_from_list or own >= every or by_tier
    yield Check(
        "churn_told",
        "Last year's churn is in the list, or given",
        given or bridge.start <= 0 or bridge.churn > 0,
        "Customers who left and what they had paid, or churn of your own",
        "No customer has left in this list: churn is taken as 0; add those who left, with their "
        "prior ARR, or set [timeline] rates_from_list = false and churn",
    )


def _unknown_words(plan: Plan) -> str:
    """Words of the list's tier and category columns that the settings do not know."""
    known = {tier.name for tier in plan.settings.tiers}
    known |= {category.name for category in plan.settings.categories}
    first: dict[str, str] = {}
    for column in ("tier", "category"):
        if column in plan.book.customers:
            told = plan.book.customers[["row", column]].dropna().drop_duplicates(column)
            for row, word in zip(told["row"], told[column], strict=True):
                first.setdefault(str(word), plan.book.where(column, int(row)))
    strange = sorted(first.keys() - known)
    if not strange:
        return ""
    shown = ", ".join(f'"{word}" ({first[word]})' for word in strange[:4])
    return f"; unknown to the settings: {shown}{' and more' if len(strange) > 4 else ''}"


def _currency(plan: Plan) -> Check:
    money, book = plan.settings.money, plan.book
    return Check(
        "currency",
        "Targets and pay are in the list's currency",
        money.currency == book.currency or money.exchange_rate != 1,
        "As they stand or at the exchange rate set",
        f"Targets and pay in {money.currency} are taken one to one as {book.currency}: set [money] "
        "exchange_rate, or currency if they are meant in it",
    )


def own_assumptions(plan: Plan) -> Check:
    """Whether the assumptions that matter most are no published defaults."""
    settings = plan.settings
    own = {
        "gross margin": settings.margin.gross_margin != Margin().gross_margin
        or measured(plan, "gross_margin"),
        "earnings of a CSM": settings.pay.ote != Pay().ote,
        "hours of the tiers": measured(plan, "hours")
        or any(tier.hours != DEFAULT_HOURS.get(tier.name) for tier in settings.tiers),
        f"response to service{of_tiers(plan)}": owns_response(plan),
    }
    published = [name for name, is_own in own.items() if not is_own]
    return Check(
        "own_assumptions",
        "Key assumptions are your own",
        not published,
        "Margin, earnings, tier hours and response to service",
        f"Published defaults, not yet yours: {', '.join(published)}",
    )


def owns_response(plan: Plan) -> bool:
    """Whether every response to service is set or fitted, not csmcalc's illustration.

    A full book has a row for each of them; whoever touched one has looked at all.
    """
    if plan.book.full:
        return plan.settings.response != JUDGED or is_fitted(plan)
    return not tiers_by_default(plan)


def tiers_by_default(plan: Plan) -> list[str]:
    """The touch tiers some of whose accounts respond as csmcalc's illustration has it."""
    settings, fitted = plan.settings, {one.tier for one in plan.evidence if one.fit}
    names = [tier.name for tier in settings.tiers]
    own = [row for row in settings.response if row not in JUDGED]
    rows = applied(settings.response, names)
    pairs = plan.accounts[["tier", "segment"]].drop_duplicates()
    by_default = {
        tier
        for tier, segment in pairs.itertuples(index=False)
        if tier not in fitted and most_telling(rows, tier, segment) not in own
    }
    return [name for name in names if name in by_default]


def of_tiers(plan: Plan) -> str:
    """The tiers that keep a default response, where others have one of their own."""
    tiers = [] if plan.book.full else tiers_by_default(plan)
    alone = len(tiers) < plan.accounts["tier"].nunique()
    if not tiers or not alone:
        return ""
    *others, last = tiers
    return f" of {', '.join(others)} and {last}" if others else f" of {last}"


def is_fitted(plan: Plan) -> bool:
    """Whether the response of every tier with accounts is fitted to their history."""
    fitted = {one.tier for one in plan.evidence if one.fit}
    return len(plan.accounts) > 0 and fitted >= set(plan.accounts["tier"].unique())


def measured(plan: Plan, field: str) -> bool:
    """Whether the list tells a figure for every planned account."""
    customers = plan.book.customers
    return len(customers) > 0 and field in customers and bool(customers[field].notna().all())


def _left_out(plan: Plan) -> Iterator[Check]:
    excluded = plan.book.excluded
    gone = excluded["reason"].isin([Reason.CHURNED.value, Reason.DELETED.value])
    paying = int((gone & (excluded["arr"] > 0)).sum())
    if paying:
        yield Check(
            "gone_with_arr",
            "Churned and deleted accounts bring no ARR",
            False,
            "",
            f"{accounts_of(paying)} marked as churned or deleted, yet with ARR; left out",
        )
    problems = plan.book.problems
    beyond = sum(problem.count for problem in problems if problem.row is None)
    rows = len({problem.row for problem in problems} - {None}) + beyond
    if rows:
        yield Check(
            "bad_rows",
            "Every row of the list could be read",
            False,
            "",
            f"{rows:,} row{'' if rows == 1 else 's'} left out as unusable, see Problems",
        )
