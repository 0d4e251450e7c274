"""Full-text search finds exactly what stands there, for exactly those who may read it (D05.3)."""

import random
from html import escape
from typing import Any

import pytest
from django.http import QueryDict

from anlan.engines.library.api import Document, Piece, Search, store_all
from tests.files.making import a_docx
from tests.library.conftest import Stacks, form_of, web
from tests.library.papers import a_paper, a_scan, sheets


def asked(actor: Any, **said: str) -> Search:
    """A search as the page makes it."""
    query = QueryDict(mutable=True)
    query.update(said)
    return Search(actor.user, query)


def titles(search: Search) -> list[str]:
    """What was found, in order."""
    return [hit.document.title for hit in search.hits]


@pytest.mark.requirement("D05.3")
def test_a_word_on_page_seven_of_a_paper_is_found_there_by_those_who_may_read_it(stacks: Stacks) -> None:
    paper = stacks.document("特种设备年检办法", org=stacks.tree.school, by=stacks.keeper)
    assert (
        stacks.with_file(paper, "办法.pdf", a_paper(*["普通内容"] * 6, "锅炉应当每年检验", "结尾")).state
        == "done"
    )
    word = stacks.document("门卫值班细则", org=stacks.tree.school, by=stacks.keeper)
    stacks.with_file(word, "细则.docx", a_docx("第一段", "夜间每两小时巡逻一次"), "annex")
    book = stacks.document("器材清单")
    stacks.with_file(book, "清单.xlsx", sheets(器材=[["名称", "数量"], ["水带", "4"]]))
    text = stacks.document("通知原文")
    stacks.with_file(text, "通知.txt", "请检查锅炉房\n二、报送名单".encode("gbk"))
    stacks.document("打字的文件", "<p>严禁占用消防通道。</p>")

    page = web(stacks.bureau).get("/library/search/", {"q": "锅炉应当"}).content.decode()
    assert "办法.pdf 第 7 页" in page
    assert "<mark>锅炉应当</mark>每年检验" in page
    [hit] = asked(stacks.bureau, q="巡逻").hits
    assert (hit.first[0].name, hit.first[0].passage.where) == ("细则.docx", "第 2 段")
    [hit] = asked(stacks.bureau, q="水带").hits
    assert hit.first[0].passage.where == "工作表“器材”第 2 行"
    assert titles(asked(stacks.bureau, q="报送名单")) == ["通知原文"]
    assert titles(asked(stacks.bureau, q="占用消防通道")) == ["打字的文件"]

    # Documents of another school show neither as hits nor in the count.
    assert asked(stacks.keeper, q="锅炉").total == 2
    assert asked(stacks.stranger, q="锅炉").total == 1
    assert asked(stacks.outsider, q="锅炉").total == 0
    assert (
        "特种设备年检办法" not in web(stacks.stranger).get("/library/search/", {"q": "锅炉"}).content.decode()
    )

    scan = stacks.document("扫描件")
    assert stacks.with_file(scan, "扫描.pdf", a_scan()).state == "empty"
    page = web(stacks.bureau).get("/library/search/", {"q": "锅炉"}).content.decode()
    assert '<a href="/library/documents/?silent=1">1 份</a>' in page
    assert "没有文字（可能是扫描件）" in web(stacks.bureau).get(scan.get_absolute_url()).content.decode()
    assert "请输入要查找的词" in web(stacks.bureau).get("/library/search/", {"q": "  "}).content.decode()


TEXTS = {
    "甲": "灭火器在通道旁",
    "乙": "火警电话",
    "丙": "the fire door is 100% shut",
    "丁": "a_b*c",
    "戊": "他说“引号”很多",
    "己": "办法（试行）",
    "庚": "x' OR 1=1",
    "辛": '"引号"',
}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("火", "甲乙"),
        ("灭火", "甲"),
        ("ＦＩＲＥ", "丙"),
        ("fire door", "丙"),
        ("edo", ""),
        ("100%", "丙"),
        ("%", "丙"),
        ("_", "丁"),
        ("b*", "丁"),
        ('"引号"', "辛"),
        ("引号", "戊辛"),
        ("(试行)", "己"),
        ("x' OR 1", "庚"),
        ("灭火 通道", "甲"),
        ("灭火 电话", ""),
    ],
)
def test_every_term_finds_what_holds_it_and_nothing_else(stacks: Stacks, said: str, wanted: str) -> None:
    for name, text in TEXTS.items():
        stacks.document(f"文件{name}", f"<p>{escape(text, quote=False)}</p>")
    assert {title[-1] for title in titles(asked(stacks.bureau, q=said))} == set(wanted)


