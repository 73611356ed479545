"""Words as people write them: names in any spelling, cells that list several."""

from __future__ import annotations

import re


def plain_word(word: str) -> str:
    """A name without case, blanks, hyphens and underscores.

    >>> plain_word("High-Touch") == plain_word("high touch")
    True
    """
    return re.sub(r"[\s_-]+", "", word).casefold()


def words_of(cell: str) -> frozenset[str]:
    """The words of a cell that lists several.

    >>> sorted(words_of("EMEA; North America, APAC"))
    ['APAC', 'EMEA', 'North America']
    """
    return frozenset(word.strip() for word in re.split(r"[;,|/\n]", cell) if word.strip())


def as_counted(name: str) -> list[str | int]:
    """A key by which names stand as people count: whatever their case, 2 before 10.

    >>> sorted(["CSM 10", "csm 2", "Ada"], key=as_counted)
    ['Ada', 'csm 2', 'CSM 10']
    """
    words = re.split(r"([0-9]+)", name.casefold())
    return [int(word) if at % 2 else word for at, word in enumerate(words)]


def quoted(name: str) -> str:
    """A name as it stands in a list of names: in quotes where it holds a comma.

    >>> quoted("Wolf, Dana")
    '"Wolf, Dana"'
    """
    return f'"{name}"' if "," in name else name


def split_at_commas(text: str) -> list[str]:
    """The parts between commas that do not stand within quotes, without these.

    >>> split_at_commas('"Wolf, Dana", Ben Carter')
    ['Wolf, Dana', 'Ben Carter']
    """
    parts = re.findall(r'(?:"[^"]*"|[^,"])+', text)
    return [part.strip().strip('"') for part in parts if part.strip()]
