"""A sample of every format goes the whole way: taken in, looked into, printed, found by its words (X.11)."""

from collections.abc import Callable
from typing import Any

import pytest

from anlan.engines.files.api import StoredFile, attachments_of
from anlan.engines.library.api import Document
from tests.files.making import EXE, MP3, MP4, PDF, a_docx, a_picture, upload
from tests.files.test_refusing import scanner
from tests.library.conftest import Stacks, form_of, run_jobs, web
from tests.library.papers import a_paper, an_old_sheet, an_old_word, sheets

__all__ = ["scanner"]

# Name, content, the word it is found by where it holds text, and what its preview shows.
SAMPLES: tuple[tuple[str, Callable[[], bytes], str, str], ...] = (
    ("新.docx", lambda: a_docx("甲号方案规定演练"), "甲号方案", "甲号方案规定演练"),
    ("旧.doc", lambda: an_old_word("乙号方案规定巡查"), "乙号方案", "乙号方案规定巡查"),
    ("新.xlsx", lambda: sheets(表=[["丙号器材", "三十具"]]), "丙号器材", "三十具"),
    ("旧.xls", lambda: an_old_sheet(["丁号器材", "五十具"]), "丁号器材", "五十具"),
    ("文.pdf", lambda: a_paper("戊号通知要求值守"), "戊号通知", "/page-1"),
    ("字.txt", lambda: "己号通知要求上报".encode("gbk"), "己号通知", "己号通知要求上报"),
    ("照.jpg", a_picture, "", "/marked"),
    ("图.png", lambda: a_picture("PNG"), "", "/marked"),
    ("音.mp3", lambda: MP3, "", "<audio"),
    ("像.mp4", lambda: MP4, "", "<video"),
)


def brought_in(stacks: Stacks, document: Document, name: str, content: bytes) -> Any:
    """The answer to the document's form, sent with this file as a further annex."""
    body = form_of(document) | {"annex": upload(name, content)}
    return web(stacks.bureau).post(f"{document.get_absolute_url()}edit", body)


@pytest.mark.django_db
@pytest.mark.requirement("X.11")
@pytest.mark.sqlite  # of what is read out of files; tests/library/test_searching.py finds it on both
@pytest.mark.parametrize(("name", "make", "word", "seen"), SAMPLES, ids=[sample[0] for sample in SAMPLES])
def test_a_sample_is_taken_in_looked_into_printed_and_found(
    stacks: Stacks, name: str, make: Callable[[], bytes], word: str, seen: str
) -> None:
    document, desk = stacks.document("样张"), web(stacks.keeper)
    assert brought_in(stacks, document, name, make()).status_code == 303
    run_jobs()
    [item] = attachments_of(document)
    assert item.name == name
    assert seen in desk.get(item.address("preview")).content.decode()
    played = desk.get(item.address("full"), headers={"Range": "bytes=0-3"})
    assert played.status_code == 206
    printed = desk.get(f"/prints/{item.uid}")
    if item.file.is_a.family in ("sound", "video"):
        assert printed.status_code == 422
    else:
        assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    if word:
        found = desk.get("/library/search/", {"q": word}).content.decode()
        assert f'al-hit__where" href="/library/documents/{document.pk}/read' in found
        assert name in found


@pytest.mark.django_db
@pytest.mark.requirement("X.11")
def test_what_is_disguised_too_big_or_infected_stays_out(
    stacks: Stacks, scanner: list[bytes], settings: Any
) -> None:
    document = stacks.document("样张")
    settings.FILES = {**settings.FILES, "document_bytes": 50_000}
    for name, content, why in (
        ("照.jpg", EXE, "不是图片"),
        ("新.docx", PDF, "格式"),
        ("文.pdf", PDF + bytes(50_000), "超过"),
        ("文.pdf", PDF + b"EICAR", "病毒检查未通过"),
    ):
        refused = brought_in(stacks, document, name, content)
        assert (refused.status_code, why in refused.content.decode()) == (422, True), name
    assert not attachments_of(document)
    assert not StoredFile.objects.exists()
    assert brought_in(stacks, document, "文.pdf", PDF).status_code == 303
    assert scanner[-1] == PDF
