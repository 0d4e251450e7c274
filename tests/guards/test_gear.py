"""Gear of posts, assessments, people not to be hired again, figures (D15.5-D15.7)."""

from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.domains.guards.assessments import DEFAULT_ITEMS, Assessment, Barred, Item, assess
from anlan.domains.guards.gear import KINDS, Gear, Issue, Norm, Post, give_back, issue
from anlan.domains.guards.registers import PointsForm
from anlan.domains.site_security.laying_out import begin
from anlan.domains.site_security.loading import load_edition
from anlan.domains.site_security.surveys import Statement
from anlan.engines.analytics.api import analyses
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.messaging.api import Message
from anlan.engines.output.signatures import Signature, signature_faults
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_user, sign_in
from tests.guards.conftest import TODAY, Gate, identity, listed
from tests.safety.test_races import at_once

EDITION = "gbt29315_site_requirements.yaml"


def a_post(gate: Gate, **owned: int) -> Post:
    """A post with one of everything, or as many as said."""
    post = create(SYSTEM, Post(org=gate.tree.school, name="大门"))
    for kind, _ in KINDS:
        if number := owned.get(kind, 1):
            create(SYSTEM, Gear(org=post.org, post=post, kind=kind, owned=number))
    return post


def gear_of(post: Post, kind: str) -> Gear:
    """The gear of one kind."""
    return Gear.objects.unscoped().get(post=post, kind=kind)


@pytest.mark.requirement("D15.5")
def test_a_post_below_the_least_list_shows_and_nothing_is_issued_that_is_not_there(gate: Gate) -> None:
    post = a_post(gate, shield=0)
    assert [row["lacks"] for row in listed(gate.bureau, "posts/?short=1")] == ["装备不足"]
    assert "盾牌 0/1" in sign_in(Client(), gate.safety).get(post.get_absolute_url()).content.decode()
    create(SYSTEM, Gear(org=post.org, post=post, kind="shield", owned=1))
    assert listed(gate.bureau, "posts/?short=1") == []
    change(SYSTEM, gear_of(post, "spray"), {"valid_to": TODAY - timedelta(days=1)})
    assert len(listed(gate.bureau, "posts/?short=1")) == 1
    assert [row["kind"] for row in listed(gate.bureau, "gear/?validity=expired")] == ["spray"]
    create(SYSTEM, Norm(org=gate.tree.county, kind="spray", amount=0))
    assert listed(gate.bureau, "posts/?short=1") == []

    helmet, guard = gear_of(post, "helmet"), gate.guard(1)
    officer = Actor.person(gate.safety, "web")
    taken = issue(officer, helmet, guard, 1)
    with pytest.raises(Conflict, match="库存只有 0"):
        issue(officer, helmet, guard, 1)
    with pytest.raises(Rejected, match="在岗保安员"):
        issue(officer, gear_of(post, "torch"), gate.guard(2, org=gate.tree.sister_school), 1)
    give_back(officer, taken, 1)
    with pytest.raises(Conflict):
        give_back(officer, Issue.unguarded.get(pk=taken.pk), 1)
    assert gear_of(post, "helmet").stock == 1


@pytest.mark.requirement("D15.5")
@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_last_piece_at_once_take_it_once() -> None:
    gate = Gate()
    guard, helmet = gate.guard(1), gear_of(a_post(gate), "helmet")
    officer = Actor.person(gate.safety, "web")
    works = [lambda: issue(officer, helmet, guard, 1)] * 2
    assert at_once(*works) == ["done", "refused"]
    assert Issue.unguarded.count() == 1
    assert at_once(*[lambda: give_back(officer, Issue.unguarded.get(), 1)] * 2) == ["done", "refused"]
    assert (gear_of(Post.unguarded.get(), "helmet").stock, Signature.unguarded.count()) == (1, 2)


def act(client: Client, record: Any, name: str, **said: Any) -> tuple[int, str]:
    """Answer and page of an act done with the password once more."""
    answer = client.post(f"{record.get_absolute_url()}act/{name}", said | {"password": "Wai-Hai-7788!"})
    return answer.status_code, answer.content.decode()


