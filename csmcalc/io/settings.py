"""The settings file: a commented TOML with every default, its unit and its source."""

from __future__ import annotations

import dataclasses
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from csmcalc.core.arguments import plain_number
from csmcalc.core.setting import Rows, settings_of, unknown_name
from csmcalc.errors import InputError
from csmcalc.io.files.bytes import read_bytes
from csmcalc.plan.settings import SECTIONS, TABLES, Settings, check_row
from csmcalc.portfolio.service import Category, Tier

_LONGEST_FILE = 10**6


def read_settings(path: Path, base: Settings | None = None) -> Settings:
    """The settings of a file; what it leaves out is as in `base`, or has its default."""
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
        return settings_from(given, base)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def settings_from(given: Mapping[str, Any], base: Settings | None = None) -> Settings:
    """Settings from the content of a settings file, every key known and every value checked."""
    base = base or Settings()
    sections: dict[str, Any] = {}
    for key, content in given.items():
        if key in SECTIONS:
            sections[key] = _section(key, content, getattr(base, key))
        elif key in TABLES:
            sections[key] = _rows(key, content)
        else:
            raise unknown_name("settings", key, (*SECTIONS, *TABLES))
    if "tiers" in sections and "categories" not in sections:
        sections["categories"] = _still_meant(base.categories, sections["tiers"])
    return dataclasses.replace(base, **sections)


def with_assignments(settings: Settings, assignments: Sequence[str]) -> Settings:
    """Settings with some changed, each written as `section.name=value`.

    >>> with_assignments(Settings(), ["capacity.pto=200", "timeline.scenario=upside"]).capacity.pto
    200.0
    """
    for told in assignments:
        name, sign, value = told.partition("=")
        section, dot, setting = name.strip().partition(".")
        if not sign or not dot:
            raise InputError(f"--set {told}: write SECTION.NAME=VALUE, such as capacity.pto=200")
        if section in TABLES:
            raise InputError(f"--set {told}: [[{section}]] is a table; change it with --settings")
        try:
            settings = settings_from({section: {setting: _value(value.strip())}}, settings)
        except InputError as error:
            raise InputError(f"--set {told}: {error}") from error
    return settings


def _value(text: str) -> Any:
    """A value as a settings file has it; a word needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except ValueError:
        return text


def _still_meant(categories: Sequence[Category], tiers: Sequence[Tier]) -> tuple[Category, ...]:
    """The categories whose tier is among the user's own tiers."""
    names = {tier.name for tier in tiers}
    return tuple(category for category in categories if category.tier in names)


def _section(key: str, content: Any, base: Any) -> Any:
    if not isinstance(content, dict):
        raise InputError(f"{key} must be a section: write [{key}] on a line of its own")
    declared = {setting.name: setting for setting in settings_of(SECTIONS[key])}
    values = {}
    for name, value in content.items():
        if name not in declared:
            raise unknown_name(f"[{key}]", name, declared)
        values[name] = declared[name].check(f"[{key}] {name}", value)
    return dataclasses.replace(base, **values)


def _rows(key: str, content: Any) -> tuple[Any, ...]:
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        raise InputError(f"{key} must be a list of tables: write [[{key}]] before each row")
    return tuple(TABLES[key].row(**check_row(key, row)) for row in content)


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
        if declared.example and not value:
            example = f"{declared.name} = {_toml(declared.example)}"
            lines += [f"# {line}" for line in example.splitlines()]
    for key, table in TABLES.items():
        lines += ["", *_table_text(key, table, getattr(settings, key))]
    return "\n".join(lines) + "\n"


def _table_text(key: str, table: Rows, rows: Sequence[Any]) -> Iterator[str]:
    """A table with the meaning of its columns; an example as a comment where it is empty."""
    yield from _comment(f"{table.note} Source: {table.source}.")
    for declared in settings_of(table.row):
        needed = "" if declared.is_required else ", or leave it out"
        text = f"{declared.name}: {declared.meaning} [{declared.unit}]"
        yield from _comment(f"{text}; {declared.allowed}{needed}")
    if not rows and table.example is not None:
        yield from (f"# {line}" for line in _row_text(key, table.example))
    for place, row in enumerate(rows):
        yield from ([""] if place else [])
        yield from _row_text(key, row)


def _row_text(key: str, row: Any) -> Iterator[str]:
    yield f"[[{key}]]"
    for declared in settings_of(type(row)):
        value = getattr(row, declared.name)
        if value is not None:
            yield f"{declared.name} = {_toml(value)}"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="#   ")


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "\n".join(["[", *(f"    {_toml(text)}," for text in value), "]"]) if value else "[]"
    text = plain_number(value)
    return text if any(mark in text for mark in ".e") else f"{text}.0"
