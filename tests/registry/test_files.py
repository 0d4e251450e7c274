"""Files that come with forms and moves."""

import re
from collections.abc import Callable
from typing import Any

from django.test import Client

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.workflow.api import perform
from tests.factories import Tree
from tests.sample.lamps import Lamp

Make = Callable[..., Any]
Enter = Callable[[Any], Client]
URL = "/sample/lamps/"
FORM = {"code": "D-9", "place": "操场", "kind": "exit", "watts": "5"}


def test_a_record_is_registered_with_its_photos(tree: Tree, photo: Make, keeper: Any, enter: Enter) -> None:
    answer = enter(keeper).post(f"{URL}new", {**FORM, "org": tree.school.pk, "before": [photo(), photo()]})
    assert answer.status_code == 303
    page = enter(keeper).get(answer["Location"]).content.decode()
    assert page.count("al-shot__n") == 0
    assert len(attachments_of(Lamp.objects.unscoped().get(), "before")) == 2
    assert page.count("/thumb") == 2


def test_photos_sent_with_a_refused_form_are_not_sent_again(
    tree: Tree, photo: Make, keeper: Any, enter: Enter
) -> None:
    client, data = enter(keeper), {**FORM, "org": tree.school.pk}
    refused = client.post(f"{URL}new", {**data, "watts": "2000", "before": photo()})
    kept = re.findall(r'name="kept-before" value="([\w-]+)"', refused.content.decode())
    assert refused.status_code == 422
    assert len(kept) == 1
    assert client.post(f"{URL}new", {**data, "kept-before": kept}).status_code == 303
    assert len(attachments_of(Lamp.objects.unscoped().get(), "before")) == 1


def test_a_move_that_needs_a_photo_is_refused_without(
    lamp: Make, photo: Make, keeper: Any, master: Any, enter: Enter
) -> None:
    record = lamp()
    url = f"{URL}{record.pk}/move/"
    enter(keeper).post(f"{url}report", {"opinion": "不亮"})
    enter(master).post(f"{url}mend")
    empty = enter(master).post(f"{url}finish", {"opinion": "换了灯管"})
    assert empty.status_code == 422
    assert "请上传" in empty.content.decode()
    assert "换了灯管" in empty.content.decode()
    done = enter(master).post(f"{url}finish", {"opinion": "换了灯管", "after": photo()})
    assert done.status_code == 303
    assert len(attachments_of(record, "after")) == 1


def test_files_are_read_by_those_who_see_the_record(
    lamp: Make, photo: Make, tree: Tree, keeper: Any, guest: Any, enter: Enter
) -> None:
    enter(keeper).post(f"{URL}new", {**FORM, "org": tree.school.pk, "before": photo()})
    address = attachments_of(Lamp.objects.unscoped().get())[0].address()
    assert enter(guest).get(address).status_code == 200
    stranger = lamp(tree.far_school).created_by
    stranger.grants.all().delete()
    assert enter(stranger).get(address).status_code == 404


def test_what_is_no_picture_is_refused_at_its_field(
    tree: Tree, keeper: Any, enter: Enter, photo: Make
) -> None:
    bad = photo()
    bad.name = "现场.exe"
    answer = enter(keeper).post(f"{URL}new", {**FORM, "org": tree.school.pk, "before": bad})
    assert answer.status_code == 422
    assert not Lamp.objects.unscoped().exists()


def test_a_record_without_a_picture_says_so(
    tree: Tree, lamp: Make, photo: Make, keeper: Any, enter: Enter
) -> None:
    assert "还没有照片" in enter(keeper).get(f"{URL}{lamp().pk}/").content.decode()
    answer = enter(keeper).post(f"{URL}new", {**FORM, "org": tree.school.pk, "before": photo()})
    assert "还没有照片" not in enter(keeper).get(answer["Location"]).content.decode()


def test_what_is_missing_is_said_at_the_uploader(lamp: Make, keeper: Any, master: Any, enter: Enter) -> None:
    record = lamp()
    perform(Actor.person(keeper), record, "report", {"opinion": "不亮"})
    perform(Actor.person(master), record, "mend", {})
    answer = enter(master).post(f"{URL}{record.pk}/move/finish", {"opinion": "好了"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="id_after-e">请上传' in page
    assert 'aria-invalid="true"' in page
    assert page.index('data-name="kept-after"') < page.index('name="opinion"'), "photos come first"
