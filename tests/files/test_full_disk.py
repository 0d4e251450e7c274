"""A disk that is full: the person is told so, nothing half-done stays, and the same work goes on once there is room."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings

from anlan.engines.files import pictures, vault
from anlan.engines.files.api import StoredFile, Upload
from anlan.engines.files.vault import NoRoom
from anlan.engines.output.exports import ExportFile, keep_export
from anlan.engines.tasks.api import Job
from anlan.kernel import clock
from tests.files.conftest import lying
from tests.files.making import PDF, a_noise, upload
from tests.files.test_uploading import PIECE, Phone

SIZE = 512 * 1024
SAID = "服务器存储空间不足"


@pytest.fixture
def crowded(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], None]]:
    """A very small disk: a real one where the tests may mount it, else writes that fail as on one.

    Calling it makes room.
    """
    disk = tmp_path / "disk"
    disk.mkdir()
    settings.MEDIA_ROOT = disk / "files"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    real = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    if real:
        (disk / "others").write_bytes(b"x" * (SIZE - 64 * 1024))
        yield (disk / "others").unlink
        subprocess.run(["umount", "-l", str(disk)], check=True)
        return
    left, write = [64 * 1024], os.write

    def scarce(descriptor: int, content: bytes) -> int:
        if len(content) > left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= len(content)
        return write(descriptor, content)

    monkeypatch.setattr(vault.os, "write", scarce)
    yield lambda: left.__setitem__(0, 10**9)


def test_an_upload_onto_a_full_disk_says_so_and_goes_on_later(
    crowded: Callable[[], None], keeper: Any, settings: LazySettings
) -> None:
    phone, uid, content = Phone(keeper), uuid4(), a_noise((400, 300))
    assert len(content) > 64 * 1024
    assert phone.begin(uid, content).status_code == 201
    answers = []
    for offset in range(0, len(content), PIECE):
        answers.append(phone.put(uid, offset, content[offset : offset + PIECE]))
        if answers[-1].status_code != 200:
            break
    refused = answers[-1]
    assert (refused.status_code, refused.json()["message"][:9]) == (507, SAID)
    kept = phone.state(uid)
    assert (kept["state"], kept["offset"]) == ("receiving", (len(answers) - 1) * PIECE)
    assert not StoredFile.objects.exists()
    crowded()
    for offset in range(kept["offset"], len(content), PIECE):
        last = phone.put(uid, offset, content[offset : offset + PIECE])
    assert (last.status_code, last.json()["state"]) == (200, "ready")
    assert Upload.objects.get().file.intact()
    assert lying(Path(settings.MEDIA_ROOT) / "aside") == []


def test_a_whole_file_onto_a_full_disk_leaves_nothing(crowded: Callable[[], None], keeper: Any) -> None:
    phone, content = Phone(keeper), a_noise((400, 300))
    answer = phone.client.post("/files/uploads/", {"file": upload("a.jpg", content)})
    assert (answer.status_code, SAID in answer.json()["message"]) == (507, True)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()
    crowded()
    assert phone.client.post("/files/uploads/", {"file": upload("a.jpg", content)}).status_code == 201


def test_a_disk_that_fills_while_a_picture_is_cleaned_does_not_blame_the_picture(
    keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, uid, content = Phone(keeper), uuid4(), a_noise((200, 150))

    def full(path: Path, chunks: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    phone.begin(uid, content)
    with monkeypatch.context() as patched:
        patched.setattr(pictures, "write", full)
        last = phone.send(uid, content)
        assert (last.status_code, SAID in last.json()["message"]) == (507, True)
    assert phone.state(uid)["state"] == "checking"
    with clock.moved(clock.now() + timedelta(minutes=2)):
        assert phone.put(uid, len(content), b"").json()["state"] == "ready"


@pytest.mark.django_db(transaction=True)
def test_an_export_onto_a_full_disk_fails_with_words_and_leaves_nothing(
    crowded: Callable[[], None], keeper: Any, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    job = Job.objects.create(code="tests.big", title="导出", user=keeper, state=Job.State.RUNNING, attempt=1)
    big = PDF + b"0" * 128 * 1024
    with pytest.raises(NoRoom):
        keep_export(keeper, "台账.pdf", big, job=job)
    assert not ExportFile.objects.exists()
    assert not StoredFile.objects.exists()
    assert lying(Path(settings.MEDIA_ROOT) / "aside") == []
    crowded()
    first = keep_export(keeper, "台账.pdf", big, job=job)
    again = keep_export(keeper, "台账.pdf", PDF, job=job)
    assert list(ExportFile.objects.all()) == [again]
    assert first.uid != again.uid
