"""`csmcalc functions` and `csmcalc call` as a person in a terminal meets them."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csmcalc.catalog import CATALOGUE
from csmcalc.cli import app, notation

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command line: exit code, standard output, standard error."""

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["csmcalc", *arguments])
        with pytest.raises(SystemExit) as ended:
            app.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ("CSM_CAC_PAYBACK 27 18.4 0.81", "21.73913043478261"),
        ("csm_ratio 30000000", "15"),
        ("CSM_RATIO 30e6 null TRUE", "30"),
        ("CSM_CONTRIBUTION 100 0.5 70 0", "-20"),
        ("BCG_SEGMENT -0.2 -0.1", "Poor Dog"),
        ("BCG_ACTION star", "Invest generously"),
        ("CSM_MARGIN_GUARD 100 60 40", "FALSE"),
        ("CSM_RATIO [1e6,3e6] [[2e6],[1e6]]", "[[1,2],[1,3]]"),
        ("CSM_RAMPED_FTE [15,3] [24,3] 5", "16.8"),
        ("CSM_GINI [[1,2],[3,4]]", "0.25"),
        ("CSM_WEIGHTED_MEAN [1,,3] [1,null,1]", "2"),
        ("CSM_TIER [5,50] [10,20] [low,mid,top]", '["low","top"]'),
        ('CSM_TIER 5 [10] ["a,b",c]', "a,b"),
        ("CSM_TIER [[5],[50]] [10] [low,top]", '[["low"],["top"]]'),
        ("BCG_SEGMENT [0.1,-0.1] 0.5 0 0.1 0 [,Star]", '["Star","Question Mark"]'),
        ("CSM_STRICT_GUARD [2,1] 4 2", "[TRUE,FALSE]"),
        ("CSM_HIRE_BY 2026-09-01 4.5 3", "2026-01-01"),
        ("CSM_HIRE_BY 46266 4.5 3", "46023"),
        ("CSM_HIRE_BY [2026-09-01,2026-03-31] 1 0", "[2026-08-01,2026-02-28]"),
    ],
)
def test_call_prints_the_value_alone(run: Run, arguments: str, printed: str) -> None:
    assert run("call", *arguments.split()) == (0, printed + "\n", "")


def test_call_prints_full_precision(run: Run) -> None:
    code, out, _ = run("call", "CSM_ADBUDG_FIT", "0.8", "0.9", "0.93", "0.96")
    assert code == 0
    assert json.loads(out) == pytest.approx([2.356581185211479, 0.6], rel=1e-12)


def test_a_fault_is_one_line_on_standard_error(run: Run) -> None:
    code, out, err = run("call", "CSM_GRR", "0", "1", "1")
    assert (code, out) == (1, "")
    assert err == "#DIV/0!: start is 0; start must be a finite number, more than 0\n"
    _, _, err = run("call", "CSM_CAC_PAYBACK", "27", "18.4", "81")
    assert err.rstrip().endswith("write 81 % as 0.81")
    assert run("call", "CSM_RATIO", "#n/a")[2].startswith("#N/A: ")
    assert run("call", "CSM_RATIO", "")[2].startswith("#N/A: arr is empty")
    assert run("call", "CSM_RATIO", "nan")[2].startswith("#NUM!: arr is nan")
    assert run("call", "CSM_RATIO", "many")[2].startswith('#VALUE!: arr is "many"')


