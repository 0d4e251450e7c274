"""Documents are written, filed, changed, replaced and put out of force (D05.1, D05.2, D05.9, D05.10)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.domains.regulations.shelves import begin
from anlan.engines.audit.api import change
from anlan.engines.files.api import attachments_of
from anlan.engines.library.api import Document, DocumentKind, Topic
from anlan.engines.org.api import SiteBegun
from anlan.kernel.errors import Rejected
from tests.factories import a_user
from tests.files.making import EXE
from tests.library.conftest import Stacks, form_of, web

NEW = "/library/documents/new"


@pytest.mark.requirement("D05.1")
def test_a_document_is_typed_or_uploaded_and_every_edit_keeps_the_former_words(stacks: Stacks) -> None:
    page = web(stacks.bureau)
    filed = {"org": stacks.tree.county.pk, "kind": stacks.kind().pk, "topic": stacks.topic().pk}
    said = {
        **filed,
        "level": "county",
        "force": "in_force",
        "title": "消防办法",
        "body": "<p>第一条 初稿</p>",
    }
    for missing in ("title", "topic", "kind"):
        answer = page.post(NEW, {**said, missing: ""})
        assert answer.status_code == 422
        assert f'id="id_{missing}-e"' in answer.content.decode() or "is-invalid" in answer.content.decode()
    assert not Document.unguarded.exists()
    bad = SimpleUploadedFile("病毒.exe", EXE)
    assert page.post(NEW, {**said, "source": bad}).status_code == 422
    assert not Document.unguarded.exists()

    assert page.post(NEW, said).status_code in (302, 303)
    typed = Document.unguarded.get(title="消防办法")
    paper = SimpleUploadedFile("细则.txt", "附件的字".encode())
    assert page.post(NEW, {**said, "title": "有附件", "body": "", "annex": paper}).status_code in (302, 303)
    assert [item.name for item in attachments_of(Document.unguarded.get(title="有附件"))] == ["细则.txt"]

    edit = f"{typed.get_absolute_url()}edit"
    sent = form_of(typed) | {"body": "<p>第一条 改稿</p><script>alert(1)</script>"}
    assert page.post(edit, sent).status_code in (302, 303)
    assert "alert" not in Document.unguarded.get(pk=typed.pk).body
    former = page.get(f"{typed.get_absolute_url()}editions/1/").content.decode()
    assert "第一条 初稿" in former
    assert "恢复这一版" in former
    # Somebody else still has the first version open: nothing is lost on either side.
    late = page.post(edit, sent | {"body": "<p>我打的字</p>"})
    assert late.status_code == 409
    assert "我打的字" in late.content.decode()
    assert "第一条 改稿" in late.content.decode()

    reader = web(stacks.keeper)
    shown = reader.get(typed.get_absolute_url()).content.decode()
    assert "第一条 改稿" in shown
    assert f'{typed.get_absolute_url()}edit"' not in shown
    assert reader.get(edit).status_code == 403
    assert reader.post(edit, sent).status_code == 403
    assert reader.post(f"{typed.get_absolute_url()}editions/1/restore").status_code == 403
    assert web(stacks.outsider).get(typed.get_absolute_url()).status_code == 404


@pytest.mark.requirement("D05.2")
def test_topics_and_types_are_there_at_the_start_and_none_goes_with_documents_on_it(stacks: Stacks) -> None:
    begin(SiteBegun(stacks.tree.other_city))
    named = {"消防安全", "特种设备", "技术防范", "安保人员", "宿舍安全", "防汛防台"}
    assert named <= set(Topic.unguarded.filter(org=stacks.tree.other_city).values_list("title", flat=True))
    kinds = DocumentKind.unguarded.filter(org=stacks.tree.other_city).values_list("title", flat=True)
    assert set(kinds) == {"法律法规", "管理制度", "通知要求", "应急预案"}

    fire, dorm = stacks.topic(), stacks.topic("宿舍安全")
    law, plan = stacks.kind(), stacks.kind("应急预案")
    stacks.document("火灾预案", topic=fire, kind=plan, body="<p>预案全文</p>")
    stacks.document("消防法", topic=fire, kind=law)
    stacks.document("宿舍预案", topic=dorm, kind=plan)
    page = web(stacks.bureau)
    shown = page.get(f"/library/documents/?topic={fire.pk}&kind={plan.pk}").content.decode()
    assert "火灾预案" in shown
    assert "消防法" not in shown
    assert "宿舍预案" not in shown
    assert "第 1–1 条，共 1 条" in shown
    found = Document.unguarded.get(title="火灾预案")
    assert "预案全文" in page.get(found.get_absolute_url()).content.decode()

    assert page.post(f"/library/topics/{fire.pk}/archive").status_code == 409
    assert Topic.unguarded.get(pk=fire.pk).archived_at is None
    for document in Document.unguarded.filter(topic=fire):
        change(stacks.bureau, document, {"topic": dorm})
    assert page.post(f"/library/topics/{fire.pk}/archive").status_code in (302, 303)
    # Moving a category takes its documents along.
    change(stacks.bureau, dorm, {"parent": stacks.topic("综合管理")})
    assert "综合管理 / 宿舍安全" in page.get(found.get_absolute_url()).content.decode()


@pytest.mark.requirement("D05.9")
def test_level_body_and_force_filter_and_what_is_over_comes_last(stacks: Stacks) -> None:
    stacks.document("国家办法", level="state", issuer="演示部", issued_on="2020-01-01")
    stacks.document("市办法", level="city", issuer="市教委", issued_on="2021-01-01")
    over = stacks.document(
        "旧市办法",
        level="city",
        issuer="市教委",
        issued_on="2022-01-01",
        force="repealed",
        repealed_on="2023-01-01",
    )
    stacks.document("区县办法", level="county", issuer="县局", force="amended", issued_on="2019-01-01")
    stacks.document("校规", level="school", org=stacks.tree.school, by=stacks.keeper, issued_on="2018-01-01")
    page = web(stacks.bureau)

    def shown(query: str) -> list[str]:
        text = page.get(f"/library/documents/?{query}").content.decode()
        places = {
            title: text.find(f">{title}<") for title in ("国家办法", "市办法", "旧市办法", "区县办法", "校规")
        }
        return [title for title in sorted(places, key=places.__getitem__) if places[title] >= 0]

    assert shown("") == ["市办法", "国家办法", "区县办法", "校规", "旧市办法"]
    assert shown("level=state") == ["国家办法"]
    assert shown("level=school") == ["校规"]
    assert shown("issuer=市教委") == ["市办法", "旧市办法"]
    assert shown("force=repealed") == ["旧市办法"]
    assert shown("force=amended") == ["区县办法"]
    assert "市教委" in page.get("/library/documents/").content.decode()
    text = page.get(over.get_absolute_url()).content.decode()
    assert "已废止" in text
    assert "自 2023-01-01 起不再执行" in text
    with pytest.raises(Rejected, match="废止日期不能早于施行日期"):
        stacks.document("错", effective_on="2020-05-01", force="repealed", repealed_on="2020-04-30")
    answer = page.post(
        f"{over.get_absolute_url()}edit",
        form_of(over)
        | {"issued_on": "2022-01-01", "effective_on": "2022-02-01", "repealed_on": "2022-01-15"},
    )
    assert answer.status_code == 422
    assert "废止日期不能早于施行日期" in answer.content.decode()


def test_what_was_replaced_leads_to_what_is_in_force_and_never_in_a_circle(stacks: Stacks) -> None:
    newest = stacks.document("三版")
    middle = stacks.document("二版", force="replaced", successor=newest)
    first = stacks.document("一版", force="replaced", successor=middle)
    shown = web(stacks.bureau).get(first.get_absolute_url()).content.decode()
    assert f'现行文件是 <a href="{newest.get_absolute_url()}">三版</a>' in shown
    with pytest.raises(Rejected, match="不能由自己"):
        change(stacks.bureau, newest, {"force": "replaced", "successor": first})


def test_a_school_has_its_own_documents_and_those_of_its_bureau(stacks: Stacks) -> None:
    stacks.document("县里的规定")
    stacks.document("县里的草稿", force="draft")
    own = stacks.document("本校制度", org=stacks.tree.school, by=stacks.keeper)
    school, sister = web(stacks.keeper), web(stacks.stranger)
    text = school.get("/library/documents/").content.decode()
    assert "县里的规定" in text
    assert "本校制度" in text
    assert "县里的草稿" not in text
    assert "本校制度" not in sister.get("/library/documents/").content.decode()
    assert sister.get(own.get_absolute_url()).status_code == 404
    assert sister.get(f"{own.get_absolute_url()}read").status_code == 404
    staff = web(stacks.bureau.__class__.person(a_user("staff", stacks.tree.school), "web"))
    assert "本校制度" in staff.get("/library/documents/").content.decode()
    assert staff.get(NEW).status_code == 403
