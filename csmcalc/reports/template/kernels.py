"""The loops over the bytes of rows, in the part of Python that numba compiles.

Copies are made sixteen bytes at a time, whatever their length: every buffer is so much longer than
what it holds.
"""

from __future__ import annotations

from typing import Any

import numpy as np

SLACK = 16
ROW, TEXT, WHOLE, DECIMAL, ELSE = 0, 1, 2, 3, 4
"""What stands between two words: a row number; a text; a whole number; a number with decimals."""

MANY, NOT_ALL = -1, -2
"""Instead of a count of decimals: there are many; not all values are numbers that a cell holds."""

ODD_END, ODD = 1, 2
"""A value that needs a look: it is blank, ends in a blank or may read as a formula; or worse."""

_LONGEST = 32_767
_EXACT = 2**53


def scan(text: Any, bounds: Any, count: int, starts: Any, odd: Any) -> None:
    """Find where the values of columns begin, each ended by 0, and what is odd in a column."""
    for column in range(len(bounds) - 1):
        begin, found, flags = bounds[column], 0, 0
        starts[column, 0] = begin
        for at in range(bounds[column], bounds[column + 1]):
            letter = text[at]
            if letter >= 32:
                # U+FFFE and U+FFFF are no characters.
                if letter == 0xEF and text[at + 1] == 0xBF and text[at + 2] >= 0xBE:
                    flags |= ODD
                continue
            if letter != 0 or found == count:
                flags |= ODD
                continue
            found += 1
            starts[column, found] = at + 1
            first, last = text[begin], text[at - 1]
            formula = first == 61 or first == 43 or first == 45 or first == 64  # = + - @
            if at == begin or formula or first == 32 or last == 32:
                flags |= ODD_END
            if at - begin > _LONGEST:
                flags |= ODD
            begin = at + 1
        if found != count:
            flags |= ODD
        odd[column] = flags


def fixed(floats: Any, numbers: Any, kinds: Any, decimals: Any) -> None:
    """How many decimals the numbers of columns have; `numbers` become they without the point.

    Of at most 15 digits there is one decimal number for each double, and it is its shortest.
    """
    for column in range(len(kinds)):
        if kinds[column] == WHOLE:
            decimals[column] = 0
            for number in numbers[column]:
                if number > _EXACT or number < -_EXACT:
                    decimals[column] = NOT_ALL
        if kinds[column] != DECIMAL:
            continue
        values, wholes = floats[column], numbers[column]
        places = 0
        for value in values:
            if not np.isfinite(value):
                places = NOT_ALL
        while places >= 0:
            scale = 10.0**places
            few = True
            for at in range(len(values)):
                whole = np.rint(values[at] * scale)
                negative_zero = whole == 0 and np.signbit(values[at])
                if whole / scale != values[at] or abs(whole) >= 1e15 or negative_zero:
                    few = False
                    break
                wholes[at] = np.int64(whole)
            if few:
                break
            places = places + 1 if places < 4 else MANY
        decimals[column] = places


def copied(out: Any, to: int, source: Any, begin: int, end: int) -> int:
    """Copy bytes; where they end."""
    at, origin, last = np.uint64(to), np.uint64(begin), np.uint64(to + end - begin)
    while at < last:
        for step in range(16):
            out[at + np.uint64(step)] = source[origin + np.uint64(step)]
        at += np.uint64(16)
        origin += np.uint64(16)
    return to + end - begin


def digits(out: Any, to: int, number: int, least: int) -> int:
    """Write a number from 0 on with so many digits at least; where they end."""
    ten = np.uint64(10)
    size, rest = 1, np.uint64(number) // ten
    while rest > 0:
        size += 1
        rest //= ten
    size = max(size, least)
    rest = np.uint64(number)
    for at in range(to + size - 1, to - 1, -1):
        out[at] = np.uint8(48) + np.uint8(rest % ten)
        rest //= ten
    return to + size


def decimal(out: Any, to: int, number: int, places: int) -> int:
    """Write a number without its point and its decimals; where it ends."""
    while places > 1 and number % 10 == 0:
        number //= 10
        places -= 1
    scale = 1
    for _ in range(places):
        scale *= 10
    at = digits(out, to, number // scale, 1)
    out[at] = 46
    return digits(out, at + 1, number % scale, places)


def write(
    out: Any,
    first: int,
    words: Any,
    ends: Any,
    kinds: Any,
    which: Any,
    text: Any,
    starts: Any,
    numbers: Any,
    decimals: Any,
) -> int:
    """Write rows: words, and between them what `kinds` and `which` say; how many bytes it took."""
    at, last = 0, len(kinds)
    own = np.empty(2 * SLACK, np.uint8)
    for row in range(numbers.shape[1]):
        size = digits(own, 0, first + row, 1)
        for piece in range(last):
            at = copied(out, at, words, ends[piece], ends[piece + 1])
            kind, column = kinds[piece], which[piece]
            if kind == ROW and column == 0:
                at = copied(out, at, own, 0, size)
                continue
            if kind == ROW:
                at = digits(out, at, first + row + column, 1)
                continue
            if kind == TEXT:
                at = copied(out, at, text, starts[column, row], starts[column, row + 1] - 1)
                continue
            number = numbers[column, row]
            if number < 0:
                out[at] = 45
                at, number = at + 1, -number
            if kind == WHOLE:
                at = digits(out, at, number, 1)
            else:
                at = decimal(out, at, number, decimals[column])
        at = copied(out, at, words, ends[last], ends[last + 1])
    return at


KERNELS = (scan, fixed, copied, digits, decimal, write)
"""Each calls only those before it."""
