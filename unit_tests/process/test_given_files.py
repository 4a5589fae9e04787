"""What a command needs of the machine before it begins."""

import tempfile

import pytest
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_freshdesk.process.given_files import confirm_temporary_folder


def test_a_machine_without_a_place_for_temporary_files_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_one() -> str:
        raise FileNotFoundError("No usable temporary directory found in ['/dev/shm', '/tmp']")

    confirm_temporary_folder()
    monkeypatch.setattr(tempfile, "gettempdir", without_one)
    with pytest.raises(AirbyteTracedException, match="mount one at /tmp"):
        confirm_temporary_folder()
