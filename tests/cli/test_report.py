from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table

from csmcalc.errors import ExitCode
from tests.batch.conftest import LIST, files, in_this_process, make_template, manifest
from tests.books import demo_path
from tests.cli.conftest import Run

PLAN = ("report", "--plan", "list.csv", "--by", "owner", "-o", "out", "--as-of", "2026-09-30")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line, without the start-up of a process for every run."""
    return in_this_process(tmp_path, monkeypatch, capsys)


@pytest.fixture(autouse=True)
def inputs(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"], "{{owner}} in {{month}}")


def test_every_owner_gets_a_plan_and_the_index_ties_them(run: Run, tmp_path: Path) -> None:
    done = run("report", "--plan", str(demo_path()), "--by", "owner", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert "Delivered: 10 of 10 reports and index.xlsx in out" in done.stdout
    names = files(tmp_path / "out")
    assert {"Amara Osei.xlsx", "index.xlsx", "manifest.jsonl"} <= names
    assert len(names) == 12
    plan = load_workbook(tmp_path / "out" / "Amara Osei.xlsx", data_only=True)
    assert plan.sheetnames[:3] == ["Summary", "Portfolio", "Customers"]
    index = load_workbook(tmp_path / "out" / "index.xlsx", data_only=True)
    assert index.sheetnames[:2] == ["Index", "Summary"]
    rows = {row[1]: row[2:5] for row in index["Index"].iter_rows(values_only=True) if row[1]}
    assert "add up to the whole" in index["Index"]["B5"].value
    for title in ("Accounts", "ARR", "ARR left out", "Cost to serve", "Contribution"):
        slices, whole, apart = rows[title]
        assert slices == pytest.approx(whole, abs=0.005)
        assert apart == 0


def test_a_template_is_filled_for_every_owner(run: Run, tmp_path: Path) -> None:
    arguments = ("template.xlsx", "list.csv", "--by", "Owner", "-o", "out")
    name = ("--name", "{Owner}-{month}.xlsx", "--as-of", "2026-09-30")
    done = run("report", *arguments, *name)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path / "out") == {
        *("Ann-2026-09.xlsx", "Bob-2026-09.xlsx", "Cy-2026-09.xlsx", "manifest.jsonl")
    }
    sheet = load_workbook(tmp_path / "out" / "Bob-2026-09.xlsx").active
    assert sheet["A1"].value == "Bob in 2026-09"
    assert [cell.value for cell in sheet[4]] == ["Bolt", 900000.1]
    assert sheet.tables["Accounts"].ref == "A3:B4"
    ann = load_workbook(tmp_path / "out" / "Ann-2026-09.xlsx").active
    rows = sum(",Ann," in line for line in LIST.splitlines())
    assert ann.tables["Accounts"].ref == f"A3:B{3 + rows}"


def test_columns_of_a_database_are_found_with_or_without_underscores(
    run: Run, tmp_path: Path
) -> None:
    make_template(tmp_path / "template.xlsx", ["Account Name", "ARR"], "{{sales_rep}}, {{rows}}")
    (tmp_path / "list.csv").write_text("account_name,arr,sales_rep\nA,1,Ann\nB,2,Ann\n")
    done = run("report", "template.xlsx", "list.csv", "--by", "Sales Rep", "-o", "out")
    assert done.returncode == 0, done.stderr
    sheet = load_workbook(tmp_path / "out" / "Ann.xlsx").active
    assert sheet["A1"].value == "Ann, 2"
    assert [cell.value for cell in sheet[5]] == ["B", 2]


def test_a_template_of_words_alone_is_filled(run: Run, tmp_path: Path) -> None:
    for words, code in (("Dear {{owner}}: {{rows}}", 0), ("Dear {{nobody}}", 2)):
        book = Workbook()
        book.active["A1"] = words
        book.save(tmp_path / "template.xlsx")
        done = run("report", "template.xlsx", "list.csv", "--by", "owner", "-o", f"out{code}")
        assert done.returncode == code, done.stderr
    assert 'no value for its names "nobody"' in done.stderr
    bob = load_workbook(tmp_path / "out0" / "Bob.xlsx").active
    assert bob["A1"].value == "Dear Bob: 1"


def test_a_table_of_formulas_alone_stays_as_it_is(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    book = load_workbook(tmp_path / "template.xlsx")
    sheet = book.create_sheet("Sums")
    sheet.append(["Sum"])
    sheet.append(["=SUM(Accounts[ARR])"])
    sheet.add_table(Table(displayName="Sums", ref="A1:A2"))
    book.save(tmp_path / "template.xlsx")
    done = run("report", "template.xlsx", "list.csv", "--by", "owner", "-o", "out")
    assert done.returncode == 0, done.stderr
    assert 'table Sums stays as it is: no column "Sum"' in done.stdout
    cell = load_workbook(tmp_path / "out" / "Bob.xlsx")["Sums"]["A2"]
    assert cell.value == "=SUM(Accounts[ARR])"


def test_a_list_without_rows_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Account,ARR,Owner\n")
    done = run("report", "template.xlsx", "list.csv", "--by", "owner", "-o", "out")
    assert done.returncode == 2
    assert "has no rows" in done.stderr
    assert not (tmp_path / "out").exists()


def test_texts_that_are_cut_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"Account,ARR,Owner\n{'x' * 40_000},1,Ann\nB,2,Ann\n")
    done = run("report", "template.xlsx", "list.csv", "--by", "owner", "-o", "out")
    assert done.returncode == 0
    assert 'column "Account" has texts of up to 40,000 characters' in done.stdout
    sheet = load_workbook(tmp_path / "out" / "Ann.xlsx").active
    assert sheet["A4"].value == "x" * 32_767


def test_limits_of_a_template_are_settings(run: Run, tmp_path: Path) -> None:
    arguments = ("report", "template.xlsx", "list.csv", "--by", "owner")
    book = Workbook()
    for _ in range(3000):
        book.active.append(["a long text, over and over again"] * 15)
    book.create_sheet("T").append(["Account"])
    book["T"].append(["x"])
    book["T"].add_table(Table(displayName="T", ref="A1:A2"))
    book.save(tmp_path / "template.xlsx")
    refused = run(*arguments, "-o", "no", "--largest-part", "1")
    assert refused.returncode == 2
    assert "would unpack to" in refused.stderr
    assert run(*arguments, "-o", "out").returncode == 0


def test_the_manifest_tells_key_status_rows_digest_and_seconds(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN).returncode == 0
    first, *entries = manifest(tmp_path / "out")
    assert first["run"]["by"] == "owner"
    assert {"key", "status", "rows", "sha256", "seconds"} <= set(entries[0])


def test_slices_that_fail_leave_the_others_delivered(run: Run, tmp_path: Path) -> None:
    """A name of the template stands for one value; in one slice the list has two."""
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"], "{{owner}}, {{region}}")
    (tmp_path / "list.csv").write_text(
        "Account,ARR,Owner,Region\nA,1,Ann,N\nB,2,Ann,S\nC,3,Bob,N\n", encoding="utf-8"
    )
    arguments = ("report", "template.xlsx", "list.csv", "--by", "owner", "-o", "out")
    done = run(*arguments)
    assert done.returncode == ExitCode.PARTLY_DONE
    assert files(tmp_path / "out") == {"Bob.xlsx", "manifest.jsonl"}
    assert "FAILED Ann" in done.stdout
    assert "several here (N, S, ...)" in done.stdout
    assert "1 of 2 reports" in done.stdout
    (tmp_path / "list.csv").write_text(
        "Account,ARR,Owner,Region\nA,1,Ann,N\nB,2,Ann,N\nC,3,Bob,N\n", encoding="utf-8"
    )
    done = run(*arguments, "--resume")
    assert done.returncode == 0
    assert "2 of 2 reports, 1 of them from before" in done.stdout


def test_accounts_without_an_owner_are_a_slice(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Account,ARR,Owner\nA,100,Ann\nB,200,\n")
    assert run(*PLAN).returncode == 0
    assert "without owner.xlsx" in files(tmp_path / "out")


def test_an_owner_whose_customers_all_left_has_a_line_and_no_plan(run: Run, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "Account,ARR,Owner,Status\nA,100,Ann,active\nB,200,Bob,churned\n"
    )
    done = run(*PLAN)
    assert done.returncode == 0, done.stderr
    assert "Bob: no account to plan" in done.stdout
    assert files(tmp_path / "out") == {"Ann.xlsx", "index.xlsx", "manifest.jsonl"}
    index = load_workbook(tmp_path / "out" / "index.xlsx", data_only=True)["Index"]
    lines = {row[1]: row for row in index.iter_rows(values_only=True)}
    assert lines["Bob"][3] == "nothing to plan"
    assert lines["ARR left out"][2:5] == (200, 200, 0)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "crm.db"
    rows = [line.split(",") for line in LIST.splitlines()]
    with sqlite3.connect(path) as connection:
        connection.execute(f"create table customers ({', '.join(rows[0])})")
        connection.executemany("insert into customers values (?, ?, ?, ?)", rows[1:])
        connection.execute("update customers set ARR = cast(ARR as real)")
    connection.close()
    return path


@pytest.mark.parametrize("url", ["crm.db", "sqlite:///crm.db"])
def test_a_database_is_a_list_like_any_other(run: Run, database: Path, url: str) -> None:
    assert run(*PLAN).returncode == 0
    query = ("--sql", "select * from customers")
    arguments = ("--by", "owner", "-o", "fromdb", "--as-of", "2026-09-30")
    done = run("report", "--plan", url, *query, *arguments)
    assert done.returncode == 0, done.stderr
    figures = [
        {
            line["file"]: line["figures"]["plan"]["arr"]
            for line in manifest(database.parent / out)[1:-1]
        }
        for out in ("out", "fromdb")
    ]
    assert figures[0] == figures[1]


def test_sqlalchemy_reads_what_it_has_a_driver_for(database: Path) -> None:
    pytest.importorskip("sqlalchemy")
    from csmcalc.io import sql

    with sql._sqlalchemy(f"sqlite:///{database}", "select Account, ARR from customers") as answer:
        rows = [row for piece in answer.pieces for row in piece]
    assert answer.headers == ["Account", "ARR"]
    assert rows[0] == ("Acme", 1200000.0)


TROUBLE = {
    "no query": (["crm.db"], "--sql"),
    "a query of a file": (["list.csv", "--sql", "select 1"], "is no database"),
    "an empty query": (["crm.db", "--sql", " "], "--sql is empty"),
    "a query that writes": (["crm.db", "--sql", "delete from customers"], "only read"),
    "no such table": (["crm.db", "--sql", "select * from clients"], "no such table"),
    "no database": (["sqlite:///none.db", "--sql", "select 1"], "no such database file"),
    "a password": (["nosuch://me:secret@host/db", "--sql", "select 1"], "nosuch"),
    "a sheet": (["crm.db", "--sql", "select 1", "--sheet", "x"], "--sheet"),
}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("name", TROUBLE)
def test_databases_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    arguments, words = TROUBLE[name]
    done = run("report", "--plan", *arguments, "--by", "owner", "-o", "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert "secret" not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_database_that_goes_away(run: Run, database: Path) -> None:
    """Its pages are cut off under the reader: nothing is written."""
    with sqlite3.connect(database) as connection:
        connection.execute("create table big as select * from customers, customers b, customers c")
    connection.close()
    size = database.stat().st_size
    with database.open("rb+") as stream:
        stream.truncate(size // 2)
    query = ("--sql", "select * from big")
    done = run("report", "--plan", "crm.db", *query, "--by", "owner", "-o", "out")
    assert done.returncode == 2
    assert "crm.db: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (database.parent / "out").exists()


REFUSED = {
    "two lists for a plan": (["--plan", "list.csv", "list.csv"], "takes one list"),
    "no template": (["list.csv"], "a template and a list"),
    "settings without a plan": (
        ["template.xlsx", "list.csv", "--settings", "x.toml"],
        "add --plan",
    ),
    "no such column": (["--plan", "list.csv", "--by", "team"], "no such column"),
    "a template that is a list": (["list.csv", "list.csv"], "a template is an Excel workbook"),
    "no such template": (["none.xlsx", "list.csv"], "no such file"),
    "a pattern that leaves the folder": (["--plan", "list.csv", "--name", "../{owner}.xlsx"], "/"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_mistakes_end_in_one_message_and_leave_no_folder(
    run: Run, tmp_path: Path, name: str
) -> None:
    arguments, words = REFUSED[name]
    by = () if "--by" in arguments else ("--by", "owner")
    done = run("report", *arguments, *by, "-o", "out")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_list_that_does_not_fit_the_template_is_refused(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "Margin"])
    done = run("report", "template.xlsx", "list.csv", "--by", "owner", "-o", "out")
    assert done.returncode == 2
    assert 'no column "Margin"' in done.stderr
    assert not (tmp_path / "out").exists()
