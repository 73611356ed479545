"""What is wrong with a workbook, all of it at once, each with sheet, cell and what to do."""

from __future__ import annotations

from csmcalc.errors import WorkbookError

_SHOWN = 20


class Damage:
    """Collects what stands in the way, and refuses the workbook if anything does."""

    def __init__(self, source: str) -> None:
        """Begin with the file as messages name it."""
        self.source = source
        self.found: list[str] = []

    def add(self, message: str) -> None:
        """Note one thing: where, what, what to do."""
        if message not in self.found:
            self.found.append(message)

    def refuse(self) -> None:
        """Raise what was found.

        Raises:
            WorkbookError: something was.
        """
        if not self.found:
            return
        if len(self.found) == 1:
            raise WorkbookError(f"{self.source}: {self.found[0]}")
        lines = [f"  {message}" for message in self.found[:_SHOWN]]
        if len(self.found) > _SHOWN:
            lines.append(f"  and {len(self.found) - _SHOWN:,} more")
        count = len(self.found)
        raise WorkbookError(
            "\n".join([f"{self.source}: {count:,} things stand in the way:", *lines])
        )
