"""`csmcalc optimise`: the optimum for a person, for a pipeline, and the hours as a file."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from csmcalc.errors import ExitCode
from csmcalc.plan.plan import make_plan
from csmcalc.plan.settings import Settings
from tests.books import demo_book, demo_path
from tests.cli.conftest import Run

DEMO = (str(demo_path()), "--as-of", "2026-09-30")
PROMISED = (
    "csms",
    "csms_low",
    "csms_high",
    "net_value",
    "bound",
    "gap",
    "hour_price",
    "next_csm_value",
    "rule_csms",
    "rule_net_value",
    "horizon_years",
)


def test_json_for_a_pipeline(run: Run) -> None:
    found = json.loads(run("optimise", *DEMO, "--json").stdout)
    assert all(name in found for name in PROMISED)
    best = make_plan(demo_book(), Settings()).value.chosen.optimum
    assert found["csms"] == found["optimal_csms"] == best.csms
    assert found["net_value"] == pytest.approx(best.net_value)
    assert found["bound"] >= found["net_value"] - 1e-6
    assert found["gap"] <= 1e-9
    assert found["csms_low"] <= found["csms"] <= found["csms_high"]
    assert found["horizon_years"] == 5
    assert found["one_year"]["csms"] <= found["csms"]
    assert max(found["curve"]["net_value"]) == pytest.approx(found["net_value"])
    assert sum(line["accounts"] for line in found["segments"].values()) == found["accounts"]
    assert found["rule_loss"] == pytest.approx(found["net_value"] - found["rule_net_value"])
    for one in found["ranges"].values():
        assert one["p10"] <= one["p50"] <= one["p90"]


def test_a_headcount_that_is_asked_for_and_its_hours(run: Run, tmp_path: Path) -> None:
    done = run("optimise", *DEMO, "--csms", "8", "-o", "hours.csv", "--json")
    found = json.loads(done.stdout)
    assert found["csms"] == 8
    assert found["net_value"] <= found["optimal_net_value"]
    assert found["next_csm_value"] > found["loaded_cost"]
    with (tmp_path / "hours.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == found["accounts"]
    hours = sum(float(row["best_hours"]) for row in rows)
    assert hours == pytest.approx(8 * found["effective_hours"])
    assert sum(float(row["value"]) for row in rows) == pytest.approx(found["value"])


def test_the_terminal_says_what_the_rule_loses(run: Run) -> None:
    done = run("optimise", *DEMO)
    assert done.returncode == ExitCode.OK
    for words in ("Best on one year (cash)", "ARR rule in arrears", "10-13", "gap 0"):
        assert words in done.stdout


def test_what_cannot_be_is_said(run: Run, tmp_path: Path) -> None:
    few = run("optimise", *DEMO, "--csms", "1")
    assert few.returncode == ExitCode.BAD_INPUT
    assert "need 2 CSMs" in few.stderr
    named = run("optimise", *DEMO, "-o", "hours.xlsx")
    assert "name it hours.csv" in named.stderr
    many = run("optimise", *DEMO, "--csms", "9" * 20)
    assert many.returncode == ExitCode.BAD_INPUT
    assert "csms is 99,999,999,999,999,999,999; ask for at most 10,000,000" in many.stderr
    (tmp_path / "s.toml").write_text('[[minimum_service]]\naccount = "nobody"\nhours = 5.0\n')
    unknown = run("optimise", *DEMO, "--settings", "s.toml")
    assert unknown.returncode == ExitCode.BAD_INPUT
    assert '"nobody"; no account has this id' in unknown.stderr
    assert "Traceback" not in unknown.stderr


def test_the_terminal_says_why_history_carries_no_fit(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('[value]\nresponse_from = "history"\n')
    done = run("optimise", *DEMO, "--settings", "s.toml")
    assert done.returncode == ExitCode.OK
    assert "Response of mid touch: judged; no response can be fitted: 0 accounts" in done.stdout


def test_levels_with_a_cost_add_up(run: Run, tmp_path: Path) -> None:
    levels = "".join(
        f'[[service_levels]]\nname = "{name}"\nshare = {share}\ncost = {cost}\n'
        for name, share, cost in (("none", 0.0, 0), ("pooled", 0.2, 500), ("std", 1.0, 3_000))
    )
    (tmp_path / "s.toml").write_text(f'[value]\nmenu = "levels"\n{levels}')
    done = run("optimise", *DEMO, "--settings", "s.toml", "-o", "hours.csv", "--json")
    found = json.loads(done.stdout)
    assert found["value"] == pytest.approx(
        found["net_value"] + found["csms"] * found["loaded_cost"]
    )
    segments = sum(line["value"] for line in found["segments"].values())
    assert segments == pytest.approx(found["value"])
    with (tmp_path / "hours.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert sum(float(row["value"]) for row in rows) == pytest.approx(found["value"])
    assert {row["service_level"] for row in rows} > {"std"}