@pytest.mark.requirement("N2.04")
def test_gear_is_kept_by_somebody_under_a_rule_and_signed_out_and_in(gate: Gate) -> None:
    school, county = gate.tree.school, gate.tree.county
    for unit in (school, gate.tree.sister_school):
        create(SYSTEM, School(org=unit, name=unit.name, kind="primary", pupils=9,
                              nature_id="school_nature.public"))  # fmt: skip
    edition = load_edition(SYSTEM, county, yaml.safe_load((SEEDS / EDITION).read_text(encoding="utf-8")))
    begin(SYSTEM, school, edition)
    post, guard = a_post(gate, baton=2, shield=0), gate.guard(1)
    dorm = create(SYSTEM, Post(org=school, name="宿管室", room="dorm"))
    create(SYSTEM, Gear(org=school, post=dorm, kind="alarm", owned=1, valid_to=TODAY - timedelta(days=1)))
    baton = gear_of(post, "baton")

    def verdict() -> tuple[str, str]:
        row = Statement.unguarded.get(org=school, requirement__code="W04")
        return row.level, row.result

    def unruled() -> set[str]:
        return {row["name"] for row in listed(gate.bureau, "strength/?unruled=1")}

    assert {row["name"] for row in listed(gate.bureau, "posts/?short=1")} == {"大门", "宿管室"}
    assert [row["kind"] for row in listed(gate.bureau, "gear/?validity=expired")] == ["alarm"]
    assert verdict() == ("must", "not_met")
    create(SYSTEM, Gear(org=school, post=post, kind="shield", owned=1))
    assert verdict() == ("must", "not_met"), "everything is there, but no rule"
    assert unruled() == {"池店一小", "池店二小"}
    safety = sign_in(Client(), gate.safety)
    rule = SimpleUploadedFile("制度.txt", "器械由专人保管".encode(), "text/plain")
    body = {
        "org": school.pk,
        "name": "大门",
        "room": "gate",
        "version": Post.unguarded.get(pk=post.pk).version,
    }
    assert safety.post(f"{post.get_absolute_url()}edit", body | {"rule": rule}).status_code == 303
    assert (verdict(), unruled()) == (("must", "met"), {"池店二小"})
    assert {row["name"] for row in listed(gate.bureau, "posts/?unkept=1")} == {"大门", "宿管室"}
    body |= {"keeper": guard.pk, "version": Post.unguarded.get(pk=post.pk).version}
    assert safety.post(f"{post.get_absolute_url()}edit", body).status_code == 303
    assert {row["name"] for row in listed(gate.bureau, "posts/?unkept=1")} == {"宿管室"}

    people = {
        role: sign_in(Client(), a_user(role, school, password="Wai-Hai-7788!"))
        for role in ("guard", "school_safety", "school_head", "school_contact")
    }
    wanted = {"guard": guard.pk, "amount": 2}
    for role in ("school_head", "school_contact"):
        assert act(people[role], baton, "take", **wanted)[0] == 403
    status, page = act(people["guard"], baton, "take", **wanted | {"amount": 3})
    assert (status, "库存只有 2 件" in page) == (422, True)
    assert act(people["guard"], baton, "take", **wanted)[0] == 303
    assert act(people["school_safety"], baton, "take", **wanted)[0] == 409, "nothing left"
    taken = Issue.unguarded.get()
    assert act(people["school_head"], taken, "give_back", back=2)[0] == 403
    status, page = act(people["school_safety"], taken, "give_back", back=3)
    assert (status, "只领出 2 件" in page) == (422, True)
    assert act(people["school_safety"], taken, "give_back", back=1)[0] == 422, "where is the other one?"
    assert gear_of(post, "baton").issued == 2
    assert act(people["school_safety"], taken, "give_back", back=1, note="折断报废")[0] == 303
    assert act(people["guard"], taken, "give_back", back=1)[0] == 409
    there = gear_of(post, "baton")
    assert (there.owned, there.issued, there.stock) == (1, 0, 1)
    signed = Signature.unguarded.order_by("pk").values_list("capacity", "method")
    assert list(signed) == [("领出", "password"), ("归还", "password")]
    assert signature_faults(Issue.unguarded.get()) == []
    assert "归还1件" in safety.get(taken.get_absolute_url()).content.decode()


