"""What the contract promises of every function, asked of every entry of the catalogue.

A valid call is the first example of the docstring; the values that must fail come from the
domains of the arguments. A function that is added is tested here without a further line.
"""

from __future__ import annotations

import ast
import doctest
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csmcalc.catalog import CATALOGUE, Entry
from csmcalc.core.arguments import Choice, Day, Number, Switch, TableOf, Words
from csmcalc.core.columns import Parameter
from csmcalc.core.formula import specification
from csmcalc.errors import Fault, FaultKind

REF = Fault(FaultKind.REF, "from the test")


def parameters(entry: Entry) -> tuple[Parameter, ...]:
    return specification(entry.function).parameters


def example(entry: Entry) -> list[Any]:
    """The arguments of the first example, one cell or range per parameter."""
    source = doctest.DocTestParser().get_examples(entry.example)[0].source
    call = next(
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == entry.function.__name__
    )
    args = [ast.literal_eval(argument) for argument in call.args]
    kwargs = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
    cells = specification(entry.function).bind(args, kwargs)
    return [
        cell if p.group or not isinstance(cell, list) else cell[0]
        for p, cell in zip(parameters(entry), cells, strict=True)
    ]


def is_table(parameter: Parameter) -> bool:
    return isinstance(parameter.domain, TableOf)


def elements(entry: Entry) -> list[int]:
    """Positions of the arguments that the example gives and that broadcast."""
    pairs = zip(parameters(entry), example(entry), strict=True)
    return [i for i, (p, cell) in enumerate(pairs) if not p.group and cell is not None]


def outcome(entry: Entry, *cells: Any) -> Any:
    """The value, or the fault instead of raising it."""
    try:
        return entry.function(*cells)
    except Fault as fault:
        return fault


def assert_same(left: Any, right: Any) -> None:
    if isinstance(left, np.ndarray) and left.ndim:
        assert left.shape == right.shape
        for a, b in zip(left.flat, right.flat, strict=True):
            assert_same(a, b)
    elif isinstance(left, Fault):
        assert isinstance(right, Fault)
        assert left.kind == right.kind
    elif isinstance(left, (float, np.floating)):
        assert math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12), (left, right)
    else:
        assert left == right


def bad_cells(parameter: Parameter) -> list[tuple[Any, FaultKind]]:
    """Cells that the argument must refuse, each with the error it must show."""
    domain = parameter.domain
    bad: list[tuple[Any, FaultKind]] = [(REF, FaultKind.REF)]
    if parameter.required:
        bad.append((None, FaultKind.NA))
    match domain:
        case TableOf():
            bad.append((1.0, FaultKind.VALUE))  # a table of one column
        case Number():
            bad += [(cell, FaultKind.NUM) for cell in (math.nan, math.inf, -math.inf, 10**400)]
            bad += [(cell, FaultKind.VALUE) for cell in ("abc", "", True, 1j, [])]
            if np.isfinite(domain.low):
                bad.append((domain.low - 1, FaultKind.NUM))
            if np.isfinite(domain.high):
                bad.append((domain.high + 0.5, FaultKind.NUM))
            if domain.divides:
                bad.append((0, FaultKind.DIV0))
            elif domain.low_open:
                bad.append((domain.low, FaultKind.NUM))
        case Day():
            bad += [(cell, FaultKind.NUM) for cell in (0, 2_958_466, math.nan)]
            bad += [(cell, FaultKind.VALUE) for cell in ("abc", True)]
        case Switch():
            bad += [(cell, FaultKind.VALUE) for cell in ("TRUE", 2)]
        case Choice():
            bad += [("unicorn", domain.unknown), (5, FaultKind.VALUE), (True, FaultKind.VALUE)]
        case Words():
            bad.append((True, FaultKind.VALUE))
    return [(cell, kind) for cell, kind in bad if not isinstance(cell, list)]


ELEMENTWISE = [
    pytest.param(entry, index, id=f"{entry.name}-{parameter.name}")
    for entry in CATALOGUE
    for index, parameter in enumerate(parameters(entry))
    if not parameter.group
]
SINGLE_CELLS = [param for param in ELEMENTWISE if not param.values[0].spills]
REDUCED = [
    pytest.param(entry, index, id=f"{entry.name}-{parameter.name}")
    for entry in CATALOGUE
    for index, parameter in enumerate(parameters(entry))
    if parameter.group and not is_table(parameter)
]
TABLES = [
    pytest.param(entry, index, at, id=f"{entry.name}-{parameter.name}-{heading.name}")
    for entry in CATALOGUE
    for index, parameter in enumerate(parameters(entry))
    if isinstance(parameter.domain, TableOf)
    for at, heading in enumerate(parameter.domain.headings)
]
ENTRIES = [pytest.param(entry, id=entry.name) for entry in CATALOGUE]
WITH_TWO_AXES = [
    param for param in ENTRIES if not param.values[0].spills and len(elements(param.values[0])) >= 2
]