def test_faults_in_an_array_stand_in_their_places(run: Run) -> None:
    code, out, err = run("call", "CSM_RATIO", "[4e6,-1,#REF!]")
    assert (code, out) == (1, "[2,#NUM!,#REF!]\n")
    assert [line.partition(":")[0] for line in err.splitlines()] == ["item 2", "item 3"]
    code, out, err = run("call", "CSM_RATIO", "[[4e6],[-1]]")
    assert (code, out) == (1, "[[2],[#NUM!]]\n")
    assert err.startswith("row 2, column 1: #NUM!: arr is -1; ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["CSM_RATI", "5"], "there is no function CSM_RATI; did you mean CSM_RATIO?"),
        (["XYZ"], "there is no function XYZ; `csmcalc functions` lists them"),
        (
            ["CSM_RATIO"],
            "too few arguments: 0 given; CSM_RATIO(arr, [arr_per_csm=2000000], [in_arrears=FALSE])",
        ),
        (["CSM_LIFETIME", "0.1", "2"], "too many arguments: 2 given; CSM_LIFETIME(churn)"),
        (["CSM_GINI", "[1,2"], "[1,2: the closing bracket is missing"),
        (["CSM_GINI", "[1,2]]"], "[1,2]]: something follows the closing bracket"),
        (["CSM_GINI", "[[]]"], "[[]]: the table is empty; "),
        (["CSM_GINI", "[[1,2],[3]]"], "[[1,2],[3]]: the rows are of unequal length; "),
        (["CSM_GINI", "[1,[2]]"], "[1,[2]]: write a table as rows of cells"),
        (["CSM_GINI", '["a" 1]'], '["a" 1]: a comma is missing between two cells'),
        (["CSM_GINI", '["a]'], '["a]: a quotation mark is not closed'),
    ],
)
def test_a_call_that_cannot_be_made_exits_2(run: Run, arguments: list[str], message: str) -> None:
    code, out, err = run("call", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(message)
    assert len(err.splitlines()) == 1


def test_debug_shows_the_traceback_too(run: Run) -> None:
    code, out, err = run("call", "CSM_RATIO", "-1", "--debug")
    assert (code, out) == (1, "")
    assert "Traceback (most recent call last)" in err
    assert err.splitlines()[-1].startswith("#NUM!: arr is -1")


@pytest.mark.parametrize("width", [80, 160])
def test_the_list_fits_the_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    code, out, _ = run("functions")
    assert code == 0
    assert max(map(len, out.splitlines())) <= width
    assert all(entry.name in out for entry in CATALOGUE)
    assert "[in_arrears=FALSE]" in out


def test_one_function_is_shown_in_full(run: Run) -> None:
    code, out, _ = run("functions", "csm_grr")
    assert code == 0
    for text in ("CSM_GRR(start, churn, contraction)", "never above 1", "#DIV/0!", "Source", ">>>"):
        assert text in out
    assert run("call", "csm_grr", "--help")[1] == out


def test_a_part_of_a_name_finds_its_functions(run: Run) -> None:
    code, out, _ = run("functions", "ltv")
    assert code == 0
    assert "CSM_LTV_COHORT" in out
    assert "CSM_RATIO" not in out
    code, _, err = run("functions", "csm_gir")
    assert code == 2
    assert "did you mean" in err


def test_the_catalogue_as_json(run: Run) -> None:
    code, out, _ = run("functions", "--json")
    assert code == 0
    catalogue = json.loads(out)
    assert [function["name"] for function in catalogue] == [entry.name for entry in CATALOGUE]
    ratio = catalogue[0]
    assert ratio["group"] == "Ratio"
    assert ratio["unit"] == "CSMs"
    assert ratio["spills"] is False
    assert ratio["arguments"][1] == {
        "name": "arr_per_csm",
        "text": "ARR that one CSM covers",
        "unit": "currency per year and CSM",
        "kind": "number",
        "default": 2_000_000,
        "optional": True,
        "range": False,
    }


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False),
    st.dates(),
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
)


@given(st.one_of(st.lists(cells), st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1)))
def test_what_is_written_is_read_again(value: list[Any]) -> None:
    def written(cell: Any) -> str:
        if isinstance(cell, list):
            return f"[{','.join(map(written, cell))}]"
        return "null" if cell is None else notation.write(np.array([cell], dtype=object))[1:-1]

    assert notation.read(written(value)) == value


@given(st.floats(allow_nan=False))
def test_numbers_keep_their_last_digit(number: float) -> None:
    assert math.isclose(notation.read(notation.write(number)), number, rel_tol=0)
