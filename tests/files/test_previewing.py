"""Every kind of file can be looked into, and found by its text, without a program for it (X.11)."""

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from PIL import Image

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import StoredFile, attach, attachments_of, text_of
from anlan.engines.files.vault import root
from tests.factories import Tree, a_user, sign_in
from tests.files.making import EXE, MP3, MP4, PDF, a_docx, a_package, a_picture, an_ole, an_xlsx, upload
from tests.library.papers import an_old_word
from tests.sample.lamps import Lamp, Maker

SLIDE = (
    '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>防溺水</a:t></a:r>'
    "<a:r><a:t>班会</a:t></a:r></a:p></p:sld>"
).encode()
TALK = a_package({"ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": SLIDE})
SHOWN = {
    "方案.docx": (a_docx("应急预案", "<script>alert(1)</script>"), ["应急预案", "&lt;script&gt;"]),
    "台账.xlsx": (an_xlsx(["名称", "数量"], ["灭火器", 3]), ["灭火器", "<td>3</td>"]),
    "名册.csv": ("姓名,班级\n王小明,三班".encode("gbk"), ["王小明"]),
    "说明.txt": ("第一行\n<b>第二行</b>".encode("gbk"), ["第一行", "&lt;b&gt;第二行"]),
    "班会.pptx": (TALK, ["防溺水班会"]),
    "通知.pdf": (PDF, ["page-1", "第 1 页"]),
    "照片.jpg": (a_picture(), ["/marked", 'width="640"']),
    "录像.mp4": (MP4, ["<video", "/full"]),
    "录音.mp3": (MP3, ["<audio"]),
    "旧.doc": (an_old_word("秋季安全工作方案"), ["秋季安全工作方案"]),
    "旧.ppt": (an_ole("PowerPoint Document"), ["请下载后查看"]),
    "坏.docx": (a_package({"word/document.xml": b"<broken"}), ["损坏"]),
}


@pytest.mark.sqlite  # of files alone
@pytest.mark.parametrize("name", SHOWN)
def test_a_file_is_looked_into(
    name: str, record: Maker, actor: Actor, client: Client, keeper: Any, stranger: Any
) -> None:
    content, wanted = SHOWN[name]
    attachment = attach(actor, record, upload(name, content), "evidence")
    answer = sign_in(client, keeper).get(attachment.address("preview"), headers={"HX-Request": "true"})
    text = answer.content.decode()
    for words in (*wanted, "/download"):
        assert words in text
    assert "<script" not in text
    assert sign_in(Client(), stranger).get(attachment.address("preview")).status_code == 404


@pytest.mark.requirement("ARCH.17")
def test_files_open_beside_their_record_for_those_who_see_it_and_for_nobody_else(
    client: Client, tree: Tree, settings: Any
) -> None:
    """On the record's page every format opens in place; outside the scope its address, guessed or shared, is not
    found; a disguised or oversized file does not come in.
    """
    settings.FILES = {"document_bytes": 100_000}
    person = a_user("lamp_keeper", tree.township)
    mine = sign_in(client, person)
    lamp = create(Actor.person(person), Lamp(org=tree.school, code="D-1", place="门厅"))
    names = ("方案.docx", "旧.doc", "台账.xlsx", "班会.pptx", "通知.pdf", "照片.jpg")
    for name in names:
        attach(Actor.person(person), lamp, upload(name, SHOWN[name][0]), "before")
    page = mine.get(f"/sample/lamps/{lamp.pk}/").content.decode()
    stranger = sign_in(Client(), a_user("lamp_keeper", tree.far_school))
    assert stranger.get(f"/sample/lamps/{lamp.pk}/").status_code == 404
    for item in attachments_of(lamp):
        assert (item.address("marked") if item.is_picture else item.address("preview")) in page
        seen = mine.get(item.address("preview")).content.decode()
        assert all(words in seen for words in SHOWN[item.name][1]), item.name
        for variant in ("preview", "full", "download", "thumb", "marked", "page-1"):
            assert stranger.get(item.address(variant)).status_code == 404
            assert Client().get(item.address(variant)).status_code in (302, 404)
    stored = StoredFile.objects.count()
    for name, content, why in (("照片.jpg", EXE, "不是图片"), ("通知.pdf", PDF + bytes(100_000), "超过")):
        refused = mine.post("/files/uploads/", {"file": upload(name, content)})
        assert (refused.status_code, why in refused.json()["message"]) == (422, True)
    assert StoredFile.objects.count() == stored


def test_pages_of_a_pdf_are_pictures(record: Maker, actor: Actor, client: Client, keeper: Any) -> None:
    document, buffer = pypdfium2.PdfDocument.new(), io.BytesIO()
    for _ in range(2):
        document.new_page(200, 100)
    document.save(buffer)
    paper = attach(actor, record, upload("a.pdf", buffer.getvalue()), "evidence")
    mine = sign_in(client, keeper)
    answer = mine.get(paper.address("page-2"))
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (600, 300))
    assert mine.get(paper.address("page-3")).status_code == 404
    photo = attach(actor, record, upload("a.jpg", a_picture()), "evidence")
    assert mine.get(photo.address("page-1")).status_code == 404


@pytest.mark.requirement("MLPS.18")
def test_a_preview_leaves_nothing_on_the_disk(
    record: Maker, actor: Actor, client: Client, keeper: Any
) -> None:
    paper = attach(actor, record, upload("通知.pdf", PDF), "evidence")
    essay = attach(actor, record, upload("方案.docx", SHOWN["方案.docx"][0]), "evidence")
    before = {path for path in root().rglob("*") if path.is_file()}
    page = sign_in(client, keeper)
    seen = page.get(paper.address("page-1"))
    assert (seen.status_code, seen["ETag"]) == (200, f'"{paper.file.sha256}-1"')
    assert "应急预案" in page.get(essay.address("preview")).content.decode()
    assert {path for path in root().rglob("*") if path.is_file()} == before
    assert page.get(paper.address("page-1"), headers={"If-None-Match": seen["ETag"]}).status_code == 304


def test_text_is_found_in_whatever_holds_text(record: Maker, actor: Actor) -> None:
    found = {
        name: text_of(attach(actor, record, upload(name, content), "evidence").file)
        for name, (content, _) in SHOWN.items()
    }
    for name, words in (
        ("方案.docx", "应急预案"),
        ("台账.xlsx", "灭火器"),
        ("名册.csv", "王小明"),
        ("说明.txt", "第二行"),
        ("班会.pptx", "防溺水班会"),
    ):
        assert words in found[name]
    assert found["照片.jpg"] == found["坏.docx"] == ""
