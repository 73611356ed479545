"""A run that is taken up again: what changed is made anew, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csmcalc.batch.run import Run as BatchRun
from tests.batch.commands import PLAN, STAMP
from tests.batch.conftest import Run, make_template, reports


@pytest.mark.usefixtures("customers")
def test_a_run_done_twice_does_nothing_the_second_time(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN, "--as-of", "2026-09-30").returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    done = run(*PLAN, "--resume")
    assert done.returncode == 0
    assert "3 of 3 reports, 3 of them from before" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.usefixtures("customers")
def test_a_changed_slice_is_made_anew_and_no_other(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    assert run(*STAMP, "--as-of", "2026-09-30").returncode == 0
    before = reports(tmp_path / "out")
    source = tmp_path / "list.csv"
    source.write_text(source.read_text().replace("900000.10", "900000.20"))
    done = run(*STAMP, "--resume")
    assert "3 of 3 reports, 2 of them from before" in done.stdout
    after = reports(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} == {"Bob.xlsx"}


@pytest.mark.usefixtures("customers")
def test_changed_settings_are_said_and_obeyed(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN, "--as-of", "2026-09-30").returncode == 0
    before = reports(tmp_path / "out")
    (tmp_path / "plan.toml").write_text("[rule]\narr_per_csm = 500_000\n")
    done = run(*PLAN, "--settings", "plan.toml", "--resume")
    assert done.returncode == 0, done.stderr
    assert "Not as when the run was begun: settings" in done.stdout
    after = reports(tmp_path / "out")
    assert all(before[name] != after[name] for name in before)


@pytest.mark.usefixtures("customers", "template")
def test_a_changed_template_is_said_and_every_report_made_anew(run: Run, tmp_path: Path) -> None:
    assert run(*STAMP, "--as-of", "2026-09-30").returncode == 0
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"], title="Customers of {{owner}}")
    done = run(*STAMP, "--resume")
    assert "Not as when the run was begun: template" in done.stdout
    for name in reports(tmp_path / "out"):
        sheet = load_workbook(tmp_path / "out" / name).active
        assert sheet["A1"].value == f"Customers of {name.removesuffix('.xlsx')}"


@pytest.mark.usefixtures("customers", "template")
@pytest.mark.parametrize("gone", [True, False])
def test_a_template_changed_in_mid_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool
) -> None:
    from typer.testing import CliRunner

    from csmcalc.cli.app import app

    path, work = tmp_path / "template.xlsx", BatchRun.work

    def changed_meanwhile(*given: Any) -> Any:
        if gone:
            path.unlink()
        else:
            make_template(path, ["Account", "ARR"], title="Another title")
        return work(*given)

    monkeypatch.setattr(BatchRun, "work", changed_meanwhile)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, list(STAMP))
    assert done.exit_code == 0, done.output
    assert "was changed while the run was going" in done.output
    for name in reports(tmp_path / "out"):
        title = load_workbook(tmp_path / "out" / name).active["A1"].value
        assert title == f"Accounts of {name.removesuffix('.xlsx')}"


@pytest.mark.usefixtures("customers")
def test_a_damaged_report_is_made_anew(run: Run, tmp_path: Path) -> None:
    assert run(*PLAN).returncode == 0
    before = reports(tmp_path / "out")
    (tmp_path / "out" / "Ann.xlsx").write_bytes(b"PK")
    (tmp_path / "out" / "Bob.xlsx").unlink()
    (tmp_path / "out" / "index.xlsx").unlink()
    done = run(*PLAN, "--resume")
    assert "made anew: Ann.xlsx" in done.stdout
    assert reports(tmp_path / "out") == before


@pytest.mark.usefixtures("customers")
def test_what_a_run_cannot_change_is_refused(run: Run, tmp_path: Path) -> None:
    make_template(tmp_path / "template.xlsx", ["Account", "ARR"])
    assert run(*PLAN).returncode == 0
    before = reports(tmp_path / "out")
    for arguments, words in (
        (("report", "--plan", "list.csv", "--by", "region", "-o", "out"), "by owner, not region"),
        ((*PLAN, "--name", "{owner}-{year}.xlsx"), "begun with name"),
        (STAMP, "what plan, not template"),
    ):
        done = run(*arguments, "--resume")
        assert done.returncode == 2
        assert words in done.stderr
    source = tmp_path / "list.csv"
    source.write_text("".join(line for line in source.open() if "Bob" not in line))
    done = run(*PLAN, "--resume")
    assert done.returncode == 2
    assert "Bob.xlsx" in done.stderr
    assert reports(tmp_path / "out") == before