def test_a_word_broken_over_lines_is_found_and_words_of_two_cells_are_not_one(stacks: Stacks) -> None:
    stacks.document("断行", "<p>应当配备消<br>防器材，由专<b>人保</b>管</p>")
    stacks.document("两格", "<table><tr><td>安全</td><td>疏散</td></tr></table>")
    assert titles(asked(stacks.bureau, q="消防器材")) == ["断行"]
    assert titles(asked(stacks.bureau, q="专人保管")) == ["断行"]
    assert titles(asked(stacks.bureau, q="安全疏散")) == []
    assert titles(asked(stacks.bureau, q="安全 疏散")) == ["两格"]


def test_filters_order_and_pages(stacks: Stacks) -> None:
    for year in (2019, 2021, 2023):
        stacks.document(f"{year} 年防火要求", "<p>灭火器</p>", issued_on=f"{year}-03-01")
    many = stacks.document(
        "灭火器配置", "<p>灭火器，灭火器，灭火器</p>", issued_on="2018-01-01", topic=stacks.topic("综合管理")
    )
    old = stacks.document(
        "旧灭火器规定",
        "<p>灭火器灭火器灭火器灭火器</p>",
        force="repealed",
        repealed_on="2024-01-01",
        issued_on="2010-01-01",
    )
    found = titles(asked(stacks.bureau, q="灭火器"))
    assert found[0] == many.title  # it says so in its title, and more often
    assert found[-1] == old.title  # what is over comes last, however often it says so
    assert titles(asked(stacks.bureau, q="灭火器", sort="date"))[:2] == ["2023 年防火要求", "2021 年防火要求"]
    assert titles(asked(stacks.bureau, q="灭火器", year="2021")) == ["2021 年防火要求"]
    assert titles(asked(stacks.bureau, q="灭火器", topic=str(many.topic_id))) == [many.title]
    assert titles(asked(stacks.bureau, q="灭火器", force="repealed")) == [old.title]
    for number in range(30):
        stacks.document(f"应急 {number}", "<p>集合点</p>")
    first, second = (asked(stacks.bureau, q="集合点", page=page) for page in ("1", "2"))
    assert (first.total, len(first.hits), len(second.hits)) == (30, 20, 10)
    assert not set(titles(first)) & set(titles(second))


def test_former_words_are_not_found_and_drafts_stay_above(stacks: Stacks) -> None:
    document = stacks.document("办法", "<p>旧词语</p>")
    page = web(stacks.bureau)
    form = form_of(document) | {"force": "draft", "body": "<p>新词语</p>"}
    assert page.post(f"{document.get_absolute_url()}edit", form).status_code in (302, 303)
    assert asked(stacks.bureau, q="旧词语").total == 0
    assert asked(stacks.bureau, q="新词语").total == 1
    assert asked(stacks.keeper, q="新词语").total == 0


SIGNS = "校园安全消防通道巡查整改学生宿舍食堂教室灯电气设备值班门卫应急预案演练疏散器材检查记录制度责任"


def test_two_thousand_documents_recall_and_precision_are_one(stacks: Stacks) -> None:
    rng = random.Random(7)
    texts = {f"文{number:04d}": "".join(rng.choices(SIGNS, k=120)) for number in range(2000)}
    same = {"org": stacks.tree.county, "kind": stacks.kind(), "topic": stacks.topic()}
    made = Document.unguarded.bulk_create(Document(title=title, **same) for title in texts)
    store_all((document, [Piece("paragraph", 1, texts[document.title])]) for document in made)
    terms = [*SIGNS[:3], *(SIGNS[at : at + 2] for at in range(0, 20, 2)), "消防通道", "宿舍食", "xyz"]
    cuts = ((5, 3, 3), (99, 50, 4), (1999, 100, 6))
    terms += [texts[f"文{number:04d}"][at : at + size] for number, at, size in cuts]
    numbers = []
    for term in terms:
        search = asked(stacks.bureau, q=term)
        found = set(search.found.values_list("document__title", flat=True))
        assert found == {title for title, text in texts.items() if term in text}, term
        assert search.total == len(found)
        numbers.append(len(found))
    assert max(numbers) > 1000
    assert 0 in numbers