@pytest.mark.requirement("D15.6")
def test_scores_follow_the_items_and_who_is_barred_is_seen_by_the_entitled_only(gate: Gate) -> None:
    first, second = gate.guard(1), gate.guard(2)
    assert assess(SYSTEM, first, DEFAULT_ITEMS).total == 100
    for name, most in {"仪表": 10, "履职": 30}.items():
        create(SYSTEM, Item(org=gate.tree.county, name=name, most=most))
    assert assess(SYSTEM, second, {"仪表": 5, "履职": 15}).total == 50
    for wrong in ({"仪表": 11, "履职": 15}, {"仪表": -1, "履职": 15}, {"仪表": 5}):
        with pytest.raises(Rejected, match="分"):
            assess(SYSTEM, first, wrong, day=TODAY - timedelta(days=1))
    form = PointsForm.for_record(first, {"day": TODAY.isoformat(), "item0": "11", "item1": "15"})
    assert list(form.errors) == ["item0"]
    page = sign_in(Client(), gate.bureau).get(Assessment.unguarded.get(guard=second).get_absolute_url())
    assert "平均 <b>75.0</b> 分" in page.content.decode()

    create(SYSTEM, Barred(org=gate.tree.county, name="某人", identity=identity(9), reason="体罚学生"))
    guard = gate.guard(9)
    told = Message.objects.filter(event="guards.barred")
    assert [(one.addressee, "体罚学生" in one.text) for one in told] == [(gate.bureau, True)]
    assert "体罚学生" in sign_in(Client(), gate.bureau).get(guard.get_absolute_url()).content.decode()
    own = sign_in(Client(), gate.safety)
    assert "不再聘用" not in own.get(guard.get_absolute_url()).content.decode()
    assert own.get("/guards/barred/").status_code == 403


@pytest.mark.requirement("D15.7")
def test_every_figure_is_its_list_and_who_left_counts_as_a_change_of_the_month(gate: Gate) -> None:
    gate.guard(1, background="", checked_on=None)
    gate.guard(2, left_on=TODAY - timedelta(days=1))
    gate.guard(3, joined_on=TODAY - timedelta(days=2))
    gate.contract(ends_on=TODAY + timedelta(days=9))
    client = sign_in(Client(), gate.bureau)
    found: dict[str, Any] = {}
    for figure in analyses["guards.strength"].figures:
        found[figure.title] = figure.value(gate.bureau)
        rows = client.get(f"/api{figure.url}").json()["results"]
        assert len(rows) == found[figure.title], figure.title
        assert all(client.get(f"{figure.ledger.url}{row['id']}/").status_code == 200 for row in rows)
    expected = {
        "在岗保安": 2, "没有背景审查": 1, "没有保安员证": 2, "本月到岗": 1, "本月离岗": 1, "合同即将到期": 1,
    }  # fmt: skip
    assert {title: found[title] for title in expected} == expected
    assert clock.today() == TODAY
    assert client.get("/analysis/guards/strength/").status_code == 200


def test_a_school_assesses_its_guard_on_the_page_of_the_guard(gate: Gate) -> None:
    guard = gate.guard(1)
    form = {"day": TODAY.isoformat(), "note": ""} | {
        f"item{number}": 5 for number in range(len(DEFAULT_ITEMS))
    }
    answer = sign_in(Client(), gate.safety).post(f"{guard.get_absolute_url()}act/assess", form)
    assert answer.status_code in (302, 303)
    assert Assessment.unguarded.get().points == dict.fromkeys(DEFAULT_ITEMS, 5)
