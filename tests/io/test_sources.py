"""What is handed in as a list need not be a file."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from csmcalc.errors import InputError
from csmcalc.io.files import bytes as files
from csmcalc.io.files import tables
from csmcalc.io.files.encoding import as_utf8
from csmcalc.io.settings import read_settings
from tests.io.conftest import read

ROWS = "ID,ARR\n1,5\n2,7\n"
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@posix
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_has_no_end_and_is_not_read(device, tmp_path):
    with pytest.raises(InputError, match="is a device, not a file"):
        read(Path(device), tmp_path)


@posix
def test_a_pipe_is_read_when_somebody_writes(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(ROWS))
    writer.start()
    assert len(read(pipe, tmp_path).customers) == 2
    writer.join()


@posix
def test_a_pipe_nobody_writes_to_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_PATIENCE", 0.1)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="nothing came out of this pipe"):
        read(tmp_path / "pipe", tmp_path)


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "LARGEST", 10)
    with pytest.raises(InputError, match="is larger than"):
        read(ROWS, tmp_path)


@posix
def test_standard_input(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "from csmcalc.cli.app import main; main()", "plan", "/dev/stdin"],
        input=ROWS,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("odd", [b"\xe9", b"\xc3"])
@pytest.mark.parametrize("place", [0, 5, 8, 15, 16, 30, 39])
def test_an_odd_byte_is_found_wherever_the_pieces_end(monkeypatch, odd, place):
    monkeypatch.setattr("csmcalc.io.files.encoding._PIECE", 8)
    text = "é".encode() * 2 + b"x" * 36
    content = b"x" * place + odd + b"," + b"x" * (40 - place)
    data, notes = as_utf8("a.csv", content)
    assert notes[0].startswith("a.csv: the text is not UTF-8; read as ")
    assert "�" not in data.decode()
    assert as_utf8("a.csv", b"x" * place + text) == (b"x" * place + text, ())


@posix
def test_settings_are_files_too():
    with pytest.raises(InputError, match="is a device"):
        read_settings(Path("/dev/zero"))


def test_a_slip_in_utf8_leaves_it_utf8():
    """One odd byte does not make MÃ¼ller of all Müllers."""
    text = "Müller, Łódź, 漢字\n".encode()
    data, notes = as_utf8("a.csv", text + b"caf\xe9\n")
    assert data.decode() == "Müller, Łódź, 漢字\ncaf�\n"
    assert notes == ("a.csv: 1 character of the UTF-8 text damaged, shown as �",)
    latin = "Müller, Café, Straße, über\n".encode("cp1252")
    assert as_utf8("a.csv", latin)[0].decode() == "Müller, Café, Straße, über\n"
