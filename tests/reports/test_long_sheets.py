"""The quick ways through long sheets tell what the slow ones tell."""

from __future__ import annotations

import random
from xml.parsers import expat

import pytest

from csmcalc.reports.template.depth import deepest
from csmcalc.reports.template.patch import patched_rows
from csmcalc.reports.template.replaced import Values


def _walked(content: bytes) -> int:
    """The depth as a walk through all elements tells it."""
    depth = most = 0

    def start(*_: object) -> None:
        nonlocal depth, most
        depth += 1
        most = max(most, depth)

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(content, True)
    return most


def _element(rng: random.Random, deep: int) -> str:
    name = rng.choice(["row", "c", "v", "x:f"])
    told = rng.choice(["", ' r="A1"', " s='1/2'", ' t="a&gt;b" '])
    if rng.random() < 0.3:
        return f"<{name}{told}/>"
    inside = "".join(_element(rng, deep - 1) for _ in range(rng.randrange(3))) if deep else ""
    return f"<{name}{told}>{rng.choice(['', 'a/b', 'ü'])}{inside}</{name}>"


@pytest.mark.parametrize("seed", range(40))
def test_depth_of_plain_parts_is_that_of_a_walk(seed: int) -> None:
    rng = random.Random(seed)
    head = rng.choice(
        ["", '<?xml version="1.0" encoding="UTF-8"?>', '\ufeff<?xml version="1.0"?>\n']
    )
    inside = "".join(_element(rng, 12) for _ in range(8))
    content = f'{head}<top xmlns:x="y">{inside}</top>'.encode()
    assert deepest(content) == _walked(content)


@pytest.mark.parametrize(
    "content",
    [
        b"<a><!-- <b> --></a>",
        b"<a><![CDATA[<b></]]></a>",
        b"<a><?do </ </ ?></a>",
        b"<?do </?><a/>",
        b"<a>1 > 0</a>",
        b'<a b=">"/>',
        b"<a>/></a>",
        b"<?xml version='1.0'?><a><?do it?></a>",
        b"<a>" + b"/>" * 3_000_000 + b"<" * 3_000_000,
    ],
)
def test_depth_of_other_parts_is_left_to_a_walk(content: bytes) -> None:
    assert deepest(content) is None


# --- whole columns ---------------------------------------------------------------------------

_ODD_ROWS = [
    '<c r="A{r}" s="1"/><c r="B{r}" s="2"><f>A{r}+1</f><v>1</v></c><c r="C{r}"><v>7</v></c>',
    '<c r="A{r}" s="1"/><c r="B{r}" s="9" t="str"><f>A{r}&amp;"x"</f><v>a</v></c><c r="C{r}"/>',
    '<c r="A{r}"/><c r="B{r}"><f t="shared" si="0"/><v>1</v></c><c r="C{r}" t="s"><v>0</v></c>',
    '<c r="B{r}"><f>1</f></c><c r="C{r}" cm="1" t="inlineStr"><is><t>x</t></is></c>',
    '<c r="B{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    '<c r="C{r}"><v>7</v></c>',
    '<c r="B{r}"><v>5</v></c><c r="C{r}"><f>B{r}</f><v>7</v></c>',
    '<c s="3" r="B{r}"><f>1</f><v>5</v></c><c r="C{r}"><v>7</v></c>',
    '<c r="B{r}"><f>1</f><v/></c><c r="C{r}"><v>7</v></c><c r="D{r}"><f>C{r}</f><v>8</v></c>',
    "",
]
_ODD_VALUES = [1.5, 2.0, "", "=1+1", None, " a\nb ", True, "é<&>", 1e-5, 12, float("inf"), "x"]


def test_columns_replaced_at_once_are_those_replaced_cell_by_cell() -> None:
    rng = random.Random(1)
    rows = list(range(6, 306))
    body = "".join(
        f'<row r="{r}" ht="18">{rng.choice(_ODD_ROWS[: 2 if r < 60 else None]).format(r=r)}</row>'
        for r in rows
    )
    sheet = f'<sheetData><row r="5"><c r="B5"><v>1</v></c></row>{body}</sheetData>'.encode()
    columns = {at: [rng.choice(_ODD_VALUES) for _ in rows] for at in (1, 2)}
    cells = {r: {at: columns[at][n] for at in columns} for n, r in enumerate(rows)}
    cells[5] = {1: 2.0}
    values = Values(6, columns, frozenset([1]))
    assert b"".join(patched_rows(sheet, {5: {1: 2.0}}, values)) == b"".join(
        patched_rows(sheet, cells)
    )
    numbers = Values(6, {1: [n / 8 for n in range(len(rows))]}, frozenset([1]))
    singly = {r: {1: n / 8} for n, r in enumerate(rows)}
    assert b"".join(patched_rows(sheet, {}, numbers)) == b"".join(patched_rows(sheet, singly))