@pytest.mark.parametrize(("entry", "index"), ELEMENTWISE)
def test_a_cell_outside_the_domain_shows_its_own_error(entry: Entry, index: int) -> None:
    name = parameters(entry)[index].name
    for bad, kind in bad_cells(parameters(entry)[index]):
        cells = example(entry)
        cells[index] = bad
        with pytest.raises(Fault) as caught:
            entry.function(*cells)
        assert caught.value.kind == kind, bad
        assert bad is REF or name in caught.value.reason


@pytest.mark.parametrize(("entry", "index"), SINGLE_CELLS)
def test_a_bad_element_does_not_spoil_its_neighbours(entry: Entry, index: int) -> None:
    cells = example(entry)
    good, value = cells[index], entry.function(*cells)
    for bad, kind in bad_cells(parameters(entry)[index]):
        cells[index] = [good, bad, good]
        result = entry.function(*cells)
        assert result.dtype == object
        assert_same(result[0], value)
        assert_same(result[2], value)
        assert isinstance(result[1], Fault)
        assert result[1].kind == kind, bad


@pytest.mark.parametrize(("entry", "index"), REDUCED)
def test_a_bad_cell_in_a_range_is_the_fault_of_the_whole(entry: Entry, index: int) -> None:
    parameter = parameters(entry)[index]
    full = example(entry)
    beside = [
        other
        for other, cell in zip(parameters(entry), full, strict=True)
        if other.group == parameter.group and other is not parameter and cell is not None
    ]
    for bad, kind in bad_cells(parameter):
        cells = example(entry)
        length = len(
            next(
                c
                for p, c in zip(parameters(entry), cells, strict=True)
                if p in beside or p is parameter
            )
        )
        content = list(cells[index] or [1.0] * length)
        cells[index] = [bad, *content[1:]]
        if bad is None and not beside:
            continue
        with pytest.raises(Fault) as caught:
            entry.function(*cells)
        assert caught.value.kind == kind, bad


def column_of(parameter: Parameter, at: int) -> Parameter:
    """A column of a table as a parameter of its own."""
    assert isinstance(parameter.domain, TableOf)
    heading = parameter.domain.headings[at]
    return Parameter(heading.name, heading.domain, heading.required, None, None, None)


@pytest.mark.parametrize(("entry", "index", "at"), TABLES)
def test_a_bad_cell_in_a_table_is_named_with_its_row(entry: Entry, index: int, at: int) -> None:
    parameter = column_of(parameters(entry)[index], at)
    for bad, kind in bad_cells(parameter):
        cells = example(entry)
        rows = [list(row) for row in cells[index]]
        rows[-1][at] = bad
        cells[index] = [[None] * len(rows[0]), *rows]  # a wholly empty row is skipped
        with pytest.raises(Fault) as caught:
            entry.function(*cells)
        assert caught.value.kind == kind, bad
        place = f"{parameter.name} in row {len(rows) + 1} of {parameters(entry)[index].name}"
        assert bad is REF or place in caught.value.reason


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_first_error_cell_in_argument_order_is_passed_on(entry: Entry) -> None:
    kinds = [FaultKind.REF, FaultKind.NAME, FaultKind.NULL, FaultKind.DIV0, FaultKind.NUM]
    errors = [Fault(kinds[i % len(kinds)], "") for i in range(len(parameters(entry)))]
    for first in range(len(errors)):
        # What stands before the first error is bad in another way, which counts for less.
        cells = [object()] * first + errors[first:]
        as_arrays = [
            cell if p.group else [cell] for p, cell in zip(parameters(entry), cells, strict=True)
        ]
        assert outcome(entry, *cells) is errors[first]
        passed = outcome(entry, *as_arrays)
        assert (passed if isinstance(passed, Fault) else passed[0]) is errors[first]


@pytest.mark.parametrize("entry", ENTRIES)
def test_blank_optional_arguments_take_their_defaults(entry: Entry) -> None:
    required = [
        cell for p, cell in zip(parameters(entry), example(entry), strict=True) if p.required
    ]
    blanks = [None] * (len(parameters(entry)) - len(required))
    assert_same(outcome(entry, *required), outcome(entry, *required, *blanks))
    given = [p.default for p in parameters(entry) if not p.required]
    assert_same(outcome(entry, *required), outcome(entry, *required, *given))


@pytest.mark.parametrize("entry", ENTRIES)
def test_whole_numbers_do_not_truncate(entry: Entry) -> None:
    def whole(cell: Any, as_type: type) -> Any:
        if isinstance(cell, list):
            return [whole(content, as_type) for content in cell]
        is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        return as_type(round(cell)) if is_number else cell

    integers, floats = ([whole(c, kind) for c in example(entry)] for kind in (int, float))
    assert_same(outcome(entry, *integers), outcome(entry, *floats))
    if entry.spills:
        return
    arrays = [
        np.array([cell, cell]) if type(cell) is int and not p.group else cell
        for p, cell in zip(parameters(entry), integers, strict=True)
    ]
    result = outcome(entry, *arrays)
    assert isinstance(result, (float, Fault, bool, str)) or result.dtype.kind in "fbUO"


