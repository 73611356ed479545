"""A run that is taken up again leaves no report stale, and believes no damaged record."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csmcalc.batch.index import readable
from csmcalc.batch.manifest import DONE, Entry, Manifest, read_manifest
from csmcalc.errors import InputError
from csmcalc.plan.slices import Figures
from csmcalc.plan.timeline.digest import Ending
from tests.batch.conftest import Run, files, make_template, manifest, reports

PLAN = ("report", "--plan", "list.csv", "--by", "owner", "-o", "out", "--jobs", "1")


@pytest.fixture
def short(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Account,ARR,Owner\nAcme,12000,Ann\nBolt,9000.1,Bob\n")


def texts(path: Path, sheet: str) -> list[str]:
    rows = load_workbook(path)[sheet].iter_rows(values_only=True)
    return [str(value) for row in rows for value in row if value is not None]


def change(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new), encoding="utf-8")


def changed_reports(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.mark.usefixtures("short")
def test_the_index_shows_the_list_as_it_is_now(run: Run, tmp_path: Path) -> None:
    """A name changes no figure of any slice, and stands in the index all the same."""
    assert run(*PLAN).returncode == 0
    before = reports(tmp_path / "out")
    change(tmp_path / "list.csv", "Acme", "Zorro")
    assert run(*PLAN, "--resume").returncode == 0
    after = reports(tmp_path / "out")
    assert changed_reports(before, after) == {"Ann.xlsx", "index.xlsx"}
    assert "Zorro" in texts(tmp_path / "out" / "index.xlsx", "Customers")


@pytest.mark.usefixtures("short")
def test_a_list_of_another_name_is_another_source(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN, "--currency", "USD").returncode == 0
    before = reports(tmp_path / "out")
    (tmp_path / "list.csv").rename(tmp_path / "new.csv")
    done = run(
        *(word.replace("list.csv", "new.csv") for word in PLAN), "--currency", "USD", "--resume"
    )
    assert done.returncode == 0
    assert changed_reports(before, reports(tmp_path / "out")) == set(before)


@pytest.mark.usefixtures("short")
def test_bad_rows_are_told_as_they_are_now(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "list.csv").open("a") as stream:
        stream.write("Bad,abc,Bob\n")
    skipping = (*PLAN, "--skip-bad-rows")
    assert run(*skipping).returncode == 3
    before = reports(tmp_path / "out")
    change(tmp_path / "list.csv", "Bad,abc", "Bad,xyz")
    assert run(*skipping, "--resume").returncode == 3
    assert changed_reports(before, reports(tmp_path / "out")) == {"Bob.xlsx", "index.xlsx"}
    for name in ("Bob.xlsx", "index.xlsx"):
        assert "xyz" in texts(tmp_path / "out" / name, "Problems")


FIXED_LINES = """
[bcg]
profitability_method = "fixed"
profitability_threshold = 0.7
growth_method = "fixed"
growth_threshold = 0.1
[value]
response_from = "history"
"""


@pytest.mark.parametrize("many", [6, 200])
def test_evidence_of_the_whole_list_reaches_every_slice(
    run: Run, tmp_path: Path, many: int
) -> None:
    """Too few outcomes and a curve: hours that Bob's accounts lose change what Ann's are told."""
    (tmp_path / "plan.toml").write_text(FIXED_LINES)
    rows = [
        f"C{n},{50_000 + 317 * n % 4999},{('Bob', 'Ann')[n % 3 > 0]},50000,{4 + n % 23},mid touch"
        for n in range(many)
    ]
    head = "Account ID,ARR,Owner,Prior ARR,Hours,Category\n"
    (tmp_path / "list.csv").write_text(head + "\n".join(rows) + "\n")
    told = (*PLAN, "--settings", "plan.toml")
    assert run(*told).returncode == 0
    before = reports(tmp_path / "out")
    cells = rows[0].split(",")
    cells[4] = ""
    change(tmp_path / "list.csv", rows[0] + "\n", ",".join(cells) + "\n")
    done = run(*told, "--resume")
    assert done.returncode == 0
    assert "evidence" in done.stdout
    assert changed_reports(before, reports(tmp_path / "out")) == set(before)


# --- damaged records -------------------------------------------------------------------------


def altered(out: Path, number: int, alter: Callable[[dict[str, Any]], object]) -> None:
    lines = manifest(out)
    alter(lines[number])
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (out / "manifest.jsonl").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("short")
def test_figures_that_cannot_be_read_are_made_anew(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN).returncode == 0
    before, whole = reports(tmp_path / "out"), manifest(tmp_path / "out")
    altered(tmp_path / "out", 1, lambda line: line.pop("figures"))
    done = run(*PLAN, "--resume")
    assert done.returncode == 0, done.stderr
    assert "2 of 2 reports, 1 of them from before" in done.stdout
    assert reports(tmp_path / "out") == before
    last = next(e for e in reversed(manifest(tmp_path / "out")) if e.get("slice"))
    assert last["figures"] == whole[1]["figures"]


@pytest.mark.parametrize(
    "alter",
    [
        lambda figures: figures.pop("plan"),
        lambda figures: figures["plan"].update(more=1),
        lambda figures: figures["plan"].update(arr="1"),
        lambda figures: figures["plan"].update(segments=[]),
        lambda figures: figures["plan"]["views"]["rule"].pop("cost"),
        lambda figures: figures["plan"]["views"].update(rule=7),
        lambda figures: figures.pop("months"),
        lambda figures: figures["months"].update(arr=None),
        lambda figures: figures["months"].pop("starts"),
    ],
)
def test_only_whole_figures_are_read(alter: Callable[[dict[str, Any]], object]) -> None:
    headcount = {"exact": 1.0, "csms": 1, "managers": 0, "cost": 5.0}
    plan = Figures(1, 2.0, 0, 0.0, 3.0, 0.1, 4.0, 5.0, {"Star": (1, 2.0)}, {})
    figures: dict[str, Any] = {
        "plan": {**plan.plain(), "views": {"rule": headcount}},
        "months": dataclasses.asdict(Ending(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)),
    }
    entry = Entry("k", "a.xlsx", "a", DONE, 1, "00", figures=figures, scenario="Base")
    assert readable(entry)
    alter(figures)
    assert not readable(entry)


@pytest.mark.parametrize(
    ("alter", "words"),
    [
        (lambda line: line.update(more=1), "unexpected keyword"),
        (lambda line: line.pop("key"), "key"),
        (lambda line: line.update(file=7), "file cannot be 7"),
        (lambda line: line.update(rows="x"), "rows cannot be 'x'"),
        (lambda line: line.update(rows=True), "rows cannot be True"),
        (lambda line: line.update(figures=[]), "figures cannot be []"),
        (lambda line: line.update(status="don"), "status cannot be 'don'"),
    ],
)
def test_a_line_that_is_no_record_is_refused_with_its_number(
    tmp_path: Path, alter: Callable[[dict[str, Any]], object], words: str
) -> None:
    book = Manifest(tmp_path)
    book.begin({"what": "plan"})
    book.add([Entry(name, f"{name}.xlsx", name, DONE, 1, "00") for name in "ab"])
    book.close()
    assert read_manifest(tmp_path)
    altered(tmp_path, 2, alter)
    with pytest.raises(InputError, match=r"manifest\.jsonl: line 3 is no record") as error:
        read_manifest(tmp_path)
    assert words in str(error.value)


# --- slices without a name -------------------------------------------------------------------

NAMELESS = (
    "Account ID,ARR,Owner\n"
    "A,100000,without owner\nB,200000,\nC,300000,(Without Owner)\nD,4000,Bob\n"
)


@pytest.mark.parametrize("plan", [True, False])
def test_rows_without_an_owner_take_nobody_else_s_report(
    run: Run, tmp_path: Path, plan: bool
) -> None:
    (tmp_path / "list.csv").write_text(NAMELESS)
    make_template(tmp_path / "template.xlsx", ["Account ID", "ARR"])
    what = ["--plan"] if plan else ["template.xlsx"]
    done = run("report", *what, "list.csv", "--by", "Owner", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "Delivered: 4 of 4 reports" in done.stdout
    names = {"without owner", "((without Owner))", "(Without Owner)", "Bob"}
    if plan:
        names = {"without owner", "((without owner))", "(Without Owner)", "Bob", "index"}
    there = {name for name in files(tmp_path / "out") if name.endswith(".xlsx")}
    assert {name.casefold() for name in there} == {f"{name}.xlsx".casefold() for name in names}
    lines = [line["file"] for line in manifest(tmp_path / "out") if "file" in line]
    assert len(lines) == len(set(lines)) == len(names)
    if plan:
        total = load_workbook(tmp_path / "out" / "index.xlsx", data_only=True)["Index"]
        arr = next(row for row in total.iter_rows(values_only=True) if "ARR" in row)
        assert arr[arr.index("ARR") + 1] == 604_000
