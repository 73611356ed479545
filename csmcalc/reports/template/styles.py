"""Styles of a template, each with a twin for text that must never be typed again as a formula."""

from __future__ import annotations

import re

from csmcalc.reports.template.xmlmap import Edits, Element, attribute_place, mapped

_QUOTED = re.compile(r'\squotePrefix\s*=\s*("[^"]*"|\'[^\']*\')')


class Styles:
    """The cell styles; twins are added at the end, so that all numbers stay what they are."""

    def __init__(self, source: str, part: str, content: bytes) -> None:
        """Find the list of cell styles."""
        self._content = content
        self._formats = mapped(source, part, content).find("cellXfs") if content else None
        self._elements = self._formats.children if self._formats else []
        self._twins: dict[str, str] = {}
        self._added: list[str] = []

    def quoted(self, style: str) -> str:
        """The style attribute of the same look with Excel's mark for text (`quotePrefix`)."""
        if style not in self._twins:
            self._twins[style] = self._twin(style)
        return self._twins[style]

    def _twin(self, style: str) -> str:
        number = int(style.strip(' s="') or 0)
        if number >= len(self._elements):
            return style
        found = self._elements[number]
        if found.attributes.get("quotePrefix") in ("1", "true"):
            return style
        self._added.append(self._with_mark(found))
        return f' s="{len(self._elements) + len(self._added) - 1}"'

    def _with_mark(self, element: Element) -> str:
        text = _QUOTED.sub("", self._content[element.start : element.end].decode())
        name_end = next(at for at, letter in enumerate(text) if letter in " \t\r\n/>")
        return f'{text[:name_end]} quotePrefix="1"{text[name_end:]}'

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
