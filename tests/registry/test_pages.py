"""List, record and form pages of a declared ledger, as people use them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from anlan.engines.audit.api import AuditEntry
from tests.factories import Tree
from tests.sample.lamps import Lamp, Maker

Make = Callable[..., Any]
Enter = Callable[[Any], Client]
URL = "/sample/lamps/"


def filled(**values: Any) -> dict[str, Any]:
    return {"code": "D-9", "place": "操场", "kind": "exit", "watts": "5", **values}


def test_a_list_shows_the_rows_of_the_own_units_only(
    tree: Tree, lamp: Make, keeper: Any, enter: Enter
) -> None:
    lamp(tree.school, code="D-1")
    lamp(tree.sister_school, code="D-2")
    page = enter(keeper).get(URL).content.decode()
    assert "D-1" in page
    assert "D-2" not in page
    assert "共 1 盏" in page


def test_personal_values_are_masked_for_everybody(lamp: Make, master: Any, enter: Enter) -> None:
    record = lamp()
    for url in (URL, f"{URL}{record.pk}/", f"{URL}{record.pk}/print", f"{URL}{record.pk}/edit"):
        page = enter(master).get(url).content.decode()
        assert "138****0001" in page, url
        assert "13859700001" not in page, url
        assert "王小明" not in page, url


def test_looking_behind_the_mask_needs_a_reason_and_is_written_down(
    lamp: Make, master: Any, guest: Any, enter: Enter
) -> None:
    record = lamp()
    url = f"{URL}{record.pk}/unmask"
    assert enter(guest).post(url, {"reason": "查"}).status_code == 403
    assert enter(master).post(url, {"reason": " "}).status_code == 422
    page = enter(master).post(url, {"reason": "联系保管人"}).content.decode()
    assert "13859700001" in page
    entry = AuditEntry.objects.get(action="unmask")
    assert (entry.user, entry.reason, entry.object_id) == (master, "联系保管人", str(record.pk))
    assert "13859700001" not in entry.title


def test_search_finds_parts_of_words_and_takes_special_characters_literally(
    lamp: Make, keeper: Any, enter: Enter
) -> None:
    lamp(code="D-1", place="一号楼东侧走廊")
    lamp(code="D-2", place="食堂100%后门")
    client = enter(keeper)

    def found(text: str) -> set[str]:
        return set(
            re.findall(r"D-\d", client.get(URL, {"q": text}, headers={"HX-Request": "true"}).content.decode())
        )

    assert found("楼东") == {"D-1"}
    assert found("%") == {"D-2"}
    assert found("_") == set()
    assert found("食堂 后门") == {"D-2"}
    assert found("'\"\\") == set()


def test_masked_values_cannot_be_probed_by_parts(lamp: Make, guest: Any, enter: Enter) -> None:
    lamp()
    client = enter(guest)
    assert "D-1" not in client.get(URL, {"q": "王小"}).content.decode()
    assert "D-1" in client.get(URL, {"q": "王小明"}).content.decode()


def test_filters_and_views_count_what_they_show(lamp: Make, keeper: Any, enter: Enter) -> None:
    lamp(code="D-1", kind="exit")
    lamp(code="D-2", kind="ceiling")
    page = enter(keeper).get(URL, {"kind": "ceiling"}).content.decode()
    assert "D-2" in page
    assert "D-1" not in page
    assert "第 1–1 条，共 1 条" in page


@pytest.mark.parametrize(
    "query", ["bought_on_from=2026-05-02&bought_on_to=2026-05-01", "bought_on_from=tomorrow"]
)
def test_an_impossible_period_is_refused(query: str, keeper: Any, enter: Enter) -> None:
    assert enter(keeper).get(f"{URL}?{query}").status_code == 422


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=999999999999", "size=7", "sort=phone", "org=x&kind=%00", "maker=9999999999999999999"],
)
def test_senseless_queries_do_no_harm(query: str, lamp: Make, keeper: Any, enter: Enter) -> None:
    lamp()
    assert enter(keeper).get(f"{URL}?{query}").status_code == 200


def test_htmx_gets_only_the_rows(lamp: Make, keeper: Any, enter: Enter) -> None:
    lamp()
    page = enter(keeper).get(URL, headers={"HX-Request": "true"}).content.decode()
    assert 'id="rows"' in page
    assert "<html" not in page


def test_registering_keeps_a_double_click_from_storing_twice(tree: Tree, keeper: Any, enter: Enter) -> None:
    client = enter(keeper)
    form = client.get(f"{URL}new").content.decode()
    key = re.search(r'name="idempotency" value="(\w+)"', form)
    assert key
    data = filled(org=tree.school.pk, idempotency=key[1])
    first, second = client.post(f"{URL}new", data), client.post(f"{URL}new", data)
    assert first.status_code == second.status_code == 303
    assert first["Location"] == second["Location"]
    assert Lamp.objects.unscoped().count() == 1


def test_bad_input_keeps_what_was_typed_and_says_where(tree: Tree, keeper: Any, enter: Enter) -> None:
    answer = enter(keeper).post(f"{URL}new", filled(org=tree.school.pk, watts="2000", place="旧礼堂"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "功率要小于 1000 瓦" in page
    assert "旧礼堂" in page
    assert not Lamp.objects.unscoped().exists()


def test_a_taken_key_is_named(lamp: Make, tree: Tree, keeper: Any, enter: Enter) -> None:
    lamp(code="D-9")
    answer = enter(keeper).post(f"{URL}new", filled(org=tree.school.pk))
    assert answer.status_code == 422
    assert Lamp.objects.unscoped().count() == 1


def test_units_and_relations_outside_are_neither_offered_nor_taken(
    tree: Tree, lamp: Make, keeper: Any, enter: Enter
) -> None:
    Maker.unguarded.create(org=tree.school, name="近处灯厂")
    far = Maker.unguarded.create(org=tree.sister_school, name="别校灯厂")
    client = enter(keeper)
    form = client.get(f"{URL}new").content.decode()
    assert "近处灯厂" in form
    assert "别校灯厂" not in form
    assert tree.sister_school.name not in form
    for outside in ({"org": tree.sister_school.pk}, {"org": tree.school.pk, "maker": far.pk}):
        assert client.post(f"{URL}new", filled(**outside)).status_code == 422
    record = lamp()
    moved = client.post(f"{URL}{record.pk}/edit", filled(org=tree.sister_school.pk))
    assert moved.status_code == 422
    assert not Lamp.objects.unscoped().filter(org=tree.sister_school).exists()


def test_others_records_are_not_found_and_missing_rights_are_refused(
    tree: Tree, lamp: Make, keeper: Any, guest: Any, enter: Enter
) -> None:
    record, foreign = lamp(), lamp(tree.sister_school)
    for page in ("", "edit", "print"):
        assert enter(keeper).get(f"{URL}{foreign.pk}/{page}").status_code == 404
    assert enter(guest).get(f"{URL}{record.pk}/").status_code == 200
    assert enter(guest).get(f"{URL}{record.pk}/edit").status_code == 403
    assert enter(guest).get(f"{URL}new").status_code == 403
    assert enter(guest).post(f"{URL}{record.pk}/archive").status_code == 403


def test_an_edit_leaves_untouched_masks_alone(tree: Tree, lamp: Make, keeper: Any, enter: Enter) -> None:
    record = lamp()
    data = filled(org=tree.school.pk, phone="138****0001", keeper="王**", version=record.version)
    assert enter(keeper).post(f"{URL}{record.pk}/edit", data).status_code == 303
    record.refresh_from_db()
    assert (record.place, record.phone, record.keeper) == ("操场", "13859700001", "王小明")


def test_a_late_save_shows_both_versions_and_can_be_sent_again(
    tree: Tree, lamp: Make, keeper: Any, master: Any, enter: Enter
) -> None:
    record = lamp()
    seen = record.version
    data = filled(org=tree.school.pk, code="D-1")
    enter(master).post(f"{URL}{record.pk}/edit", {**data, "place": "主管写的", "version": seen})
    late = enter(keeper).post(f"{URL}{record.pk}/edit", {**data, "place": "保管写的", "version": seen})
    page = late.content.decode()
    assert late.status_code == 409
    assert "陈主管" in page
    assert "主管写的" in page
    assert "保管写的" in page
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    again = {**data, "place": "保管写的", "version": version[1]}
    assert enter(keeper).post(f"{URL}{record.pk}/edit", again).status_code == 303
    record.refresh_from_db()
    assert record.place == "保管写的"


def test_moves_are_offered_to_the_person_in_turn_and_made_once(
    lamp: Make, keeper: Any, master: Any, guest: Any, enter: Enter
) -> None:
    record = lamp()
    url = f"{URL}{record.pk}/"
    assert "请您报修" in enter(keeper).get(url).content.decode()
    empty = enter(keeper).post(f"{url}move/report", {"opinion": ""})
    assert empty.status_code == 422
    assert enter(guest).post(f"{url}move/report", {"opinion": "不亮"}).status_code == 403
    assert enter(keeper).post(f"{url}move/report", {"opinion": "不亮"}).status_code == 303
    assert enter(keeper).post(f"{url}move/report", {"opinion": "不亮"}).status_code == 409
    assert "等待灯具主管开始维修" in enter(keeper).get(url).content.decode()
    assert "请您开始维修" in enter(master).get(url).content.decode()
    assert "不亮" in enter(guest).get(url).content.decode()
    assert AuditEntry.objects.filter(action="refused:report", user=guest, succeeded=False).exists()


def test_an_archived_record_can_only_be_read(lamp: Make, master: Any, enter: Enter) -> None:
    record = lamp()
    client, url = enter(master), f"{URL}{record.pk}/"
    assert client.post(f"{url}archive").status_code == 409
    assert client.post(f"{url}move/scrap", {"opinion": "太旧"}).status_code == 303
    page = client.get(url).content.decode()
    assert "已归档" in page
    assert f"{url}edit" not in page
    assert client.get(f"{url}edit").status_code == 409
    assert client.post(f"{url}move/report", {"opinion": "不亮"}).status_code in (403, 409)


def test_bulk_work_answers_in_three_parts(
    tree: Tree, lamp: Make, keeper: Any, master: Any, enter: Enter
) -> None:
    whole, broken, foreign = lamp(code="D-1"), lamp(code="D-2"), lamp(tree.far_school, code="D-3")
    client = enter(master)
    enter(keeper).post(f"{URL}{broken.pk}/move/report", {"opinion": "不亮"})
    data = {"verb": "mend", "chosen": [whole.pk, broken.pk, foreign.pk]}
    page = client.post(f"{URL}bulk", data).content.decode()
    assert "办成 1 条，跳过 1 条，没办成 1 条" in page
    assert "D-3" not in page
    assert client.post(f"{URL}bulk", {"verb": "scrap", "chosen": [whole.pk]}).status_code == 404


def test_columns_stay_hidden_for_the_person_who_hid_them(
    lamp: Make, keeper: Any, master: Any, enter: Enter
) -> None:
    lamp()
    client = enter(keeper)
    assert client.post(f"{URL}columns", {"columns": ["place", "kind"]}).status_code == 204
    assert re.search(r'<td[^>]*data-col="keeper"[^>]*hidden', client.get(URL).content.decode())
    assert not re.search(r'<td[^>]*data-col="keeper"[^>]*hidden', enter(master).get(URL).content.decode())


def test_the_standard_views_show_their_counts(lamp: Make, keeper: Any, enter: Enter) -> None:
    record = lamp()
    client = enter(keeper)
    client.post(f"{URL}{record.pk}/move/report", {"opinion": "不亮"})
    page = client.get(f"{URL}?state=broken").content.decode()
    assert re.search(
        r'href="/sample/lamps/\?state=broken" aria-current="true">损坏 <span class="al-count">1<', page
    )
    assert "在办 1 盏" in page
