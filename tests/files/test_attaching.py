"""Files stay with their record: once each, cleaned, replaced without loss."""

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from anlan.engines.audit.api import Actor, archive
from anlan.engines.files.api import (
    Circumstances,
    adopt,
    attach,
    attachments_of,
    attachments_of_many,
    count,
    counts,
    damaged,
    put_whole,
    remove,
    replace,
)
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_grant, a_role
from tests.files.conftest import lying
from tests.files.making import MP3, MP4, PDF, a_docx, a_picture, an_ole, an_xlsx, upload
from tests.sample.lamps import Maker

KINDS = {
    "隐患.docx": a_docx("内容"),
    "旧.doc": an_ole("WordDocument"),
    "台账.xlsx": an_xlsx(["名称"], ["灯"]),
    "旧表.xls": an_ole("Workbook"),
    "通知.pdf": PDF,
    "说明.txt": "说明".encode("gbk"),
    "a.JPG": a_picture(),
    "b.png": a_picture("PNG"),
    "c.webp": a_picture("WEBP"),
    "d.mp4": MP4,
    "e.mp3": MP3,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_comes_in_under_its_own_name(name: str, record: Maker, actor: Actor) -> None:
    attachment = attach(actor, record, upload(name, KINDS[name]), "evidence")
    assert (attachment.name, attachment.org, attachment.created_by) == (name, record.org, actor.user)
    assert attachment.file.intact()
    assert [a.pk for a in attachments_of(record, "evidence")] == [attachment.pk]


def test_a_picture_keeps_no_hidden_data_and_place_is_for_the_entitled(
    record: Maker, actor: Actor, keeper: Any, tree: Any
) -> None:
    sent = a_picture(gps=True)
    assert b"Secret Phone" in sent
    attachment = attach(actor, record, upload("a.jpg", sent), "before")
    content = attachment.file.path.read_bytes()
    assert b"Secret Phone" not in content
    assert not Image.open(io.BytesIO(content)).getexif()
    assert attachment.taken_at.isoformat() == "2026-10-20T09:10:00+08:00"
    assert attachment.position(keeper) is None
    keeper.__dict__.pop("_rights")
    a_role("place_reader", "files.position")
    a_grant(keeper, "place_reader", tree.school)
    assert attachment.position(keeper) == (24.81, 118.59)


def test_a_picture_on_its_side_is_turned_upright(record: Maker, actor: Actor) -> None:
    attachment = attach(actor, record, upload("a.jpg", a_picture(size=(640, 480), turned=True)), "before")
    assert (attachment.file.width, attachment.file.height) == (480, 640)


def test_the_same_content_lies_on_the_disk_once(record: Maker, actor: Actor, shelf: Path) -> None:
    for _ in range(3):
        attach(actor, record, upload("n.pdf", PDF), "evidence")
    assert count(record, "evidence") == 3
    assert len(lying(shelf)) == 1


def test_the_same_uid_attaches_once_and_not_elsewhere(record: Maker, actor: Actor, tree: Any) -> None:
    uid = uuid4()
    first = attach(actor, record, upload("n.pdf", PDF), "evidence", uid=uid)
    again = attach(actor, record, upload("n.pdf", PDF), "evidence", uid=uid)
    assert (again.pk, count(record, "evidence")) == (first.pk, 1)
    other = Maker.unguarded.create(org=tree.school, name="另一家")
    with pytest.raises(Conflict):
        attach(actor, other, upload("n.pdf", PDF), "evidence", uid=uid)


def test_replacing_keeps_the_former_and_happens_once(record: Maker, actor: Actor) -> None:
    former = attach(actor, record, upload("a.jpg", a_picture()), "before", about=Circumstances("东墙"))
    later = replace(actor, former, record, upload("b.jpg", a_picture(colour="blue")))
    assert [a.pk for a in attachments_of(record, "before")] == [later.pk]
    assert [a.pk for a in attachments_of(record, "before", formers=True)] == [former.pk, later.pk]
    assert (later.caption, former.file.intact()) == ("东墙", True)
    with pytest.raises(Conflict):
        replace(actor, former, record, upload("c.jpg", a_picture(colour="green")))
    assert count(record, "before") == 1


def test_what_is_taken_off_stays_in_the_archive(record: Maker, actor: Actor) -> None:
    attachment = attach(actor, record, upload("n.pdf", PDF), "evidence")
    remove(actor, attachment)
    assert attachments_of(record) == []
    assert [a.pk for a in attachments_of(record, formers=True)] == [attachment.pk]


def test_an_archived_record_takes_no_more_files(record: Maker, actor: Actor, shelf: Path) -> None:
    archive(actor, record)
    with pytest.raises(Conflict):
        attach(actor, record, upload("n.pdf", PDF), "evidence")
    assert lying(shelf) == []


def test_a_slot_has_a_limit(record: Maker, actor: Actor, settings: Any) -> None:
    settings.FILES = {"per_slot": 2}
    for _ in range(2):
        attach(actor, record, upload("n.pdf", PDF), "evidence")
    with pytest.raises(Rejected, match="最多放 2 个"):
        attach(actor, record, upload("n.pdf", PDF), "evidence")
    assert counts(record) == {"evidence": 2}


def test_a_form_adopts_the_drafts_of_its_person_only(record: Maker, actor: Actor, stranger: Any) -> None:
    mine = put_whole(actor.user, upload("a.jpg", a_picture(gps=True)))
    theirs = put_whole(stranger, upload("b.pdf", PDF))
    for _ in range(2):
        adopted = adopt(actor, record, "before", [str(mine.uid)])
    assert [a.uid for a in adopted] == [mine.uid]
    assert (adopted[0].latitude, count(record, "before")) == (24.81, 1)
    for wrong in (theirs.uid, uuid4(), "nonsense"):
        with pytest.raises(Rejected):
            adopt(actor, record, "before", [wrong])
    assert count(record, "before") == 1


def test_a_list_of_records_costs_one_query(
    record: Maker, actor: Actor, django_assert_num_queries: Any
) -> None:
    attach(actor, record, upload("n.pdf", PDF), "evidence")
    with django_assert_num_queries(1):
        assert [a.file.size for a in attachments_of_many([record, record])[record.pk]] == [len(PDF)]


def test_the_checksum_shows_unnoticed_change(record: Maker, actor: Actor) -> None:
    attachment = attach(actor, record, upload("n.pdf", PDF), "evidence")
    assert list(damaged()) == []
    attachment.file.path.chmod(0o640)
    attachment.file.path.write_bytes(PDF.replace(b"200", b"300"))
    assert list(damaged()) == [attachment.file]
