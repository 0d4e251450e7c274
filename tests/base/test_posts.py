"""Posts and their holders."""

from datetime import timedelta

import pytest

from anlan.base.people import Person, leave
from anlan.base.posts import PostHolder, end_post, hand_over, holders, vacancies
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.messaging.api import holders as addressees
from anlan.engines.org.api import Grant, may
from anlan.engines.tasks.api import close_todos, open_todo, todos_for
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan
from anlan.engines.tasks.splitting import issue
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.factories import a_grant, a_user, sign_in

pytestmark = pytest.mark.django_db
LATER = {"starts_on": clock.today() - timedelta(days=30)}


def put(tree, person, post="contact", unit="S1", **values):
    return create(SYSTEM, PostHolder(org=tree[unit], post_id=f"safety_post.{post}", person=person, **values))


def fresh(person):
    return User.objects.get(pk=person.account_id)


def test_the_new_holder_is_addressed_and_the_former_is_not(tree, person):
    old, new = person("老王"), person("小李")
    put(tree, old, **LATER)
    assert addressees(tree.school, role="school_contact") == [old.account]
    hand_over(SYSTEM, tree.school, "contact", new)
    assert addressees(tree.school, role="school_contact") == [new.account]
    assert not may(fresh(old), "base.schools.view")
    assert may(fresh(new), "base.schools.view")
    history = PostHolder.objects.unscoped().filter(org=tree.school).order_by("pk")
    assert [(row.person.name, row.ends_on is None) for row in history] == [("老王", False), ("小李", True)]


def test_two_holders_of_a_single_post_are_refused_and_several_guards_are_not(tree, person):
    put(tree, person("甲"))
    with pytest.raises(Rejected) as refused:
        put(tree, person("乙"))
    assert "只能有一人" in refused.value.fields["person"][0]
    put(tree, person("丙"), "guard")
    put(tree, person("丁"), "guard")
    put(tree, person("戊"), unit="S2")
    assert holders(tree.school, "guard").count() == 2


def test_an_impossible_phone_number_and_a_reversed_term_are_refused(tree, person):
    with pytest.raises(Rejected) as refused:
        put(tree, person("甲"), phone="12345")
    assert "phone" in refused.value.fields
    today = clock.today()
    with pytest.raises(Rejected):
        put(tree, person("乙"), starts_on=today, ends_on=today - timedelta(days=1))


def test_a_school_without_responsible_persons_is_incomplete(tree, person, schools):
    ids = [tree[code].pk for code in ("S1", "S2")]
    assert {post.code for post in vacancies(ids)[ids[0]]} == {"head", "safety_manager", "contact"}
    for post in ("head", "safety_manager", "contact"):
        put(tree, person(post), post)
    assert list(vacancies(ids)) == [ids[1]]


def test_a_future_holder_has_no_right_yet_and_an_expired_one_none_any_more(tree, person):
    today = clock.today()
    soon, gone = person("将任"), person("已任")
    put(tree, soon, starts_on=today + timedelta(days=3))
    put(tree, gone, "head", starts_on=today - timedelta(days=9), ends_on=today - timedelta(days=1))
    assert not may(fresh(soon), "base.schools.view")
    assert not may(fresh(gone), "base.schools.view")
    assert not holders(tree.school).exists()


def test_ending_a_post_leaves_grants_given_by_hand(tree, person):
    man = person("老张")
    a_grant(man.account, "staff", tree.school)
    post = put(tree, man, "teacher")
    end_post(SYSTEM, post)
    assert [grant.role.code for grant in Grant.objects.filter(user=man.account)] == ["staff"]


def test_one_right_from_two_posts_ends_with_the_last(tree, person):
    man = person("老张")
    first, second = put(tree, man, "head"), put(tree, man, "safety_vice")
    end_post(SYSTEM, first)
    assert may(fresh(man), "base.schools.view")
    end_post(SYSTEM, second)
    assert not may(fresh(man), "base.schools.view")


def test_a_person_leaving_holds_no_post_any_more(tree, person):
    man = person("老张")
    put(tree, man)
    leave(SYSTEM, man)
    assert not holders(tree.school).exists()
    assert not may(fresh(man), "base.schools.view")


