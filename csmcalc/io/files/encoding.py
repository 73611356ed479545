"""Text files whatever their encoding: bytes in, UTF-8 out, with a word on what was assumed."""

from __future__ import annotations

import codecs
import re

from csmcalc.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1A), *range(0x1B, 0x20), 0x7F])
_CONTROL = re.compile(b"[" + re.escape(_CONTROLS) + b"]")
_SAMPLE = 1 << 18
_PIECE = 1 << 24
_UNPRINTABLE = (b"\x0b", b"\x0c", "\ufffe".encode(), "\uffff".encode())
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_MOSTLY = 4
_END_OF_FILE = b"\x1a"
_WESTERN_LETTERS = frozenset("äöüßéèêëàâçñóíáúîïôûùœæøåÄÖÜÉÈÀÇÑÓÅØÆ€£§°·–—’‘“”«»…½² ®©™")
_ALSO_WESTERN = frozenset("ãõÃÕ")
"""Letters of Portuguese; in words of few such letters, as Cyrillic ones have the same codes."""
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")


def as_utf8(source: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The content of a text file in UTF-8, and a note where its encoding had to be guessed.

    Characters that no workbook can hold become blanks.
    """
    data, notes = _in_utf8(source, content)
    for unprintable in _UNPRINTABLE:
        data = data.replace(unprintable, b" ")
    return data, notes


def _in_utf8(source: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
    content = content.rstrip(_END_OF_FILE)
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _decoded(source, content, encoding), ()
    wide = _wide_encoding(content[:4096])
    if wide:
        return _decoded(source, content, wide), ()
    _refuse_binary(source, content)
    first_odd = _not_utf8(content)
    if first_odd is not None:
        mended = content.decode("utf-8", errors="replace")
        damaged = mended.count(_REPLACEMENT)
        # Letters beyond ASCII are hardly ever right by chance: UTF-8 with a slip remains UTF-8.
        if _beyond_ascii(mended) > _MOSTLY * damaged:
            shown = "1 character" if damaged == 1 else f"{damaged:,} characters"
            note = f"{source}: {shown} of the UTF-8 text damaged, shown as {_REPLACEMENT}"
            return mended.encode(), (note,)
        encoding = _guess(content, first_odd)
        note = f"{source}: the text is not UTF-8; read as {encoding}"
        return content.decode(encoding, errors="replace").encode(), (note,)
    return content, ()


def _beyond_ascii(text: str) -> int:
    """How many letters are written with several bytes."""
    return len(text) - len(text.encode("ascii", errors="ignore"))


def _not_utf8(content: bytes) -> int | None:
    """Where a text stops being UTF-8, about; piece by piece, as text takes up to four times."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        try:
            decoder.decode(piece, final=start + _PIECE >= len(content))
        except UnicodeDecodeError as error:
            return min(start + error.start, len(content) - 1)
    return None


def _decoded(source: str, content: bytes, encoding: str) -> bytes:
    try:
        text = content.decode(encoding)
        data = text.removeprefix("\ufeff").encode()
    except UnicodeError:
        raise InputError(
            f"{source}: begins as {encoding.upper()} text but is damaged further on; export the "
            "file again, best as CSV UTF-8"
        ) from None
    _refuse_binary(source, data)
    return data


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 without its mark: nearly every second byte is zero."""
    if len(head) < 4:
        return None
    even, odd = head[::2], head[1::2]
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


def _refuse_binary(source: str, content: bytes) -> None:
    for start in range(0, len(content), _PIECE):
        piece = content[start : start + _PIECE]
        if len(piece.translate(None, _CONTROLS)) < len(piece):
            break
    else:
        return
    match = _CONTROL.search(content, start)
    assert match
    line = content.count(b"\n", 0, match.start()) + 1
    what = "a NUL byte" if match.group() == b"\0" else f"the control byte {match.group()[0]:#04x}"
    raise InputError(
        f"{source}: line {line} holds {what}, which no text file has; it is damaged or not a CSV "
        "file: export it again as CSV UTF-8 or .xlsx"
    )


def _guess(content: bytes, first_odd: int) -> str:
    """cp1252 where that gives Western letters, else what charset-normalizer finds likeliest."""
    sample = content[max(0, first_odd - 1000) : first_odd + _SAMPLE]
    odd = {byte for byte in sample if byte > 0x7F}
    letters = bytes(odd).decode("cp1252", errors="replace")
    western = _WESTERN_LETTERS
    if _few_odd_letters(sample):
        western |= _ALSO_WESTERN
    if sum(letter in western for letter in letters) >= 0.8 * len(letters):
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    if best is None or _fails(content, best.encoding):
        return "cp1252"
    return best.encoding


def _few_odd_letters(sample: bytes) -> bool:
    """Whether words that hold a letter beyond ASCII are mostly of plain ones: `São`, not `Łódź`."""
    letters = b"".join(_WORD.findall(sample))
    return 2 * sum(byte > 0x7F for byte in letters) < len(letters)


def _fails(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return True
    return False
