"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from csmcalc.errors import InputError, WorkbookError
from csmcalc.reports.files import check_writable, write_together, write_whole


def test_several_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes(b"old")
    with pytest.raises(InputError, match="does not exist"):
        write_together({tmp_path / "old.txt": b"new", tmp_path / "no" / "x.txt": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["old.txt"]
    assert (tmp_path / "old.txt").read_bytes() == b"old"
    write_together({tmp_path / "old.txt": b"new", tmp_path / "x.txt": b"new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.txt", "x.txt"]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "chmod", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "x.txt", b"content")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "x.txt"
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(WorkbookError, match="make room on the disk"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everything")
def test_a_write_protected_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(WorkbookError, match="write-protected"):
        check_writable(path)
