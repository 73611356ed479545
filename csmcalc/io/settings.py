"""The settings file: a commented TOML with every default, its unit and its source."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from csmcalc.core.arguments import plain_number, shown
from csmcalc.core.setting import LARGEST, settings_of, unknown_name
from csmcalc.errors import InputError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.plan.settings import SECTIONS, Settings
from csmcalc.portfolio.service import CATEGORIES, Category, Tier

_LONGEST_FILE = 10**6
_TABLES = {
    "tiers": ("name", "hours", "min_arr"),
    "categories": ("name", "tier"),
}


def read_settings(path: Path) -> Settings:
    """The settings of a file; what it leaves out keeps its default."""
    if not path.exists():
        raise InputError(f"{path}: no such file; `csmcalc init-settings {path}` writes one")
    try:
        text = read_bytes(path, _LONGEST_FILE).decode("utf-8-sig").replace("\r\n", "\n")
        given = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: cannot be read as a settings file ({error}); save it as UTF-8 text"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not valid TOML: {error}") from error
    try:
        return settings_from(given)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def settings_from(given: Mapping[str, Any]) -> Settings:
    """Settings from the content of a settings file, every key known and every value checked."""
    sections: dict[str, Any] = {}
    for key, content in given.items():
        if key in SECTIONS:
            sections[key] = _section(key, content)
        elif key in _TABLES:
            sections[key] = _rows(key, content)
        else:
            raise unknown_name("settings", key, (*SECTIONS, *_TABLES))
    if "tiers" in sections and "categories" not in sections:
        sections["categories"] = _still_meant(sections["tiers"])
    return Settings(**sections)


def _still_meant(tiers: tuple[Tier, ...]) -> tuple[Category, ...]:
    """The default categories whose tier is among the user's own tiers."""
    names = {tier.name for tier in tiers}
    return tuple(category for category in CATEGORIES if category.tier in names)


def _section(key: str, content: Any) -> Any:
    if not isinstance(content, dict):
        raise InputError(f"{key} must be a section: write [{key}] on a line of its own")
    declared = {setting.name: setting for setting in settings_of(SECTIONS[key])}
    values = {}
    for name, value in content.items():
        if name not in declared:
            raise unknown_name(f"[{key}]", name, declared)
        values[name] = declared[name].check(f"[{key}] {name}", value)
    return SECTIONS[key](**values)


def _rows(key: str, content: Any) -> tuple[Tier, ...] | tuple[Category, ...]:
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise InputError(f"{key} must be a list of tables: write [[{key}]] before each row")
    for row in content:
        for name in row:
            if name not in _TABLES[key]:
                raise unknown_name(f"[[{key}]]", name, _TABLES[key])
    if key == "tiers":
        return tuple(Tier(_text(key, row, "name"), _hours(row), _minimum(row)) for row in content)
    return tuple(Category(_text(key, row, "name"), _text(key, row, "tier")) for row in content)


def _text(key: str, row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"[[{key}]] {name} is {shown(value)}; it must be text in quotes")
    return value.strip()


def _hours(row: Mapping[str, Any]) -> float:
    return _amount(row, "hours", row.get("hours"))


def _minimum(row: Mapping[str, Any]) -> float | None:
    return _amount(row, "min_arr", row["min_arr"]) if "min_arr" in row else None


def _amount(row: Mapping[str, Any], name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= LARGEST:
        raise InputError(
            f'[[tiers]] {name} of "{row.get("name", "")}" is {shown(value)}; it must be a number '
            f"of at least 0 and of at most {LARGEST:g}"
        )
    return float(value)


def settings_text(settings: Settings | None = None) -> str:
    """The settings as a commented file, ready to be edited."""
    settings = settings or Settings()
    lines = [
        "# Settings of a csmcalc plan. Every line shows its default; change what you know better.",
        "# Shares and rates are fractions (0.81, not 81), money is in the currency of [money].",
    ]
    section = ""
    for current, declared, value in settings.entries():
        if current != section:
            section = current
            lines += ["", f"[{section}]"]
        lines += _comment(f"{declared.meaning} [{declared.unit}]")
        lines += _comment(f"allowed: {declared.allowed}; source: {declared.source}")
        lines.append(f"{declared.name} = {_toml(value)}")
    lines += [
        "",
        *_comment(
            "Touch tiers from least to most hours a year and account. min_arr is the smallest ARR "
            "that puts an account in a tier where the list names neither tier nor category; left "
            "out, it is computed from [service] service_share."
        ),
    ]
    for tier in settings.tiers:
        lines += ["[[tiers]]", f"name = {_toml(tier.name)}", f"hours = {_toml(tier.hours)}"]
        if tier.min_arr is not None:
            lines.append(f"min_arr = {_toml(tier.min_arr)}")
        lines.append("")
    lines += _comment("Words of the list's category column and the tier each stands for.")
    for category in settings.categories:
        lines += [
            "[[categories]]",
            f"name = {_toml(category.name)}",
            f"tier = {_toml(category.tier)}",
            "",
        ]
    return "\n".join(lines)


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="#   ")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return str(value)
    text = plain_number(value)
    return text if any(mark in text for mark in ".e") else f"{text}.0"
