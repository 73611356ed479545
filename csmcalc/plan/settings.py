"""All settings of a plan: the rules of each room, put together and checked."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from csmcalc.core.setting import Rows, Setting, setting, settings_of, unknown_name
from csmcalc.core.words import plain_word
from csmcalc.errors import InputError
from csmcalc.plan.timeline.drivers import (
    LEVERS,
    MADE_UP,
    SCENARIOS,
    Growth,
    Hiring,
    Lever,
    Months,
    Scenario,
)
from csmcalc.portfolio.books.policy import Books
from csmcalc.portfolio.capacity import Capacity, Pay
from csmcalc.portfolio.judgement import (
    JUDGED,
    JUDGED_BY,
    LEVELS,
    SEGMENT_RULES,
    Judged,
    Level,
    Minimum,
    SegmentRule,
    Value,
)
from csmcalc.portfolio.margin import Margin
from csmcalc.portfolio.segments import Matrix
from csmcalc.portfolio.service import CATEGORIES, TIERS, Category, Service, Tier

_SEED = "The ratio every customer success management lead should know (Schechter 2015)"


@dataclass(frozen=True, slots=True)
class Money:
    """In which currency the amounts of the settings are written."""

    currency: str = setting(
        "USD",
        "currency of the amounts in these settings: the $2M target, the earnings, tier minimums",
        "ISO code",
        "the published rule is in US dollars",
        title="Settings' currency",
    )
    exchange_rate: float = setting(
        1.0,
        "units of the list's currency for one unit of the settings' currency",
        "rate",
        "csmcalc: one to one until set",
        title="Exchange rate",
        low=0,
        low_open=True,
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """The ratio school's rules of thumb."""

    arr_per_csm: float = setting(
        2_000_000.0,
        "ARR that one CSM covers; half of it while hiring in arrears",
        "currency a year and CSM",
        _SEED,
        title="ARR per CSM",
        low=0,
        low_open=True,
    )
    accounts_per_csm: float = setting(
        50.0,
        "accounts that one CSM covers",
        "accounts",
        "50 to 100 at $20k ACV (SaaStr)",
        title="Accounts per CSM",
        low=0,
        low_open=True,
    )