@pytest.mark.requirement("D09.3")
def test_a_handover_moves_messages_and_todos_and_a_school_without_person_shows_incomplete(
    client, tree, schools, person
):
    old, new, bureau = person("老王"), person("小李"), a_user("bureau_safety", tree.county)
    put(tree, old, "safety_manager", **LATER)
    open_todo(schools["S1"], "duty", "学校自查", "/", permission="base.schools.maintain")
    assert todos_for(fresh(old)).count() == 1
    sign_in(client, bureau).post(f"{PostHolder.objects.unscoped().one(person=old).get_absolute_url()}act/end")
    form = {"org": tree.school.pk, "post": "safety_post.safety_manager", "person": new.pk}
    answer = client.post("/base/posts/new", form | {"phone": "12345", "starts_on": "2026-01-05"})
    assert answer.status_code == 422, "an invalid phone number"
    assert client.post("/base/posts/new", form | {"starts_on": "2026-01-05"}).status_code in (302, 303)
    assert todos_for(fresh(new)).count() == 1
    assert todos_for(fresh(old)).count() == 0
    assert addressees(tree.school, role="school_safety") == [new.account]
    put(tree, old, "contact")
    second = client.post("/base/posts/new", form | {"post": "safety_post.contact", "starts_on": "2026-01-05"})
    assert second.status_code == 422, "two holders of a single post"
    history = client.get("/base/posts/?archived=all").content.decode()
    assert "老王" in history
    page = client.get("/base/schools/").content.decode()
    assert "缺 1 人" in page
    assert page.count("缺 3 人") == 2


def test_a_post_handed_over_takes_the_open_matters_along_on_choice(tree, person, client):
    """By the page: the successor is addressed at once, with the matters or without; the post is never empty."""
    head = a_user("school_head", tree.school)
    sign_in(client, head)
    matter = create(SYSTEM, Person(org=tree.school, name="事项"))
    for move, left in (("on", 0), ("", 1)):
        old, new = person("老王"), person("小李")
        holder = put(tree, old, **LATER)
        open_todo(matter, "test", "整改", "/", user=old.account)
        said = {"person": new.pk, "move_tasks": move, "idempotency": f"k{left}"}
        assert client.post(f"/base/posts/{holder.pk}/act/hand_over", said).status_code == 303
        assert [row.person for row in holders(tree.school, "contact")] == [new]
        assert todos_for(fresh(old)).filter(title="整改").count() == left
        assert todos_for(fresh(new)).filter(title="整改").count() == 1 - left
        end_post(SYSTEM, holders(tree.school, "contact").get())
        close_todos(matter)


def test_a_person_who_left_takes_no_post_and_an_empty_one_is_flagged(tree, person):
    gone, here = person("老王"), person("小李")
    holder = put(tree, here, "head")
    leave(SYSTEM, gone)
    for values in ({"person": gone}, {"person": here, "deputy": gone}):
        with pytest.raises(Rejected) as refused:
            put(tree, post="contact", **values)
        assert "已离岗" in " ".join(" ".join(said) for said in refused.value.fields.values())
    assert "safety_post.head" not in {post.pk for post in vacancies([tree.school.pk])[tree.school.pk]}
    leave(SYSTEM, here)
    assert not holders(tree.school, "head").exists()
    assert "safety_post.head" in {post.pk for post in vacancies([tree.school.pk])[tree.school.pk]}
    assert PostHolder.objects.unscoped().get(pk=holder.pk).ends_on == clock.today()


@pytest.mark.requirement("S05.2")
def test_a_successor_takes_the_open_tasks_on_choice_and_the_school_shows_it_at_once(
    client, tree, schools, person
):
    head, bureau = a_user("school_head", tree.school), a_user("bureau_safety", tree.county)
    for move in ("on", ""):
        old, new = person("老王"), person("小李")
        holder = put(tree, old, duty="信息报送", phone="13812345678", **LATER)
        task = SchoolTaskPlan(
            title="消防自查", org=tree.school, starts_on=clock.today(), ends_on=clock.today()
        )
        task.responsible = old.account
        issue(Actor.person(head), task, (), ())
        assert todos_for(fresh(old)).filter(title__contains="消防自查").count() == 1
        url = f"/base/posts/{holder.pk}/act/hand_over"
        stranger = put(tree, person("外校", "S2"), unit="S2").person
        officer = bureau if move else head  # who fills the post decides, also over what others have issued
        assert sign_in(client, officer).post(url, {"person": stranger.pk}).status_code == 422
        assert client.post(url, {"person": new.pk, "move_tasks": move}).status_code == 303
        doer = SchoolTask.unguarded.get(round__plan=task).assignee
        assert doer == (new.account if move else old.account), "on choice"
        assert todos_for(doer).filter(title__contains="消防自查").count() == 1
        page = sign_in(client, bureau).get(schools["S1"].get_absolute_url()).content.decode()
        team = page.partition("安全小组与责任人")[2] or page
        assert "小李" in team, "the school's page says so at once"
        assert addressees(tree.school, role="school_contact") == [new.account]
        client.post(f"/base/posts/{holders(tree.school, 'contact').get().pk}/act/end")
        assert "缺" in client.get("/base/schools/").content.decode()
        end_post(SYSTEM, holders(tree.sister_school, "contact").get())
    gone = person("走了")
    leave(SYSTEM, gone)
    sent = {
        "org": tree.school.pk,
        "post": "safety_post.contact",
        "person": gone.pk,
        "starts_on": "2026-01-05",
    }
    assert client.post("/base/posts/new", sent).status_code == 422
    assert "safety_post.contact" in {post.pk for post in vacancies([tree.school.pk])[tree.school.pk]}, (
        "flagged"
    )
