from __future__ import annotations

from pathlib import Path

import pytest

from csmcalc.errors import InputError, TableError
from csmcalc.io.csms import read_csms
from csmcalc.io.options import ReadOptions

FULL = 1065.0


def written(folder: Path, text: str) -> Path:
    path = folder / "csms.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_of_csms_is_read_as_people_keep_it(tmp_path: Path) -> None:
    ana, ben = read_csms(
        written(
            tmp_path,
            "CSM;Capacity hours;FTE;Ramp;Regions served;Languages;Tiers;Loaded cost\n"
            "Ana Silva;1.000;1;100%;EMEA, AMER;en/de;enterprise;182000\n"
            "Ben Carter;;0,8;40%;EMEA;;;\n",
        ),
        FULL,
        ReadOptions(decimal=","),
    )
    assert (ana.name, ana.hours, ana.ramp, ana.cost) == ("Ana Silva", 1000, 1, 182_000)
    assert ana.region == {"EMEA", "AMER"}
    assert ana.language == {"en", "de"}
    assert ana.segment == {"enterprise"}
    assert (ben.hours, ben.ramp, ben.language) == (0.8 * FULL, 0.4, frozenset())
    assert ben.share == pytest.approx(0.4 * 0.8 * FULL)


def test_a_name_that_stands_twice_tells_both_rows(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        read_csms(written(tmp_path, "name,hours\nBen,1\nAna,10\n ana ,20\n"), FULL)
    (problem,) = refused.value.problems
    assert (problem.row, problem.value.strip()) == (4, "ana")
    assert problem.wrong == "stands twice: also in row 3"


def test_names_alone_are_full_time_csms(tmp_path: Path) -> None:
    team = read_csms(written(tmp_path, "name,region\nAna,EMEA\nBen,AMER\n"), FULL)
    assert [(csm.hours, csm.ramp) for csm in team] == [(FULL, 1.0)] * 2


def test_all_problems_at_once_by_row(tmp_path: Path) -> None:
    with pytest.raises(TableError) as refused:
        read_csms(
            written(
                tmp_path, "name,hours,cost\nAna,-5,1\nBen,lots,1\nCleo,10,-3\n,10,1\nDan,1e30,1\n"
            ),
            FULL,
        )
    rows = {(one.row, one.column) for one in refused.value.problems}
    assert rows == {(2, "hours"), (3, "hours"), (4, "cost"), (5, "name"), (6, "hours")}


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("hours,region\n100,EMEA\n", "no column is recognised as the CSM's name"),
        ("name,hours\nAna,0\n", "no CSM of the list has hours now"),
    ],
)
def test_a_list_that_cannot_be_used_says_so(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(InputError, match=wrong):
        read_csms(written(tmp_path, text), FULL)