@dataclass(frozen=True, slots=True)
class Team:
    """The team as it is."""

    csms: float = setting(
        0.0,
        "CSMs today, part-time ones as parts; 0 counts the owners in the list",
        "CSMs",
        "the list's owners",
        title="CSMs today",
        low=0,
    )
    span: float = setting(
        7.0,
        "CSMs that one manager leads; a team up to this size needs none",
        "CSMs",
        "published span of control",
        title="Span of control",
        low=0,
        low_open=True,
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Every assumption of a plan."""

    money: Money = field(default_factory=Money)
    rule: Rule = field(default_factory=Rule)
    capacity: Capacity = field(default_factory=Capacity)
    pay: Pay = field(default_factory=Pay)
    service: Service = field(default_factory=Service)
    margin: Margin = field(default_factory=Margin)
    bcg: Matrix = field(default_factory=Matrix)
    value: Value = field(default_factory=Value)
    team: Team = field(default_factory=Team)
    timeline: Months = field(default_factory=Months)
    hiring: Hiring = field(default_factory=Hiring)
    books: Books = field(default_factory=Books)
    tiers: tuple[Tier, ...] = TIERS
    categories: tuple[Category, ...] = CATEGORIES
    response: tuple[Judged, ...] = JUDGED
    segment_rules: tuple[SegmentRule, ...] = SEGMENT_RULES
    service_levels: tuple[Level, ...] = LEVELS
    minimum_service: tuple[Minimum, ...] = ()
    growth: tuple[Growth, ...] = ()
    scenarios: tuple[Scenario, ...] = SCENARIOS
    levers: tuple[Lever, ...] = LEVERS

    def __post_init__(self) -> None:
        """Refuse what no plan can be made of."""
        for section, declared, value in self.entries():
            declared.check(f"[{section}] {declared.name}", value)
        for table in TABLES:
            for row in getattr(self, table):
                check_row(table, dataclasses.asdict(row))
        _check_money(self.money)
        _check_capacity(self.capacity)
        _check_tiers(self.tiers)
        _check_categories(self.categories, self.tiers)
        _check_response(self.response, self.tiers)
        _check_judged_rows(self)
        _check_scenarios(self)
        self.books.parsed()

    def entries(self) -> Iterator[tuple[str, Setting, Any]]:
        """Each scalar setting with its section and value, in order."""
        for section in SECTIONS:
            values = getattr(self, section)
            for declared in settings_of(type(values)):
                yield section, declared, getattr(values, declared.name)

    def replace(self, section: str, **values: Any) -> Settings:
        """The same settings with some of one section changed."""
        changed = dataclasses.replace(getattr(self, section), **values)
        return dataclasses.replace(self, **{section: changed})


SECTIONS: dict[str, type] = {
    "money": Money,
    "rule": Rule,
    "capacity": Capacity,
    "pay": Pay,
    "service": Service,
    "margin": Margin,
    "bcg": Matrix,
    "value": Value,
    "team": Team,
    "timeline": Months,
    "hiring": Hiring,
    "books": Books,
}
"""The sections of the settings file, in order."""

TABLES: dict[str, Rows] = {
    "tiers": Rows(
        Tier,
        "Touch tiers from least to most hours a year and account.",
        "1,065 h over 300, 35, 15 and 5 accounts per CSM (published ranges)",
        TIERS,
    ),
    "categories": Rows(
        Category,
        "Words of the list's category column and the tier each stands for.",
        "csmcalc: usual names",
        CATEGORIES,
    ),
    "response": Rows(
        Judged,
        "How net retention responds to service, judged at three points (or four) for a tier, a "
        "segment or both; the row that names most applies. A tier of which no row speaks keeps "
        "csmcalc's default.",
        JUDGED_BY,
        JUDGED,
    ),
    "segment_rules": Rows(
        SegmentRule,
        "Bounds of the hours of a segment, as multiples of today's: generous for stars, careful "
        "for question marks, lean for cash cows, exit or reduce for poor dogs.",
        "How many customer success managers you really need; the multiples are csmcalc's",
        SEGMENT_RULES,
    ),
    "service_levels": Rows(
        Level,
        'Service levels, where [value] menu is "levels"; otherwise names for the hours given.',
        JUDGED_BY,
        LEVELS,
    ),
    "minimum_service": Rows(
        Minimum,
        "Accounts that get some hours in any case.",
        "your contracts",
        example=Minimum("AC-1001", 40.0),
    ),
    "growth": Rows(
        Growth,
        "How the customers of one segment come and go, where they differ from [timeline].",
        "your own plan",
        example=Growth(segment="Star", new_accounts=0.3, churn=0.05),
    ),
    "scenarios": Rows(
        Scenario,
        "Cases of the timeline: by what each driver is multiplied. [timeline] scenario is the live "
        "one.",
        MADE_UP,
        SCENARIOS,
    ),
    "levers": Rows(
        Lever,
        "The growth levers, compared by what 1 spent brings: what a year's spending changes.",
        MADE_UP,
        LEVERS,
    ),
}
"""The tables of the settings file, in order."""


def check_row(table: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row in their declared types, or an error that names row and column."""
    known = {declared.name: declared for declared in settings_of(TABLES[table].row)}
    for name in given:
        if name not in known:
            raise unknown_name(f"[[{table}]]", name, known)
    label = next((str(value) for value in given.values() if isinstance(value, str)), "")
    values = {}
    for place, (name, declared) in enumerate(known.items()):
        value = given.get(name)
        if value is None and not declared.is_required:
            continue
        of = f' of "{label}"' if place and label else ""
        checked = declared.check(f"[[{table}]] {name}{of}", value)
        values[name] = checked.strip() if isinstance(checked, str) else checked
    return values


def _check_money(money: Money) -> None:
    if not re.fullmatch("[A-Z]{3}", money.currency):
        raise InputError(
            f'[money] currency is "{money.currency}"; write an ISO code such as USD or EUR'
        )


def _check_capacity(capacity: Capacity) -> None:
    if capacity.pto + capacity.sick >= capacity.calendar:
        raise InputError(
            f"[capacity] pto {capacity.pto:g} and sick {capacity.sick:g} leave nothing of "
            f"calendar {capacity.calendar:g}; they must be less together"
        )
    if capacity.effective_hours < 1:
        raise InputError(
            "[capacity] leaves a CSM less than one hour a year for customers; calendar must be "
            "larger, internal_share below 1 and realisation above 0"
        )


def _check_tiers(tiers: tuple[Tier, ...]) -> None:
    if not tiers:
        raise InputError("[[tiers]] is empty; name at least one tier with its hours a year")
    _check_names("tiers", [tier.name for tier in tiers])
    for tier, above in itertools.pairwise(tiers):
        if above.hours <= tier.hours:
            raise InputError(
                f'[[tiers]] "{above.name}" has {above.hours:g} hours, "{tier.name}" before it '
                f"{tier.hours:g}; list tiers from least to most hours"
            )
    if tiers[0].min_arr:
        raise InputError(
            f'[[tiers]] "{tiers[0].name}" is the lowest tier and takes all the rest; leave its '
            "min_arr out"
        )
    minimums = [tier.min_arr for tier in tiers[1:] if tier.min_arr is not None]
    if minimums != sorted(set(minimums)):
        raise InputError("[[tiers]] min_arr must rise from tier to tier")


def _check_categories(categories: tuple[Category, ...], tiers: tuple[Tier, ...]) -> None:
    _check_names("categories", [category.name for category in categories])
    names = [tier.name for tier in tiers]
    for category in categories:
        if category.tier not in names:
            raise InputError(
                f'[[categories]] "{category.name}" leads to tier "{category.tier}", which is not '
                f"among {', '.join(names)}"
            )


def _check_response(response: tuple[Judged, ...], tiers: tuple[Tier, ...]) -> None:
    """Refuse responses of tiers nobody knows; those of csmcalc stand for the tier of their rank."""
    names = [tier.name for tier in tiers]
    seen: set[tuple[str | None, str | None]] = set()
    for row in response:
        row.check()
        if (row.tier, row.segment) in seen:
            raise InputError(f'[[response]] has two rows for "{row.name}"; keep one')
        seen.add((row.tier, row.segment))
        if response != JUDGED and row.tier is not None and row.tier not in names:
            raise unknown_name("[[response]] tier", row.tier, names)


def _check_judged_rows(settings: Settings) -> None:
    for rule in settings.segment_rules:
        rule.check()
    if not settings.service_levels:
        raise InputError("[[service_levels]] is empty; name at least one level")
    for table, column in (
        ("segment_rules", "segment"),
        ("service_levels", "name"),
        ("minimum_service", "account"),
        ("growth", "segment"),
        ("scenarios", "name"),
        ("levers", "name"),
    ):
        words = [getattr(row, column) for row in getattr(settings, table)]
        for word in words:
            if words.count(word) > 1:
                raise InputError(f'[[{table}]] has two rows for "{word}"; keep one')


def _check_scenarios(settings: Settings) -> None:
    names = [scenario.name for scenario in settings.scenarios]
    if not names:
        raise InputError("[[scenarios]] is empty; name at least one, such as base")
    _check_names("scenarios", names)
    for name in names:
        if name in _COLUMNS_OF_CASES or re.search(r'[\[\]{}"\'#,]', name):
            raise InputError(
                f'[[scenarios]] "{name}" cannot be a name: it heads a column of formulas; use '
                f"words other than {', '.join(_COLUMNS_OF_CASES)}"
            )
    if settings.timeline.scenario not in names:
        raise unknown_name("[timeline] scenario", settings.timeline.scenario, names)
    if settings.timeline.start != "next" and not _MONTH.fullmatch(settings.timeline.start):
        raise InputError(
            f'[timeline] start is "{settings.timeline.start}"; write a month such as "2027-01", or '
            '"next"'
        )


_COLUMNS_OF_CASES = ("all", "Live", "Driver, multiplied by")
"""What stands beside the cases already, or means all of them."""

_MONTH = re.compile(r"(19|20|21)\d\d-(0[1-9]|1[0-2])")


_LONGEST_NAME = 60
_READ_AS_CRITERIA = re.compile(r"^[<>=+\-@]|[*?~]")
"""What a spreadsheet's COUNTIFS and MATCH would take for a comparison or a wildcard."""


def _check_names(table: str, names: list[str]) -> None:
    seen: dict[str, str] = {}
    for name in names:
        if len(name) > _LONGEST_NAME:
            raise InputError(
                f'[[{table}]] "{name[:_LONGEST_NAME]}..." is {len(name)} characters long; '
                f"{_LONGEST_NAME} are allowed"
            )
        if not name.isprintable():
            raise InputError(
                f"[[{table}]] {name!a} cannot be a name: it holds a character that cannot be "
                "seen, such as a tab or a line break"
            )
        if _READ_AS_CRITERIA.search(name):
            raise InputError(
                f'[[{table}]] "{name}" cannot be a name: spreadsheets take * ? ~ and a leading '
                "< > = + - @ for more than letters; use words"
            )
        other = seen.setdefault(plain_word(name), name)
        if other is not name:
            raise InputError(f'[[{table}]] "{name}" and "{other}" are the same name; rename one')
