"""Pages of the base floor."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.base.demo.marks import DemoLoad
from anlan.base.posts import PostHolder, holders
from anlan.base.tags import SchoolTag
from anlan.base.teams import TeamMember
from anlan.base.vocabularies import Code, retire_code
from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create
from anlan.engines.files.api import attach
from anlan.engines.org.api import Grant, Role, RolePermission
from anlan.engines.tasks.api import open_todo
from tests.factories import a_grant, a_role, a_user, sign_in

pytestmark = pytest.mark.django_db

LISTS = "schools people posts team grids places calendar terms school_tags school_changes school_field_rules"


@pytest.fixture
def bureau(tree):
    return a_user("bureau_safety", tree.county)


@pytest.mark.parametrize("plural", LISTS.split())
def test_every_list_and_form_opens(client, bureau, schools, plural):
    address = f"/base/{plural.replace('_', '-')}/"
    assert sign_in(client, bureau).get(address).status_code == 200
    if plural != "school_changes":
        assert client.get(f"{address}new").status_code == 200


def test_the_school_page_shows_its_team_with_masked_phones_and_what_is_vacant(
    client, bureau, schools, person
):
    head = person("林校长", phone="13800001234")
    create(SYSTEM, PostHolder(org=head.org, post_id="safety_post.head", person=head))
    page = sign_in(client, bureau).get(schools["S1"].get_absolute_url()).content.decode()
    assert "林校长" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    assert "联络员" in page


def test_the_list_says_which_school_is_incomplete(client, bureau, schools, person):
    for post in ("head", "safety_manager", "contact"):
        man = person(post)
        create(SYSTEM, PostHolder(org=man.org, post_id=f"safety_post.{post}", person=man))
    page = sign_in(client, bureau).get("/base/schools/").content.decode()
    assert page.count("缺 3 人") == 2
    assert page.count("齐全") == 1


def test_the_list_of_schools_costs_the_same_for_two_and_for_many(
    client, bureau, schools, django_assert_max_num_queries
):
    sign_in(client, bureau).get("/base/schools/")
    with django_assert_max_num_queries(25):
        client.get("/base/schools/")


def test_another_countys_school_is_not_found(client, bureau, schools):
    assert sign_in(client, bureau).get(schools["S4"].get_absolute_url()).status_code == 404


class TestPicking:
    """The school picker."""

    def ask(self, client, **query):
        answer = client.get("/base/schools/pick", query)
        assert answer.status_code == 200
        return [row["label"] for row in answer.json()["rows"]]

    @pytest.mark.parametrize("text", ["池店一小", "一小", "chidianyi", "cdyx", "CDYX"])
    def test_name_pinyin_and_initials_find_a_school(self, client, bureau, schools, text):
        assert self.ask(sign_in(client, bureau), q=text) == ["池店一小"]

    def test_values_narrow_together_and_the_number_equals_the_rows(self, client, bureau, schools, tree):
        sign_in(client, bureau)
        both = self.ask(client, kind="primary", town=tree.township.pk)
        assert both == ["池店一小", "池店二小"]
        answer = client.get(
            "/base/schools/pick", {"kind": "primary", "nature": "school_nature.private"}
        ).json()
        assert [row["label"] for row in answer["rows"]] == ["池店二小"]
        assert answer["total"] == 1
        assert self.ask(client) == ["池店一小", "池店二小", "陈埭中学"]

    def test_nobody_picks_outside_the_own_scope(self, client, schools, tree):
        sign_in(client, a_user("school_head", tree.school))
        assert self.ask(client) == ["池店一小"]
        assert self.ask(client, q="南安") == []
        sign_in(client, a_user("agency_liaison", tree.agency))
        assert client.get("/base/schools/pick").status_code == 403

    def test_nonsense_finds_nothing_and_breaks_nothing(self, client, bureau, schools):
        sign_in(client, bureau)
        assert self.ask(client, town="x") == []
        assert self.ask(client, tag="99999999999999999999") == []
        assert self.ask(client, q="\x00 %") == []

    def test_values_may_be_units(self, client, bureau, schools, tree):
        answer = sign_in(client, bureau).get("/base/schools/pick", {"q": "一小", "of": "unit"}).json()
        assert answer["rows"][0]["value"] == tree.school.pk


class TestMaintaining:
    """A school keeps its own facts on the page."""

    def address(self, schools, code="S1"):
        return f"{schools[code].get_absolute_url()}act/maintain"

    def facts(self, **changed):
        return {"pupils": 400, "classes": 0, "boarders": 0, "staff": 0, "teachers": 0, "guards": 0, **changed}

    def test_the_form_offers_opened_fields_only(self, client, schools, tree):
        page = (
            sign_in(client, a_user("school_safety", tree.school)).get(self.address(schools)).content.decode()
        )
        assert 'name="pupils"' in page
        assert 'name="kind"' not in page

    def test_saving_changes_the_school(self, client, schools, tree):
        sign_in(client, a_user("school_safety", tree.school))
        answer = client.post(self.address(schools), self.facts(pupils=455))
        assert answer.status_code in (302, 303)
        schools["S1"].refresh_from_db()
        assert schools["S1"].pupils == 455

    def test_a_field_of_the_bureau_sent_by_hand_is_refused_and_nothing_is_stored(self, client, schools, tree):
        sign_in(client, a_user("school_safety", tree.school))
        assert client.post(self.address(schools), self.facts(pupils=455, name="名校")).status_code == 403
        schools["S1"].refresh_from_db()
        assert (schools["S1"].pupils, schools["S1"].name) == (400, "池店一小")

    def test_another_school_is_not_found_and_a_teacher_is_refused(self, client, schools, tree):
        sign_in(client, a_user("school_safety", tree.school))
        assert client.post(self.address(schools, "S2"), self.facts()).status_code == 404
        sign_in(client, a_user("staff", tree.school))
        assert client.post(self.address(schools), self.facts()).status_code == 403

    def test_bad_figures_come_back_at_their_field(self, client, schools, tree):
        sign_in(client, a_user("school_safety", tree.school))
        answer = client.post(self.address(schools), self.facts(boarders=500))
        assert answer.status_code == 422
        assert "住校生数不能多于在校学生数" in answer.content.decode()


def test_blocks_without_the_right_are_absent(client, schools, tree, person):
    head = person("林校长")
    create(SYSTEM, PostHolder(org=head.org, post_id="safety_post.head", person=head))
    a_role("base_only", "base.schools.view")
    viewer = a_user()
    for code in ("S1", "S2", "S3"):
        a_grant(viewer, "base_only", tree[code])
    sign_in(client, viewer)
    page = client.get(schools["S1"].get_absolute_url()).content.decode()
    assert "池店一小" in page
    assert "安全小组" not in page
    assert "林校长" not in page
    assert client.get(head.get_absolute_url()).status_code == 403
    RolePermission.objects.create(
        role=Role.objects.get(code="base_only"), permission="base.schools.block.team"
    )
    assert "林校长" in client.get(schools["S1"].get_absolute_url()).content.decode()


def test_leaving_is_one_act_on_the_persons_page(client, bureau, person):
    man = person("老张")
    create(SYSTEM, PostHolder(org=man.org, post_id="safety_post.contact", person=man))
    sign_in(client, bureau).post(f"{man.get_absolute_url()}act/leave")
    man.refresh_from_db()
    assert man.left_on is not None
    assert not holders(man.org).exists()


def test_the_frame_says_demo_data_only_where_it_is_one(client, bureau, settings):
    settings.DEMO_ALLOWED = True
    assert "演示数据" not in sign_in(client, bureau).get("/base/schools/").content.decode()
    DemoLoad.objects.create(seed=1)
    assert "演示数据" in client.get("/base/schools/").content.decode()


def test_a_form_offers_the_values_of_its_own_vocabulary(client, bureau, schools):
    retire_code(Actor.person(bureau), Code.objects.get(key="school_nature.collective"))
    page = sign_in(client, bureau).get("/base/schools/new").content.decode()
    assert "普惠性民办" in page
    assert "集体办" not in page
    assert "汉族" not in page


def test_a_member_of_many_linked_schools_is_listed_once(client, bureau, schools, person):
    member = create(SYSTEM, TeamMember(org=bureau.unit, person=person("李晓明", "350582", "13812345678")))
    change(SYSTEM, member, {"schools": [schools["S1"], schools["S2"]]})
    sign_in(client, bureau)
    for words in ("q=池店", "q=5678", "q=lxm", f"schools={schools['S1'].pk}&schools={schools['S2'].pk}"):
        page = client.get(f"/base/team/?{words}", headers={"HX-Request": "true"}).content.decode()
        assert page.count(f'href="{member.get_absolute_url()}"') == 1, words
        assert "共 1" in page or "1 " in page


@pytest.mark.requirement("D09.4")
def test_schools_narrow_by_kind_nature_town_and_tag_alone_or_together(client, bureau, schools, tree):
    tags = [create(SYSTEM, SchoolTag(org=tree.county, name=name)) for name in ("寄宿制", "大班额")]
    change(SYSTEM, schools["S1"], {"tags": tags})
    sign_in(client, bureau)

    def found(query):
        page = client.get(f"/base/schools/?{query}", headers={"HX-Request": "true"}).content.decode()
        return {name for name in ("池店一小", "池店二小", "陈埭中学") if name in page}

    assert found(f"tags={tags[0].pk}&tags={tags[1].pk}") == {"池店一小"}
    assert found(f"kind=primary&town={tree.township.pk}") == {"池店一小", "池店二小"}
    assert found(f"kind=primary&nature=school_nature.private&town={tree.township.pk}") == {"池店二小"}
    assert found("") == {"池店一小", "池店二小", "陈埭中学"}
    archive(SYSTEM, tags[0])
    assert found("kind=primary") == {"池店一小", "池店二小"}


def test_the_persons_page_gathers_posts_teams_and_open_matters(client, bureau, schools, person):
    man = person("李晓明", "350582", "13812345678")
    create(SYSTEM, TeamMember(org=bureau.unit, person=man, is_admin=True))
    create(SYSTEM, PostHolder(org=schools["S1"].org, post_id="safety_post.contact", person=man))
    open_todo(schools["S1"], "check", "复查池店一小消防栓", "/", user=man.account)
    page = sign_in(client, bureau).get(man.get_absolute_url()).content.decode()
    for words in ("池店一小 联络员", "安全小组管理员", "复查池店一小消防栓", "在办 1 项"):
        assert words in page, words
    assert "13812345678" not in page


def test_three_schools_and_base_data_are_all_that_lists_counts_exports_and_files_give(client, schools, tree):
    a_role("base_only", "base.schools.view", "base.schools.export")
    viewer = a_user()
    for code in ("S1", "S2", "S4"):
        a_grant(viewer, "base_only", tree[code])
    pictures = {
        code: attach(SYSTEM, schools[code], SimpleUploadedFile(f"{code}.txt", b"plan"), "papers")
        for code in ("S1", "S3")
    }
    sign_in(client, viewer)
    page = client.get("/base/schools/").content.decode()
    assert "共 3 所" in page
    assert "陈埭中学" not in page
    assert client.get("/base/schools/pick", {"all": 1}).json()["total"] == 3
    sheet = b"".join(client.get("/base/schools/export", {"format": "csv"})).decode("utf-8-sig")
    assert "池店一小" in sheet
    assert "陈埭中学" not in sheet
    assert client.get(pictures["S1"].address("full")).status_code == 200
    assert client.get(pictures["S3"].address("full")).status_code == 404
    for address in ("/base/people/", "/base/posts/", "/base/team/", "/base/grids/", "/base/posts/export"):
        assert client.get(address).status_code == 403, address
    Grant.objects.filter(user=viewer, unit=tree["S2"]).delete()
    assert "共 2 所" in client.get("/base/schools/").content.decode()
