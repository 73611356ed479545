"""LibreOffice computes the workbooks with functions: every test TRUE, every example as shipped."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from csmcalc.catalog import CATALOGUE, groups
from tests.engines.calc import Calc, without_macros
from tests.engines.office import Office, cached_values, differences, formulas, require_office

pytestmark = pytest.mark.engine
SHIPPED = resources.files("csmcalc") / "data" / "excel"


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Calc:
    require_office()
    return Calc(tmp_path_factory.mktemp("calc"))


def bare(name: str, folder: Path) -> Path:
    """A shipped workbook without its VBA, which Calc would take for its own functions."""
    path = folder / Path(name).with_suffix(".xlsx").name
    path.write_bytes(without_macros((SHIPPED / name).read_bytes()))
    return path


def said_by(computed: Any) -> dict[str, Any]:
    """What each cell named test_... says."""
    said = {}
    for name, defined in computed.defined_names.items():
        if name.startswith("test_"):
            sheet, address = defined.attr_text.replace("$", "").replace("'", "").split("!")
            value = computed[sheet][address].value
            # LibreOffice saves a truth with a format of its own as 1 or 0
            said[name] = bool(value) if value in (0, 1) else value
    return said


def verdict(computed: Any) -> tuple[Any, str]:
    summary = computed["Summary"]
    return summary["B6"].value, summary["B9"].value


def test_every_test_of_the_self_check_is_true(calc: Calc, tmp_path: Path) -> None:
    computed = calc.computed(bare("selfcheck.xlsm", tmp_path))
    said = said_by(computed)
    assert [name for name, value in said.items() if value is not True] == []
    assert len(said) > 5 * len(CATALOGUE)
    assert verdict(computed)[0] == "PASSED"


def test_a_wrong_result_is_seen_and_named(calc: Calc, tmp_path: Path) -> None:
    path = bare("selfcheck.xlsm", tmp_path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Tests"]
    column = {cell.value: cell.column for cell in sheet[5]}
    row = {(cells[1].value, cells[2].value): cells[0].row for cells in sheet.iter_rows(6)}
    sheet.cell(row["CSM_LTV", "example 1"], column["Expected"], 15_001)
    sheet.cell(row["BCG_ACTION", "example 1"], column["Expected"], "Hold")
    sheet.cell(row["CSM_GRR", "mistake"], column["Inputs"], 200_000)
    workbook.save(path)
    computed = calc.computed(path)
    wrong = {name for name, value in said_by(computed).items() if value is not True}
    cases = ("CSM_LTV_example_1", "BCG_ACTION_example_1", "CSM_GRR_mistake")
    assert wrong == {f"test_{case}" for case in cases}
    word, sentence = verdict(computed)
    assert word == "FAILED"
    assert "CSM_GRR: mistake" in sentence


def test_without_functions_the_verdict_is_that_nothing_was_run(
    office: Office, tmp_path: Path
) -> None:
    (path,) = office.recalculated([bare("selfcheck.xlsm", tmp_path)])
    computed = openpyxl.load_workbook(path, data_only=True)
    assert not any(said_by(computed).values())
    assert verdict(computed)[0] == "NOT RUN"
    assert "Enable Content" in verdict(computed)[1]


def test_the_reference_shows_what_calc_computes(calc: Calc, tmp_path: Path) -> None:
    path = bare("csm_functions.xlsm", tmp_path)
    addresses = [
        address
        for address, formula in formulas(path).items()
        if address[0] in groups() and "FORMULATEXT" not in str(formula)
    ]
    assert len(addresses) == 2 * len(CATALOGUE), "a result and a mistake each"
    calc.computed(path)
    made = calc.folder / "computed" / path.name
    shown, computed = cached_values(path), flags_as_numbers(cached_values(made))
    spilled = [a for a in shown if a[0] in groups() and a[1][0] >= "F"]
    assert differences([*addresses, *spilled], flags_as_numbers(shown), computed) == []


def flags_as_numbers(cells: Any) -> Any:
    """An array that Basic gives to Calc holds 1 and 0 for TRUE and FALSE."""
    return {at: float(v) if isinstance(v, bool) else v for at, v in cells.items()}


def test_an_example_follows_its_inputs(calc: Calc, tmp_path: Path) -> None:
    path = bare("csm_functions.xlsm", tmp_path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Ratio"]
    assert sheet["F9"].value == 30_000_000
    sheet["F9"], sheet["F10"], sheet["F11"] = 30_000_001, None, True
    workbook.save(path)
    computed = calc.computed(path)["Ratio"]
    assert computed["F12"].value == 31, "the empty cell takes the default, in arrears doubles it"
