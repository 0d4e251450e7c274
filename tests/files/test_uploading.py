"""Phones send in pieces, lose the network, and send again; every file comes in once."""

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import StoredFile, Upload, adopt, clean_drafts, count, put_whole
from anlan.kernel import clock
from tests.factories import a_user, sign_in
from tests.files.conftest import lying
from tests.files.making import EXE, PDF, a_noise, a_picture, upload
from tests.sample.lamps import Maker

PIECE = 4096


class Phone:
    """A client that uploads as the mobile pages do."""

    def __init__(self, user: Any) -> None:
        self.client = sign_in(Client(raise_request_exception=True), user)

    def begin(self, uid: UUID, content: bytes, name: str = "a.jpg", **more: Any) -> Any:
        said = {"uid": str(uid), "name": name, "size": len(content), **more}
        said.setdefault("sha256", hashlib.sha256(content).hexdigest())
        return self.client.post("/files/uploads/", json.dumps(said), "application/json")

    def put(self, uid: UUID, offset: int, piece: bytes) -> Any:
        return self.client.patch(
            f"/files/uploads/{uid}/",
            piece,
            "application/offset+octet-stream",
            headers={"Upload-Offset": str(offset)},
        )

    def send(self, uid: UUID, content: bytes) -> Any:
        for offset in range(0, len(content), PIECE):
            answer = self.put(uid, offset, content[offset : offset + PIECE])
        return answer

    def state(self, uid: UUID) -> Any:
        return self.client.get(f"/files/uploads/{uid}/").json()


@pytest.fixture
def phone(keeper: Any) -> Phone:
    return Phone(keeper)


@pytest.fixture
def content() -> bytes:
    return a_noise((200, 150))


def test_an_interrupted_upload_goes_on_where_it_stopped(phone: Phone, content: bytes, shelf: Path) -> None:
    uid = uuid4()
    assert phone.begin(uid, content).json()["offset"] == 0
    phone.put(uid, 0, content[:PIECE])
    assert phone.begin(uid, content).json()["offset"] == PIECE
    gap = phone.put(uid, 2 * PIECE, content[2 * PIECE :])
    assert (gap.status_code, gap.json()["offset"]) == (409, PIECE)
    overlap = phone.put(uid, 100, content[100 : 2 * PIECE])
    assert overlap.json()["offset"] == 2 * PIECE
    done = phone.put(uid, 2 * PIECE, content[2 * PIECE :])
    assert (done.status_code, done.json()["state"]) == (200, "ready")
    assert done.json()["thumb"] == f"/files/{uid}/thumb"
    assert phone.client.get(done.json()["thumb"]).status_code == 200
    assert len(lying(shelf / "kept")) == 1
    assert lying(shelf / "parts") == lying(shelf / "aside") == []


def test_time_and_place_from_the_phone_travel_to_the_attachment(
    phone: Phone, record: Maker, actor: Actor
) -> None:
    uid, picture = uuid4(), a_picture(gps=True)
    phone.begin(
        uid, picture, taken_at="2026-11-01T08:00:00+08:00", latitude=25.5, longitude="118.1", caption="门"
    )
    phone.send(uid, picture)
    (attachment,) = adopt(actor, record, "evidence", [uid])
    assert (attachment.latitude, attachment.longitude, attachment.caption) == (25.5, 118.1, "门")
    assert attachment.taken_at == datetime(2026, 11, 1, tzinfo=UTC)
    assert attachment.source_sha256 == hashlib.sha256(picture).hexdigest()
    assert phone.begin(uid, picture).json()["state"] == "adopted"


def test_damage_on_the_way_is_noticed_and_sent_again(phone: Phone, content: bytes, shelf: Path) -> None:
    uid = uuid4()
    phone.begin(uid, content)
    answer = phone.send(uid, bytes([content[0] ^ 1]) + content[1:])
    assert (answer.status_code, phone.state(uid)["offset"]) == (422, 0)
    assert StoredFile.objects.count() == 0
    assert phone.send(uid, content).json()["state"] == "ready"


