"""Word and text files come in as text that is edited on (D05.7, D05.8, D05.10)."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as WordFile

from anlan.engines.files.limits import MB
from anlan.engines.library.api import Document
from tests.files.making import EXE, a_docx, an_ole
from tests.library.conftest import Stacks, form_of, web
from tests.library.papers import an_old_word

IMPORT = "/library/import/"


def asked(stacks: Stacks, **more: Any) -> dict[str, Any]:
    """What the import page sends beside the files."""
    found = {"org": stacks.tree.county.pk, "kind": stacks.kind("应急预案").pk, "topic": stacks.topic().pk}
    return {**found, "level": "county", "force": "in_force", "issuer": "", **more}


def bring(stacks: Stacks, *files: tuple[str, bytes], **more: Any) -> Any:
    """The answer to an import by the bureau."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return web(stacks.bureau).post(IMPORT, asked(stacks, source=sent, **more))


@pytest.mark.requirement("D05.7")
def test_plans_come_in_from_old_and_new_word_and_text_and_are_edited_without_loss(stacks: Stacks) -> None:
    chinese = "发现火情，立即拨打一一九。\n广播通知疏散。"
    files = (
        ("火灾预案.docx", a_docx(*chinese.split("\n"))),
        ("防汛预案.doc", an_old_word(chinese.replace("\n", "\r") + "\r", "Phone 119\r")),
        ("停电预案.txt", chinese.encode()),
        ("地震预案.txt", chinese.encode("gbk")),
    )
    assert bring(stacks, *files).status_code in (302, 303)
    for name in ("火灾预案", "防汛预案", "停电预案", "地震预案"):
        body = Document.unguarded.get(title=name).body
        assert "<p>发现火情，立即拨打一一九。</p>" in body, name
        assert "<p>广播通知疏散。</p>" in body
    assert "<p>Phone 119</p>" in Document.unguarded.get(title="防汛预案").body

    page = web(stacks.bureau)
    listed = page.get("/library/documents/?plans=1&q=防汛").content.decode()
    assert "防汛预案" in listed
    assert "火灾预案" not in listed
    plan = Document.unguarded.get(title="火灾预案")
    sent = form_of(plan) | {"body": "<p>改过的步骤</p>"}
    assert page.post(f"{plan.get_absolute_url()}edit", sent).status_code in (302, 303)
    assert page.post(f"{plan.get_absolute_url()}edit", sent | {"body": "<p>另一人</p>"}).status_code == 409
    assert "改过的步骤" in Document.unguarded.get(pk=plan.pk).body
    assert "广播通知疏散" in page.get(f"{plan.get_absolute_url()}editions/1/").content.decode()

    broken = bring(stacks, ("坏的.doc", an_ole("WordDocument")), ("好的.txt", b"fine"))
    assert broken.status_code == 422
    assert "坏的.doc：文件已损坏或不是这种格式" in broken.content.decode()
    assert not Document.unguarded.filter(title__in=("坏的", "好的")).exists()


@pytest.mark.requirement("D05.8")
def test_headings_and_tables_survive_and_former_versions_come_back(
    stacks: Stacks, settings: Any, tmp_path: Any
) -> None:
    word = WordFile()
    word.add_heading("总则", 1)
    word.add_paragraph("第一条 内容")
    table = word.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "名称", "数量"
    word.save(tmp_path / "x.docx")
    assert bring(stacks, ("制度.docx", (tmp_path / "x.docx").read_bytes())).status_code in (302, 303)
    made = Document.unguarded.get(title="制度")
    assert "<h1>总则</h1>" in made.body
    assert "<p>第一条 内容</p>" in made.body
    assert "<td><p>名称</p></td><td><p>数量</p></td>" in made.body

    page, url = web(stacks.bureau), made.get_absolute_url()
    pasted = '<p onclick="x()">第一条 改</p><script>steal()</script><img src=x onerror="x()">'
    assert page.post(f"{url}edit", form_of(made) | {"body": pasted}).status_code in (302, 303)
    made.refresh_from_db()
    assert made.body.startswith("<p>第一条 改</p>")
    assert "script" not in made.body
    assert "onerror" not in made.body
    assert "<h1>总则</h1>" in page.get(f"{url}editions/1/").content.decode()
    assert page.post(f"{url}editions/1/restore").status_code in (302, 303)
    made.refresh_from_db()
    assert "<h1>总则</h1>" in made.body
    assert made.version == 3
    assert "第一条 改" in page.get(f"{url}editions/2/").content.decode()
    assert page.post(f"{url}editions/3/restore").status_code == 409

    settings.FILES = {**settings.FILES, "document_bytes": MB}
    big = bring(stacks, ("大.txt", b"a" * (MB + 1)))
    assert big.status_code == 422
    assert "文件超过 1 MB" in big.content.decode()
    assert bring(stacks, ("程序.docx", EXE)).status_code == 422


@pytest.mark.requirement("D05.10")
def test_a_file_is_found_by_its_name_and_never_overwritten_silently(stacks: Stacks) -> None:
    assert bring(stacks, ("门卫岗位职责.txt", "旧".encode())).status_code in (302, 303)
    [made] = Document.unguarded.filter(title="门卫岗位职责")
    again = bring(stacks, ("门卫岗位职责.txt", "新".encode()))
    assert again.status_code == 422
    text = again.content.decode()
    assert "已有同名文件“门卫岗位职责”" in text
    assert "存为新版本" in text
    assert "另存一份" in text
    assert "旧" in Document.unguarded.get(pk=made.pk).body
    assert bring(stacks, ("门卫岗位职责.txt", "新".encode()), same="version").status_code in (302, 303)
    assert "新" in Document.unguarded.get(pk=made.pk).body
    assert made.editions.count() == 2
    assert bring(stacks, ("门卫岗位职责.txt", "又一份".encode()), same="second").status_code in (302, 303)
    assert Document.unguarded.filter(title="门卫岗位职责").count() == 2

    page = web(stacks.bureau)
    other = stacks.document("题目不同")
    stacks.with_file(other, "值班表样张.pdf", b"%PDF-1.4\n" + b"x" * 50, "annex")
    assert "题目不同" in page.get("/library/documents/?q=值班表").content.decode()
    shown = page.get(made.get_absolute_url()).content.decode()
    locate = f"/library/documents/?topic={made.topic_id}"
    assert f'<a href="{locate}">定位到目录</a>' in shown
    assert made.topic.trail in shown
    assert "门卫岗位职责" in page.get(locate).content.decode()
