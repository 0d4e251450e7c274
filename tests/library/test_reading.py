"""The reader opens at the place that was found; every format is readable; readings are counted (D05.4-D05.6)."""

import re
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import Actor, change
from anlan.engines.library.api import Passage, Reading
from tests.factories import a_user
from tests.files.making import PDF, a_docx, a_package, a_picture, upload
from tests.library.conftest import Stacks, form_of, web
from tests.library.papers import a_paper, an_old_word, sheets

SLIDE = (
    '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:p><a:r><a:t>疏散路线</a:t></a:r></a:p></p:sld>'
)
LOCKED = PDF.replace(
    b"trailer<</Root 1 0 R>>",
    b"trailer<</Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -1/O<"
    + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>>>",
)  # fmt: skip


def shown(actor: Actor, url: str) -> str:
    """A page as text."""
    answer = web(actor).get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.requirement("D05.4")
def test_a_hit_opens_its_page_marked_and_next_goes_on_to_the_following_place(stacks: Stacks) -> None:
    document = stacks.document("年检办法", "<p>总则</p>")
    stacks.with_file(
        document, "办法.pdf", a_paper(*["别的内容"] * 6, "锅炉每年检验，锅炉工持证", "新锅炉登记"), "annex"
    )
    found = shown(stacks.keeper, "/library/search/?q=锅炉")
    [address] = re.findall(r'class="al-hit__where" href="([^"#]+)#here">办法.pdf 第 7 页', found)
    address = address.replace("&amp;", "&")
    page = shown(stacks.keeper, address)
    assert "/page-7" in page
    assert "第 1 处，共 3 处" in page
    boxes = re.findall(r'<rect class="al-leaf__mark([^"]*)" x="([\d.]+)" y="([\d.]+)"', page)
    assert [here for here, _, _ in boxes] == [" is-here", ""]
    assert float(boxes[0][1]) < float(boxes[1][1])  # the second occurrence stands further right
    picture = re.search(r'href="(/files/[^"]+/page-7)"', page)
    assert picture
    assert web(stacks.keeper).get(picture[1])["Content-Type"] == "image/jpeg"

    following = re.search(r'href="([^"]+)#here">下一处', page)
    assert following
    page = shown(stacks.keeper, following[1].replace("&amp;", "&"))
    assert "第 2 处，共 3 处" in page
    assert re.findall(r'al-leaf__mark([^"]*)"', page) == ["", " is-here"]
    following = re.search(r'href="([^"]+)#here">下一处', page)
    assert following
    page = shown(stacks.keeper, following[1].replace("&amp;", "&"))
    assert "/page-8" in page
    assert ">下一处<" not in page
    assert ">上一处<" in page

    assert "位置可能有变动" not in shown(stacks.keeper, address)
    change(stacks.bureau, document, {"body": "<p>改过的总则</p>"})
    later = shown(stacks.keeper, address)
    assert "这是现在的版本，查到的位置可能有变动" in later
    newer = stacks.document("新年检办法", "<p>锅炉每半年检验</p>")
    change(stacks.bureau, document, {"force": "replaced", "successor": newer})
    assert f'现行文件是 <a href="/library/documents/{newer.pk}/read?q=' in shown(stacks.keeper, address)


def test_marks_in_typed_text_run_over_bold_parts_and_steps_go_through_the_parts(stacks: Stacks) -> None:
    document = stacks.document(
        "办法", "<p>配备消<strong>防器</strong>材</p><p>无关</p><p>消防器材和消防器材</p>"
    )
    url = f"/library/documents/{document.pk}/read?q=消防器材"
    page = shown(stacks.bureau, url)
    assert '<mark id="here">消</mark><strong><mark>防器</mark></strong><mark>材</mark>' in page
    assert "第 1 处，共 3 处" in page
    page = shown(stacks.bureau, f"{url}&n=3")
    assert '<p><mark>消防器材</mark>和<mark id="here">消防器材</mark></p>' in page
    assert "这份文件里没有找到" in shown(stacks.bureau, f"/library/documents/{document.pk}/read?q=没有的词")
    assert web(stacks.outsider).get(url).status_code == 404


SAMPLES: tuple[tuple[str, Any, str], ...] = (
    ("纸.pdf", lambda: a_paper("防火须知"), "防火须知"),
    ("字.docx", lambda: a_docx("值班安排"), "<p>值班安排</p>"),
    ("旧.doc", lambda: an_old_word("巡逻路线\r"), "<p>巡逻路线</p>"),
    ("表.xlsx", lambda: sheets(器材=[["灭火器", "4"]]), "<td>灭火器</td>"),
    ("文.txt", lambda: "应急电话".encode("gbk"), "<p>应急电话</p>"),
    (
        "幻灯.pptx",
        lambda: a_package({"ppt/presentation.xml": b"<p/>", "ppt/slides/slide1.xml": SLIDE.encode()}),
        "疏散路线",
    ),
    ("图.png", lambda: a_picture("PNG"), "/marked"),
)


