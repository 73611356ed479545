"""Where the elements of an XML part stand in its bytes, so that single ones can be replaced.

A part is never written anew from a tree: what is not replaced stays as it was, byte for byte.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from xml.parsers import expat

from csmcalc.errors import WorkbookError

_SLASH = ord("/")
_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")


@dataclass(slots=True)
class Element:
    """An element: name, attributes, and the bytes it takes, tags included.

    `inside` and `inside_end` are the bytes between its tags; alike in an element without content.
    """

    name: str
    attributes: dict[str, str]
    start: int
    inside: int = 0
    inside_end: int = 0
    end: int = 0
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def find(self, name: str) -> Element | None:
        """The first child of a name."""
        for child in self.children:
            if child.name == name:
                return child
        return None

    def all(self, *names: str) -> list[Element]:
        """All elements of some names at any depth, itself included."""
        found = [self] if self.name in names else []
        for child in self.children:
            if child.children:
                found += child.all(*names)
            elif child.name in names:
                found.append(child)
        return found

    @property
    def all_text(self) -> str:
        """The text in it and in its children."""
        if not self.children:
            return self.text
        return self.text + "".join(child.all_text for child in self.children)


def mapped(source: str, part: str, content: bytes) -> Element:
    """The tree of a part with the place of each element.

    Only UTF-8 is read, and no document type declaration, as the check of the package demands.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    top = Element("", {}, 0)
    stack = [top]
    index, count = content.index, content.count

    def start(tag: str, attributes: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        found = Element(tag.rpartition(":")[2] if ":" in tag else tag, attributes, at)
        stack[-1].children.append(found)
        stack.append(found)

    def end(_: str) -> None:
        found = stack.pop()
        start = found.start
        inside = index(b">", start) + 1
        if found.attributes and (count(b'"', start, inside) % 2 or count(b"'", start, inside) % 2):
            inside = _end_of_tag(content, start)
        found.inside = inside
        if content[inside - 2] == _SLASH:
            found.end = found.inside_end = inside
        else:
            found.inside_end = at = parser.CurrentByteIndex
            found.end = index(b">", at) + 1

    def text(characters: str) -> None:
        stack[-1].text += characters

    def refuse(*_: object) -> None:
        raise WorkbookError(f"{source}: part {part} declares a document type; it was not read")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise WorkbookError(f"{source}: part {part} is damaged ({error})") from None
    return top.children[0]


def _end_of_tag(content: bytes, start: int) -> int:
    """Where a tag ends; a > inside the quotes of an attribute does not end it."""
    end = content.index(b">", start) + 1
    if not content.count(b'"', start, end) % 2 and not content.count(b"'", start, end) % 2:
        return end
    match = _TAG.match(content, start)
    assert match
    return match.end()


def attribute_place(content: bytes, element: Element, name: str) -> tuple[int, int]:
    """Where the value of an attribute stands, without its quotes."""
    tag = content[element.start : _end_of_tag(content, element.start)]
    at = 0
    while True:
        at = tag.index(name.encode(), at)
        after = tag[at + len(name) :].lstrip()
        if tag[at - 1 : at].isspace() and after.startswith(b"="):
            quote = after[1:].lstrip()[:1]
            first = tag.index(quote, at) + 1
            return element.start + first, element.start + tag.index(quote, first)
        at += 1


class Edits:
    """What is to be replaced in a part: at once, or by a slot in each report."""

    def __init__(self, content: bytes) -> None:
        """Begin with the bytes of a part."""
        self.content = content
        self._edits: list[tuple[int, int, object]] = []
        self._ordered: list[tuple[int, int, object]] | None = None

    def __bool__(self) -> bool:
        return bool(self._edits)

    def replace(self, start: int, end: int, by: object) -> None:
        """Replace some bytes by text, or by a slot that is filled in each report."""
        self._edits.append((start, end, by))
        self._ordered = None

    def replace_all(self, start: int, end: int, by: object) -> None:
        """The same, in place of all that was to be replaced between."""
        self._edits = [edit for edit in self._edits if not start <= edit[0] < end]
        self.replace(start, end, by)

    def pieces(self) -> list[object]:
        """The part as bytes and slots in turn; neighbouring bytes are joined."""
        return self.part(0, len(self.content))

    def part(self, first: int, last: int) -> list[object]:
        """The same of some of the bytes."""
        made: list[object] = []
        ready: list[bytes] = []
        at = first
        if self._ordered is None:
            self._ordered = sorted(self._edits, key=_bounds)
        edits = self._ordered
        for place in range(bisect_left(edits, (first, first), key=_bounds), len(edits)):
            start, end, by = edits[place]
            if start > last:
                break
            if end > last:
                continue
            assert start >= at, "replacements overlap"
            ready.append(self.content[at:start])
            if isinstance(by, (str, bytes)):
                ready.append(by.encode() if isinstance(by, str) else by)
            else:
                made += [*_joined(ready), by]
                ready.clear()
            at = end
        ready.append(self.content[at:last])
        return [*made, *_joined(ready)]


def _bounds(edit: tuple[int, int, object]) -> tuple[int, int]:
    return edit[:2]


def _joined(pieces: list[bytes]) -> list[bytes]:
    """Bytes in one piece, or none where there are no bytes."""
    joined = b"".join(pieces)
    return [joined] if joined else []