@pytest.mark.parametrize("entry", WITH_TWO_AXES)
def test_rows_and_columns_broadcast(entry: Entry) -> None:
    cells = example(entry)
    value = entry.function(*cells)
    across, down, *_ = elements(entry)
    cell = cells[down]
    cells[across], cells[down] = [cells[across]] * 3, [[cell], [cell]]
    result = entry.function(*cells)
    assert result.shape == (2, 3)
    for element in result.flat:
        assert_same(element, value)
    cells[down] = [cell, cell]
    with pytest.raises(Fault, match=r"#VALUE!.*equal size"):
        entry.function(*cells)


@pytest.mark.parametrize("entry", ENTRIES)
def test_pandas_columns_are_ranges(entry: Entry) -> None:
    cells = example(entry)
    value = entry.function(*cells)
    columns = [
        None
        if cell is None
        else pd.DataFrame(cell)
        if is_table(p)
        else pd.Series(cell if p.group else [cell])
        for p, cell in zip(parameters(entry), cells, strict=True)
    ]
    result = entry.function(*columns)
    is_row = not entry.spills and elements(entry)
    assert_same(result[0] if is_row else result, value)


# --- scalar = one-element array = row of a column --------------------------------------------


def cells_of(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Cells for an argument: mostly of its domain, sometimes not."""
    domain = parameter.domain
    odd = st.sampled_from([None, "abc", True, math.nan, REF, -1, 0, 10**400])
    match domain:
        case Number():
            low = domain.low if np.isfinite(domain.low) else -1e6
            high = domain.high if np.isfinite(domain.high) else 1e6
            inside = st.one_of(
                st.floats(low, high),
                st.sampled_from([x for x in (0, 0.1, 0.3, 0.5, 1, 2, 8, 100) if low <= x <= high]),
            )
        case Day():
            inside = st.one_of(st.integers(1, 60_000), st.dates())
        case Switch():
            inside = st.booleans()
        case Choice():
            inside = st.sampled_from(domain.words)
        case TableOf():
            columns = [column_of(parameter, at) for at in range(len(domain.headings))]
            return st.tuples(*map(cells_of, columns)).map(list)
        case _:
            inside = st.text(max_size=5)
    return st.one_of(inside, inside, inside, odd)


@pytest.mark.parametrize("entry", ENTRIES)
@settings(max_examples=20)
@given(data=st.data())
def test_scalar_equals_one_element_array_equals_row_of_a_column(
    entry: Entry, data: st.DataObject
) -> None:
    length, rows = data.draw(st.integers(1, 5)), 3
    cells = [
        data.draw(st.lists(cells_of(p), min_size=n, max_size=n), label=p.name)
        for p in parameters(entry)
        for n in [length if p.group else rows]
    ]
    scalars = [
        outcome(
            entry,
            *(c if p.group else c[row] for p, c in zip(parameters(entry), cells, strict=True)),
        )
        for row in range(rows)
    ]
    one_element = outcome(
        entry, *(c if p.group else c[:1] for p, c in zip(parameters(entry), cells, strict=True))
    )
    if entry.spills or all(p.group for p in parameters(entry)):
        assert_same(one_element, scalars[0])
        return
    assert one_element.shape == (1,)
    assert_same(one_element[0], scalars[0])
    columns = [
        c if p.group else np.array(c, dtype=object)[:, None]
        for p, c in zip(parameters(entry), cells, strict=True)
    ]
    column = outcome(entry, *columns)
    assert column.shape == (rows, 1)
    for element, scalar in zip(column.flat, scalars, strict=True):
        assert_same(element, scalar)


# --- what the docstrings promise -------------------------------------------------------------

FROM_THE_BODY = {
    "CSM_HIRE_CASE": {FaultKind.DIV0, FaultKind.NA},
    "CSM_ADBUDG_LSQ": {FaultKind.NA},
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_errors_line_names_the_errors_there_are(entry: Entry) -> None:
    spec = specification(entry.function)
    expected = {requirement.kind for requirement in spec.requirements}
    for parameter in spec.parameters:
        match parameter.domain:
            case Number() as number:
                expected.add(FaultKind.NUM)
                expected |= {FaultKind.DIV0} if number.divides else set()
            case Day():
                expected.add(FaultKind.NUM)
            case Choice() as choice:
                expected.add(choice.unknown)
            case TableOf() as table:
                expected |= {FaultKind.NUM, FaultKind.VALUE}
                expected |= {relation.kind for relation in table.relations}
                if any(getattr(h.domain, "divides", False) for h in table.headings):
                    expected.add(FaultKind.DIV0)
    groups = [parameter.group for parameter in spec.parameters if parameter.group]
    if groups:
        expected.add(FaultKind.NA)
    if len(groups) > len(set(groups)):
        expected.add(FaultKind.VALUE)
    expected |= FROM_THE_BODY.get(entry.name, set())
    named = {FaultKind(kind) for kind in re.findall(r"#(?:N/A|[A-Z/0]+[!?])", entry.errors)}
    assert named == expected
