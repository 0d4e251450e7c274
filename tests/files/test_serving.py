"""The address of a file alone opens nothing: rights of the record decide at every request."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from anlan.engines.audit.api import Actor, archive
from anlan.engines.files.api import attach, attachments_of, damaged, put_whole, replace
from anlan.engines.files.readers import readers
from anlan.engines.org.api import Grant, forget_rights
from tests.factories import a_grant, a_role, sign_in
from tests.files.making import MP4, PDF, a_docx, a_noise, a_picture, upload
from tests.sample.lamps import Maker


@pytest.fixture
def mine(client: Client, keeper: Any) -> Client:
    return sign_in(client, keeper)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.requirement("ARCH.14")
def test_files_follow_the_rights_of_their_record(
    record: Maker, actor: Actor, mine: Client, stranger: Any, keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = attach(actor, record, upload("a.jpg", a_picture()), "before")
    for variant in ("full", "thumb", "marked", "download"):
        assert mine.get(picture.address(variant)).status_code == 200
        assert sign_in(Client(), stranger).get(picture.address(variant)).status_code == 404
        assert Client().get(picture.address(variant)).status_code == 302
    assert mine.get(f"/files/{uuid4()}/full").status_code == 404
    assert mine.get(picture.address("other")).status_code == 404
    Grant.objects.filter(user=keeper).delete()
    assert mine.get(picture.address()).status_code == 404


def test_a_model_without_a_reader_is_closed(
    record: Maker, actor: Actor, mine: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = attach(actor, record, upload("a.jpg", a_picture()), "before")
    monkeypatch.delitem(readers._items, "sample.maker")
    assert mine.get(picture.address()).status_code == 404


def test_browsers_are_told_to_share_and_guess_nothing(record: Maker, actor: Actor, mine: Client) -> None:
    picture = attach(actor, record, upload("照片.jpg", a_picture()), "before")
    answer = mine.get(picture.address())
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline")
    assert mine.get(picture.address(), headers={"If-None-Match": answer["ETag"]}).status_code == 304
    document = attach(actor, record, upload("方案.docx", a_docx("内容")), "evidence")
    answer = mine.get(document.address())
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E6%96%B9")
    assert answer["Content-Type"] == "application/octet-stream"
    paper = attach(actor, record, upload("n.pdf", PDF), "evidence")
    assert mine.get(paper.address())["Content-Type"] == "application/pdf"


def test_a_thumbnail_is_small_whatever_the_browser(record: Maker, actor: Actor, mine: Client) -> None:
    picture = attach(actor, record, upload("a.jpg", a_noise((1600, 1200))), "before")
    for accept, form in (("image/webp,*/*", "WEBP"), ("*/*", "JPEG")):
        content = body(mine.get(picture.address("thumb"), headers={"Accept": accept}))
        small = Image.open(io.BytesIO(content))
        assert (small.format, max(small.size)) == (form, 320)
        assert len(content) <= 30 * 1024


def test_a_watermark_says_time_unit_and_person(record: Maker, actor: Actor, mine: Client) -> None:
    picture = attach(actor, record, upload("a.jpg", a_picture(size=(1200, 900), gps=True)), "before")
    assert picture.mark() == f"2026-10-20 09:10 池店一小 {actor.user.name}"
    marked = Image.open(io.BytesIO(body(mine.get(picture.address("marked")))))
    lower = marked.crop((600, 840, 1200, 900)).convert("L").getextrema()
    assert lower[1] > 200
    assert marked.getpixel((10, 10))[0] > 200


def test_a_video_is_sent_in_ranges(record: Maker, actor: Actor, mine: Client) -> None:
    video = attach(actor, record, upload("v.mp4", MP4), "evidence").address()
    for asked, first, last in (("bytes=0-99", 0, 99), ("bytes=-10", len(MP4) - 10, len(MP4) - 1)):
        answer = mine.get(video, headers={"Range": asked})
        assert (answer.status_code, body(answer)) == (206, MP4[first : last + 1])
        assert answer["Content-Range"] == f"bytes {first}-{last}/{len(MP4)}"
    assert mine.get(video, headers={"Range": f"bytes={len(MP4)}-"}).status_code == 416
    whole = mine.get(video)
    assert (whole.status_code, body(whole), whole["Accept-Ranges"]) == (200, MP4, "bytes")


def test_a_draft_is_seen_by_its_person_only(keeper: Any, stranger: Any, mine: Client) -> None:
    draft = put_whole(keeper, upload("a.jpg", a_picture()))
    assert mine.get(f"/files/{draft.uid}/thumb").status_code == 200
    assert sign_in(Client(), stranger).get(f"/files/{draft.uid}/thumb").status_code == 404


@pytest.mark.requirement("X.24")
def test_evidence_follows_its_record_keeps_what_was_and_shows_change(
    record: Maker, actor: Actor, mine: Client, keeper: Any, stranger: Any, tree: Any
) -> None:
    former = attach(actor, record, upload("a.jpg", a_picture(gps=True)), "before")
    assert (former.created_by, former.taken_at is not None, former.source_sha256) != (None, False, "")
    other = sign_in(Client(), stranger)
    for variant in ("full", "thumb"):
        assert (
            mine.get(former.address(variant)).status_code,
            other.get(former.address(variant)).status_code,
        ) == (
            200,
            404,
        )
    later = replace(actor, former, record, upload("b.jpg", a_picture(colour="blue")))
    assert [kept.pk for kept in attachments_of(record, formers=True)] == [former.pk, later.pk]
    assert mine.get(former.address()).status_code == 200
    content = body(mine.get(former.address()))
    assert not Image.open(io.BytesIO(content)).getexif()
    assert former.position(keeper) is None
    forget_rights(keeper)
    a_grant(keeper, a_role("place_reader", "files.position").code, tree.school)
    assert former.position(keeper) == (24.81, 118.59)
    assert list(damaged()) == []
    former.file.path.write_bytes(content + b"x")
    assert list(damaged()) == [former.file]
    archive(actor, record)
    assert mine.get(later.address()).status_code == 200