@pytest.mark.requirement("D05.5")
def test_every_format_is_read_in_the_page_and_a_broken_one_says_so(stacks: Stacks) -> None:
    document = stacks.document("样张")
    for name, make, words in SAMPLES:
        stacks.with_file(document, name, make(), "annex")
        listed = shown(stacks.keeper, document.get_absolute_url())
        part = re.search(rf'href="(/library/documents/\d+/read\?part=\d+)">{name}', listed)
        assert part, name
        page = shown(stacks.keeper, part[1])
        assert words in page, name
        assert "/download" in page
        assert "<script>" not in page
    for name, content, why in (
        ("坏.pdf", b"%PDF-1.4 broken", "文件已损坏或设了密码"),
        ("锁.pdf", LOCKED, "文件已损坏或设了密码"),
        ("坏.xlsx", a_package({"xl/workbook.xml": b"<broken"}), "文件已损坏"),
    ):
        extract = stacks.with_file(document, name, content, "annex")
        assert extract is not None
        assert extract.state == "failed"
        page = shown(stacks.keeper, f"/library/documents/{document.pk}/read?part={extract.attachment_id}")
        assert why in page, name
        assert "/download" in page
    macro = a_package({"word/document.xml": b"<d/>", "word/vbaProject.bin": b"x"})
    refused = web(stacks.bureau).post(
        f"{document.get_absolute_url()}edit", form_of(document) | {"annex": upload("宏.docx", macro)}
    )
    assert refused.status_code == 422
    assert "文件里有宏" in refused.content.decode()


def test_a_hostile_file_takes_only_its_reader_along(stacks: Stacks, settings: Any) -> None:
    settings.FILES = {**settings.FILES, "reader_memory": 32 * 1024 * 1024}
    document = stacks.document("大文件", "<p>仍可检索</p>")
    extract = stacks.with_file(document, "大.docx", a_docx(*["很长的一段文字" * 50] * 3000), "annex")
    assert extract is not None
    assert extract.state == "failed"
    assert "文件" in extract.reason
    assert "仍可检索" in shown(stacks.keeper, "/library/search/?q=仍可检索")
    settings.FILES = {**settings.FILES, "reader_memory": 1024 * 1024 * 1024}
    act = web(stacks.bureau).post(f"{document.get_absolute_url()}act/read_again", {})
    assert act.status_code in (302, 303)
    extract.refresh_from_db()
    assert extract.state == "waiting"


@pytest.mark.requirement("D05.6")
def test_readings_count_once_a_visit_and_are_sorted_dated_and_divided_by_school(stacks: Stacks) -> None:
    little, much = stacks.document("少有人读", "<p>一</p>"), stacks.document("读得多", "<p>二</p>")
    first, second = web(stacks.keeper), web(stacks.stranger)
    for _ in range(2):
        first.get(much.get_absolute_url())
        first.get(f"/library/documents/{much.pk}/read")
    assert Reading.unguarded.filter(document=much).count() == 1
    second.get(much.get_absolute_url())
    first.get(little.get_absolute_url())
    author = web(stacks.bureau)
    author.get(much.get_absolute_url())
    author.get(f"{much.get_absolute_url()}edit")
    assert Reading.unguarded.filter(document=much).count() == 2
    web(stacks.keeper).get(much.get_absolute_url())  # signed in anew: another visit
    assert Reading.unguarded.filter(document=much).count() == 3

    page = author.get("/library/documents/?sort=-readings").content.decode()
    assert page.index("读得多") < page.index("少有人读")
    assert "同一人一次登录期间多次打开只计一次" in page
    page = author.get("/library/documents/?sort=readings").content.decode()
    assert page.index("少有人读") < page.index("读得多")
    change(stacks.bureau, much, {"topic": stacks.topic("综合管理"), "title": "读得多（改）"})
    change(stacks.bureau, much, {"body": "<p>改</p>"})
    assert Reading.unguarded.filter(document=much).count() == 3

    school, sister = stacks.tree.school, stacks.tree.sister_school
    base = f"/library/readings/?document={much.pk}"
    assert "共 2 条" in listed(author, f"{base}&org={school.pk}")
    assert "共 1 条" in listed(author, f"{base}&org={sister.pk}")
    assert "共 0 条" not in listed(author, f"{base}&read_at_from=2000-01-01")
    assert "没有符合条件的记录" in listed(author, f"{base}&read_at_to=2000-01-01")
    by_school = listed(author, "/analysis/library/readings/")
    assert school.name in by_school
    shown_here = listed(author, much.get_absolute_url())
    assert f'/library/readings/?document={much.pk}&amp;org={school.pk}">2</a>' in shown_here
    # A school sees its own readers only.
    assert stacks.stranger.name not in listed(first, base)


def listed(client: Client, url: str) -> str:
    """The page behind an address."""
    return str(client.get(url).content.decode())


def test_somebody_who_is_no_reader_of_the_library_sees_nothing(stacks: Stacks) -> None:
    document = stacks.document("办法", "<p>字</p>")
    pupil = web(Actor.person(a_user("pupil", stacks.tree.school), "web"))
    for url in (
        "/library/search/?q=字",
        document.get_absolute_url(),
        f"/library/documents/{document.pk}/read",
    ):
        assert pupil.get(url).status_code == 403
    assert Passage.objects.filter(document=document).exists()
