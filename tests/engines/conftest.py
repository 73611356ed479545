from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.office import Office, require_office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    require_office()
    return Office(tmp_path_factory.mktemp("office"))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    folder = tmp_path / "written"
    folder.mkdir()
    return folder
