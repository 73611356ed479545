"""Names are safe on every system, stay in the folder, and no two are one."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.batch.names import NamePattern, check_collisions, safe_name
from csmcalc.errors import InputError

DAY = dt.date(2026, 11, 24)


def test_a_pattern_is_filled() -> None:
    pattern = NamePattern("{owner}-{month}.xlsx", "owner", ".xlsx")
    assert pattern.name("Ann Lee", DAY) == "Ann Lee-2026-11.xlsx"


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("../{owner}.xlsx", "run folder"),
        ("a\\{owner}.xlsx", "run folder"),
        ("{owner}.csv", ".xlsx"),
        ("report.xlsx", "same name"),
        ("{month}.xlsx", "same name"),
        ("{owner.__class__}.xlsx", "nothing else"),
        ("{owner!r}.xlsx", "nothing else"),
        ("{owner:>99999999}.xlsx", "nothing else"),
        ("{0}{owner}.xlsx", "nothing else"),
        ("{owner.xlsx", "stands alone"),
        ("owner}.xlsx", "stands alone"),
        ("{}{owner}.xlsx", "nothing else"),
        ("", "end it so"),
    ],
)
def test_patterns_that_cannot_be(pattern: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        NamePattern(pattern, "owner", ".xlsx")


@pytest.mark.parametrize(
    ("by", "pattern"),
    [
        ("Sales Rep", "{sales  rep}.xlsx"),
        ("Region: EMEA", "{Region: EMEA}.xlsx"),
        ("a!b.c[0]", "{a!b.c[0]}.xlsx"),
        ("{x}", "{slice}.xlsx"),
        ("month", "{month}.xlsx"),
        ("Date", "{date}.XLSX"),
    ],
)
def test_any_column_can_name_the_reports(by: str, pattern: str) -> None:
    """A column that is called as a part of the day means itself."""
    assert NamePattern(pattern, by, ".xlsx").name("Ann", DAY) == "Ann.xlsx"


def test_braces_written_twice_are_braces() -> None:
    pattern = NamePattern("{{{owner}}}-{year}.xlsx", "owner", ".xlsx")
    assert pattern.name("Ann", DAY) == "{Ann}-2026.xlsx"


HOSTILE = {
    "../../etc/passwd": "_._.._etc_passwd.xlsx",
    "..": "_.xlsx",
    "..x": "_.x.xlsx",
    "C:\\Windows": "C__Windows.xlsx",
    "a\x00b\nc": "a_b_c.xlsx",
    "Ann. . ": "Ann.xlsx",
    "\u202egnp.exe": "_gnp.exe.xlsx",
    ".hidden": "_hidden.xlsx",
    "~$lock": "_$lock.xlsx",
    "": "_.xlsx",
    "...": "_.xlsx",
}


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels(label: str) -> None:
    assert safe_name(label, ".xlsx") == HOSTILE[label]


@pytest.mark.parametrize("word", ["CON", "nul", "Aux", "COM1", "lpt9", "PRN"])
def test_names_windows_keeps_for_itself(word: str) -> None:
    stem = safe_name(word, ".xlsx").removesuffix(".xlsx")
    assert stem.lower() != word.lower()
    assert stem.lower().startswith(word.lower())


@given(st.text(max_size=400))
def test_no_label_leaves_the_folder(label: str) -> None:
    name = safe_name(label, ".xlsx")
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert len(name.encode()) <= 255
    assert not set(name) & set('<>:"/\\|?*\0')
    assert name == unicodedata.normalize("NFC", name)
    assert name.endswith(".xlsx")
    assert not name.startswith((" ", "~$", "."))


@given(st.text(max_size=80))
def test_every_name_can_be_written(tmp_path_factory: pytest.TempPathFactory, label: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    path = Path(folder / safe_name(label, ".xlsx"))
    path.write_bytes(b"")
    assert path.parent == folder
    path.unlink()


def test_long_names_stay_apart() -> None:
    names = {safe_name("é" * 300 + end, ".xlsx") for end in "ab"}
    assert len(names) == 2


@pytest.mark.parametrize(
    "labels",
    [("Ann", "ann"), ("Zoë", "Zoe\u0308"), ("A/B", "A:B"), ("Straße", "STRASSE"), ("a", "a ")],
)
def test_collisions_are_errors_that_name_both(labels: tuple[str, str]) -> None:
    names = [safe_name(label, ".xlsx") for label in labels]
    with pytest.raises(InputError, match="would both be") as error:
        check_collisions(names, labels, {})
    assert all(label in str(error.value) for label in labels)
    assert "--name" not in str(error.value), "which knows nothing that would tell them apart"


def test_equal_names_are_a_collision_whatever_they_are_called() -> None:
    with pytest.raises(InputError, match='"Ann" and "Ann" would both be Ann'):
        check_collisions(["Ann.xlsx", "Ann.xlsx"], ["Ann", "Ann"], {})


def test_a_report_cannot_take_the_place_of_the_index() -> None:
    with pytest.raises(InputError, match=r"a file of the run itself .* --name"):
        check_collisions(["Index.xlsx"], ["Index"], {"index.xlsx": "a file of the run itself"})
