from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from csmcalc.cli.app import main

Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]

LIST = "Account,ARR,Owner,Region\nAcme,1200000,Ann,North\nBolt,900000.10,Bob,South\n" + "".join(
    f"Cord {n},{1000.05 + 7 * n},{'Ann' if n % 3 else 'Cy'},{'North' if n % 2 else 'South'}\n"
    for n in range(20)
)


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """The command line, begun in an empty folder and not waited for."""

    def go(*arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", "from csmcalc.cli.app import main; main()", *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return go


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in this process, in an empty folder."""
    return in_this_process(tmp_path, monkeypatch, capsys)


def in_this_process(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    def go(*arguments: str) -> subprocess.CompletedProcess[str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["csmcalc", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(end.value.code or 0), out, err)

    return go


@pytest.fixture
def customers(tmp_path: Path) -> str:
    """A small customer list of three owners and two regions."""
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return "list.csv"


@pytest.fixture
def template(tmp_path: Path) -> str:
    """A template with one table and a heading that names the owner."""
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    return "template.xlsx"


def make_template(path: Path, headings: list[str], title: str = "Accounts of {{owner}}") -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = title
    sheet.append([])
    sheet.append(headings)
    sheet.append([None] * len(headings))
    last = chr(ord("A") + len(headings) - 1)
    sheet.add_table(Table(displayName="Accounts", ref=f"A3:{last}4"))
    book.save(path)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def reports(folder: Path) -> dict[str, str]:
    """Each report and its digest."""
    found = folder.glob("*.xlsx")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def manifest(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def delivered(folder: Path) -> list[str]:
    """The files the manifest calls done, as often as it does."""
    return [line["file"] for line in manifest(folder) if line.get("status") == "done"]
