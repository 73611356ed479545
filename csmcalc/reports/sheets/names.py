"""Where the names of bubbles stand: on the side on which no bubble and no line is in their way.

Everything is in shares of both axes, as the bubbles are: 0 where an axis begins, 1 where it ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIDES = ("r", "l", "t", "b")
"""Right, left, above, below: the first on which the least is in the way is taken."""


@dataclass(frozen=True, slots=True)
class Space:
    """What a chart leaves for names: how large bubbles and letters are, where the frame ends.

    radius: of the widest bubble, along both axes.
    letter: half of its width. line: half of the height of a name.
    low, high: of the frame, on both axes. right: how far a name may reach beyond the bubbles.
    """

    radius: tuple[float, float]
    letter: float
    line: float
    low: float
    high: float
    right: float


@dataclass(frozen=True, slots=True)
class Bubbled:
    """Bubbles: their places, the root of their size (1 the widest, 0 not drawn), their letters."""

    x: Floats
    y: Floats
    root: Floats
    letters: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Names:
    """What is in the way of each name on each side, the side it has (from 1; 0 none), its box.

    A box is (left, right, lower, upper). `free` are names that no name of an earlier bubble meets.
    """

    ways: NDArray[np.int64]
    side: NDArray[np.int64]
    boxes: tuple[Floats, Floats, Floats, Floats]
    free: NDArray[np.bool_]


def names_of(bubbles: Bubbled, lines: tuple[float, float], space: Space, most: float = 0) -> Names:
    """The side of each name, the bubbles being in the order of who may have a name first.

    A name may lie on at `most` so many bubbles, lines and ends of the frame.
    """
    around = [_box(side, bubbles, space) for side in SIDES]
    ways = np.array([_in_the_way(box, bubbles, lines, space) for box in around])
    clear = (ways.min(axis=0) <= most) & (bubbles.root > 0)
    side = np.where(clear, ways.argmin(axis=0) + 1, 0)
    at = np.arange(len(side))
    left, right, lower, upper = (
        np.where(side > 0, np.array([box[edge] for box in around])[side - 1, at], 0.0)
        for edge in range(4)
    )
    meets = (left[:, None] < right) & (right[:, None] > left)
    meets &= (lower[:, None] < upper) & (upper[:, None] > lower) & (side > 0)
    earlier = np.tril(meets, -1).any(axis=1)
    return Names(ways, side, (left, right, lower, upper), (side > 0) & ~earlier)


def _box(side: str, bubbles: Bubbled, space: Space) -> tuple[Floats, Floats, Floats, Floats]:
    """The box of a name, from near the middle of its bubble on, which others may not cover."""
    x, y, line, off = bubbles.x, bubbles.y, space.line, space.letter
    half = bubbles.letters * space.letter
    beside = space.radius[0] * bubbles.root + half + half
    beyond = space.radius[1] * bubbles.root + line + line
    return {
        "r": (x + off, x + beside, y - line, y + line),
        "l": (x - beside, x - off, y - line, y + line),
        "t": (x - half, x + half, y + off, y + beyond),
        "b": (x - half, x + half, y - beyond, y - off),
    }[side]


def _in_the_way(
    box: tuple[Floats, Floats, Floats, Floats],
    bubbles: Bubbled,
    lines: tuple[float, float],
    space: Space,
) -> NDArray[np.int64]:
    """How many bubbles, lines and ends of the frame a name would lie on."""
    left, right, lower, upper = (edge[:, None] for edge in box)
    across, up = (radius * bubbles.root for radius in space.radius)
    meets = (bubbles.x - across < right) & (bubbles.x + across > left)
    meets &= (bubbles.y - up < upper) & (bubbles.y + up > lower) & (bubbles.root > 0)
    np.fill_diagonal(meets, False)
    left, right, lower, upper = box
    crossed = (lines[0] > left) & (lines[0] < right)
    crossed = crossed.astype(int) + ((lines[1] > lower) & (lines[1] < upper))
    off = (left < space.low).astype(int) + (right > space.right)
    off = off + (lower < space.low) + (upper > space.high)
    found: NDArray[np.int64] = meets.sum(axis=1) + crossed + off
    return found