def test_what_may_not_come_in_is_refused_with_the_same_words_each_time(phone: Phone, shelf: Path) -> None:
    uid = uuid4()
    phone.begin(uid, EXE, "a.jpg")
    first, again = phone.send(uid, EXE), phone.send(uid, EXE)
    assert (first.status_code, again.status_code) == (422, 422)
    assert first.json()["message"] == again.json()["message"]
    assert "不是图片" in first.json()["message"]
    assert lying(shelf) == []
    assert phone.begin(uuid4(), EXE, "a.exe").status_code == 422
    assert phone.begin(uuid4(), b"", "a.jpg").status_code == 422
    assert phone.begin(uuid4(), b"x", "a.jpg", size=10**10).status_code == 422
    assert phone.begin(uuid4(), b"x", "a.jpg", sha256="short").status_code == 422
    assert phone.client.post("/files/uploads/", "[1", "application/json").status_code == 422


def test_uploads_are_the_senders_own(phone: Phone, content: bytes, stranger: Any) -> None:
    uid, other = uuid4(), Phone(stranger)
    phone.begin(uid, content)
    assert other.put(uid, 0, content).status_code == 404
    assert other.client.get(f"/files/uploads/{uid}/").status_code == 404
    assert other.client.delete(f"/files/uploads/{uid}/").status_code == 404
    assert other.begin(uid, content).status_code == 409
    assert phone.client.delete(f"/files/uploads/{uid}/").status_code == 200
    assert not Upload.objects.exists()


def test_a_browser_may_send_a_whole_file_at_once(phone: Phone, content: bytes) -> None:
    uid = str(uuid4())
    for _ in range(2):
        answer = phone.client.post("/files/uploads/", {"file": upload("a.jpg", content), "uid": uid})
        assert (answer.status_code, answer.json()["state"], answer.json()["uid"]) == (201, "ready", uid)
    assert Upload.objects.count() == 1
    assert phone.client.post("/files/uploads/", {"uid": uid}).status_code == 422


def test_a_full_disk_stores_nothing_and_says_so(
    phone: Phone, content: bytes, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid, real = uuid4(), os.write
    phone.begin(uid, content)
    phone.put(uid, 0, content[:PIECE])

    def full(descriptor: int, piece: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    answer = phone.put(uid, PIECE, content[PIECE:])
    assert answer.status_code == 507
    assert "存储空间不足" in answer.json()["message"]
    assert phone.client.post("/files/uploads/", {"file": upload("b.jpg", content)}).status_code == 507
    assert lying(shelf / "kept") == lying(shelf / "aside") == []
    monkeypatch.setattr(os, "write", real)
    assert phone.state(uid)["offset"] == PIECE
    assert phone.put(uid, PIECE, content[PIECE:]).json()["state"] == "ready"


def test_drafts_nobody_used_are_forgotten_after_a_week(
    keeper: Any, actor: Actor, record: Maker, phone: Phone, content: bytes, shelf: Path
) -> None:
    put_whole(keeper, upload("a.jpg", a_picture()))
    kept = put_whole(keeper, upload("b.pdf", PDF))
    adopt(actor, record, "evidence", [kept.uid])
    half = uuid4()
    phone.begin(half, content)
    phone.put(half, 0, content[:PIECE])
    with clock.moved(clock.now() + timedelta(days=6)):
        assert clean_drafts() == 0
    with clock.moved(clock.now() + timedelta(days=8)):
        assert clean_drafts() == 2
    assert [path.read_bytes() for path in lying(shelf)] == [PDF]
    assert count(record, "evidence") == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_parallel_replays_store_one_file(shelf: Path, content: bytes) -> None:
    user, uid = a_user(), uuid4()

    def replay(_: int) -> set[int]:
        try:
            phone = Phone(user)
            begun = phone.begin(uid, content).status_code
            return {begun, *(phone.send(uid, content).status_code for _ in range(2))}
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        codes = set().union(*pool.map(replay, range(20)))
    assert codes <= {200, 201, 202}
    assert Phone(user).state(uid)["state"] == "ready"
    assert (Upload.objects.count(), StoredFile.objects.count()) == (1, 1)
    assert len(lying(shelf / "kept")) == 1
    assert lying(shelf / "parts") == []
