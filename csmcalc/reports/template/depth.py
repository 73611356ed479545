"""How deep the elements of an XML part stand in one another, told from its bytes.

To be called for every element of a large sheet takes longer than all else that is done with it.
"""

from __future__ import annotations

import numpy as np

_BLOCK = 1 << 22
_OPENS, _CLOSES, _SLASH, _DECLARES, _ASKS = b"<>/!?"
_STEP = np.ones(256, dtype=np.int8)
_STEP[[_SLASH, _CLOSES]] = -1  # </row, and the end of <c/>
_STEP[_ASKS] = 0
_BEGINNINGS = (b"<?xml ", b"\xef\xbb\xbf<?xml ")


def deepest(content: bytes) -> int | None:
    """The depth of the deepest element of a part, should it be well-formed; None for one not plain.

    It is plain where every < and > is that of a tag, the declaration at the beginning apart:
    comments, CDATA and instructions may hold others, and texts may hold >.

    >>> deepest(b"<?xml version='1.0'?><a><b><c/></b><b>x/y</b></a>")
    3
    >>> deepest(b"<a><b><!-- <c> --></b></a>"), deepest(b"<a>></a>")
    (None, None)
    """
    letters = np.frombuffer(content, dtype=np.uint8)
    depth = most = surplus = 0
    instructions = int(content.startswith(_BEGINNINGS))
    for first in range(0, len(content) - 1, _BLOCK):
        block = letters[first : first + _BLOCK + 1]
        here, after = block[:-1], block[1:]
        opens, closes = here == _OPENS, after == _CLOSES
        # Looked at block by block: signs that make up for others may not stand far from them.
        surplus += int(np.count_nonzero(opens)) - int(np.count_nonzero(closes))
        if surplus not in (0, 1):
            return None
        at = np.flatnonzero(opens | ((here == _SLASH) & closes))
        if not len(at):
            continue
        next_ones = after[at]
        instructions -= int(np.count_nonzero(next_ones == _ASKS))
        if instructions < 0 or (next_ones == _DECLARES).any():
            return None
        depths = depth + np.cumsum(_STEP[next_ones], dtype=np.int64)
        most, depth = max(most, int(depths.max())), int(depths[-1])
    return None if surplus else most
