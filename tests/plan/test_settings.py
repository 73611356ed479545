from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from csmcalc.core.setting import settings_of
from csmcalc.errors import InputError
from csmcalc.io.settings import read_settings, settings_from, settings_text
from csmcalc.plan.settings import SECTIONS, Settings
from csmcalc.portfolio.service import Tier


def test_the_written_file_gives_back_every_default(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(settings_text(), encoding="utf-8")
    read = read_settings(path)
    assert read == Settings()


def test_the_written_file_names_every_setting_with_unit_and_source() -> None:
    text = settings_text()
    named = tomllib.loads(text)
    for section, rules in SECTIONS.items():
        for setting in settings_of(rules):
            assert setting.name in named[section]
            assert setting.unit
            assert setting.source
    flat = " ".join(line.lstrip("# ") for line in text.splitlines())
    assert "ARR that one CSM covers; half of it while hiring in arrears [currency a year" in flat
    assert "source: Hedley 1977" in flat


def test_settings_survive_writing_and_reading() -> None:
    changed = Settings().replace("rule", arr_per_csm=1_234_567.5).replace("money", currency="EUR")
    tiers = (Tier("self serve", 0.25), Tier('the "best"', 12.0, 5e4))
    changed = dataclasses.replace(changed, tiers=tiers, categories=())
    again = settings_from(tomllib.loads(settings_text(changed)))
    assert again.tiers == changed.tiers
    assert again.rule == changed.rule
    assert again.money == changed.money


def test_own_tiers_need_no_categories_of_their_own() -> None:
    settings = settings_from({"tiers": [_tier("tech touch", 2), _tier("white glove", 99)]})
    assert {category.tier for category in settings.categories} == {"tech touch"}


def _tier(name: Any, hours: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "hours": hours, **more}


_none: dict[str, Any] = {"categories": []}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"rules": {}}, 'settings: "rules" is not known; did you mean "rule"?'),
    ({"rule": {"arr_per_cms": 1}}, '[rule]: "arr_per_cms" is not known; did you mean'),
    ({"rule": {"arr_per_csm": 0}}, "[rule] arr_per_csm is 0; it must be a number above 0"),
    ({"rule": {"arr_per_csm": -2e6}}, "[rule] arr_per_csm is -2000000;"),
    ({"rule": {"arr_per_csm": "2M"}}, '[rule] arr_per_csm is "2M"; it must be a number'),
    ({"rule": {"arr_per_csm": True}}, "[rule] arr_per_csm is TRUE; it must be a number"),
    ({"rule": {"arr_per_csm": float("nan")}}, "[rule] arr_per_csm is nan;"),
    ({"rule": {"arr_per_csm": float("inf")}}, "[rule] arr_per_csm is inf;"),
    ({"rule": 5}, "rule must be a section: write [rule]"),
    ({"margin": {"gross_margin": 81}}, "[margin] gross_margin is 81; it must be a number above 0"),
    ({"bcg": {"growth_method": "mode"}}, '[bcg] growth_method is "mode"; it must be one of'),
    ({"timeline": {"months": 2.5}}, "[timeline] months is 2.5; it must be a whole number"),
    ({"team": {"csms": "2"}}, '[team] csms is "2"; it must be a number'),
    ({"capacity": {"pto": 2000, "sick": 80}}, "leave nothing of calendar"),
    ({"capacity": {"internal_share": 1}}, "leaves a CSM less than one hour"),
    ({"capacity": {"realisation": 1e-9}}, "leaves a CSM less than one hour"),
    ({"rule": {"arr_per_csm": 1e-300}}, "no plan can be made of numbers below 1e-09"),
    ({"rule": {"arr_per_csm": 10**400}}, "it must be a number above 0"),
    ({"team": {"csms": 10**13}}, "no plan can be made of numbers below 1e-09 or above 1e+12"),
    ({"tiers": [_tier("a", 1e13)]}, "no plan can be made of numbers below 1e-09 or above 1e+12"),
    ({"tiers": [_tier("a\tb", 1)]}, "holds a character that cannot be seen"),
    ({"categories": [{"name": "a\x01", "tier": "y"}]}, "holds a character that cannot be seen"),
    ({"tiers": []}, "[[tiers]] is empty"),
    ({"tiers": {"name": "a"}}, "tiers must be a list of tables: write [[tiers]]"),
    ({"tiers": [_tier("a", 2), _tier("b", 1)]}, "list tiers from least to most hours"),
    ({"tiers": [_tier("a b", 1), _tier("A-B", 2)]}, '"A-B" and "a b" are the same name'),
    ({"tiers": [_tier("<50k", 1)]}, '"<50k" cannot be a name'),
    ({"tiers": [_tier("touch*", 1)]}, '"touch*" cannot be a name'),
    ({"tiers": [_tier("x" * 61, 1)]}, "is 61 characters long"),
    ({"tiers": [_tier("a", 1, min_arr=5)]}, '"a" is the lowest tier and takes all the rest'),
    ({"money": {"currency": "euro"}}, '[money] currency is "euro"; write an ISO code'),
    ({"tiers": [_tier("a", -1)]}, '[[tiers]] hours of "a" is -1'),
    ({"tiers": [_tier("", 1)]}, '[[tiers]] name is ""'),
    (
        {"tiers": [{"name": "a"}]},
        '[[tiers]] hours of "a" is empty; it must be a number of at least',
    ),
    ({"tiers": [_tier("a", 1, horus=1)]}, '[[tiers]]: "horus" is not known; did you mean "hours"?'),
    ({"tiers": [_tier("a", 1), _tier("b", 2, min_arr=9), _tier("c", 3, min_arr=9)]}, "must rise"),
    ({"categories": [{"name": "x", "tier": "y"}]}, '"x" leads to tier "y", which is not among'),
]


@pytest.mark.parametrize(("given", "message"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_is_refused_with_place_value_and_remedy(
    given: dict[str, Any], message: str
) -> None:
    if "tiers" in given:
        given = _none | given
    with pytest.raises(InputError) as error:
        settings_from(given)
    assert message in str(error.value)


def test_a_file_that_is_no_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; `csmcalc init-settings"):
        read_settings(tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[rule\n", encoding="utf-8")
    with pytest.raises(InputError, match="not valid TOML"):
        read_settings(broken)
    for endless in ("9" * 5000, "[" * 100_000):
        broken.write_text(f"[rule]\narr_per_csm = {endless}\n", encoding="utf-8")
        with pytest.raises(InputError, match="not valid TOML"):
            read_settings(broken)
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read_settings(broken)
    with pytest.raises(InputError, match="is a folder"):
        read_settings(tmp_path)
