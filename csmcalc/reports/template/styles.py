"""Styles of a template, each with twins for values that need another."""

from __future__ import annotations

import re

from csmcalc.reports.template.cells import Look
from csmcalc.reports.template.xmlmap import Edits, Element, attribute_place, mapped

_GENERAL = "0"
_ATTRIBUTE = re.compile(r"\s([\w:.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_FORMATS = {"day": "14", "moment": "22", "time": "21", "duration": "46"}
"""Excel's own formats, which show days as its user is used to."""


class Styles:
    """The cell styles; twins are added at the end, so that all numbers stay what they are."""

    def __init__(self, source: str, part: str, content: bytes) -> None:
        """Find the list of cell styles."""
        self._content = content
        self._formats = mapped(source, part, content).find("cellXfs") if content else None
        self._elements = self._formats.children if self._formats else []
        self._looks: dict[str, Look] = {}
        self._added: list[str] = []

    def look(self, style: str) -> Look:
        """A style attribute and its twins: one marks text, the others show days and times."""
        if style not in self._looks:
            self._looks[style] = self._look(style)
        return self._looks[style]

    def _look(self, style: str) -> Look:
        number = style.strip(' s="') or "0"
        if not number.isdecimal() or int(number) >= len(self._elements):
            return Look.fixed(style)
        element = self._elements[int(number)]
        look = Look.fixed(style)
        if element.attributes.get("quotePrefix") not in ("1", "true"):
            look = look._replace(text=self._twin(element, quotePrefix="1"))
        if element.attributes.get("numFmtId", _GENERAL) == _GENERAL:
            twins = {
                name: self._twin(element, numFmtId=code, applyNumberFormat="1")
                for name, code in _FORMATS.items()
            }
            look = look._replace(**twins)
        return look

    def _twin(self, element: Element, **changed: str) -> str:
        """The style attribute of the same look with some attributes changed."""
        text = self._content[element.start : element.end].decode()
        text = _ATTRIBUTE.sub(lambda found: "" if found[1] in changed else found[0], text)
        end = next(at for at, letter in enumerate(text) if letter in " \t\r\n/>")
        told = "".join(f' {name}="{value}"' for name, value in changed.items())
        self._added.append(f"{text[:end]}{told}{text[end:]}")
        return f' s="{len(self._elements) + len(self._added) - 1}"'

    def content(self) -> bytes | None:
        """The part with the twins, or None where none was needed."""
        if not self._added or self._formats is None:
            return None
        edits = Edits(self._content)
        edits.replace(self._formats.inside_end, self._formats.inside_end, "".join(self._added))
        if "count" in self._formats.attributes:
            start, end = attribute_place(self._content, self._formats, "count")
            edits.replace(start, end, str(len(self._elements) + len(self._added)))
        return b"".join(piece for piece in edits.pieces() if isinstance(piece, bytes))
