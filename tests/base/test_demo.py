"""The demo county."""

import time

import pytest
from django.core.management import CommandError, call_command

from anlan.base.demo.accounts import SIGN_IN_WITH
from anlan.base.demo.geography import inside, town_rings
from anlan.base.demo.loading import load_demo
from anlan.base.demo.marks import is_demo
from anlan.base.demo.steps import demo_steps
from anlan.base.demo.tree import TOWNS
from anlan.base.people import Person
from anlan.base.posts import vacancies
from anlan.base.schools import School
from anlan.engines.audit.api import verify_chain
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit, may
from anlan.kernel.errors import Conflict
from anlan.kernel.identifiers import mobile_fault, school_code_fault

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowed(settings):
    settings.DEMO_ALLOWED = True


@pytest.fixture
def base_only(monkeypatch):
    """Leave the steps of domains to their own tests."""
    mine = {code: step for code, step in demo_steps._items.items() if code.startswith("base.")}
    monkeypatch.setattr(demo_steps, "_items", mine)


@pytest.fixture
def world(allowed, base_only):
    return load_demo()


def test_the_county_is_there_with_its_neighbours(world):
    assert len(TOWNS) == 12
    assert 290 <= len(world.schools) <= 330
    assert {school.kind for school in world.schools} >= {
        "kindergarten",
        "primary",
        "junior",
        "nine_year",
        "senior",
    }
    private = [school for school in world.schools if school.nature_id != "school_nature.public"]
    assert 40 <= len(private) <= 130
    assert is_demo()
    assert OrgUnit.objects.filter(kind="college").count() == 2
    assert OrgUnit.objects.filter(kind="school", direct=True).count() == 3


@pytest.mark.sqlite
def test_names_and_codes_are_unique_and_sound(world):
    names = [school.name for school in world.schools]
    assert len(names) == len(set(names))
    assert not [school.code for school in world.schools if school_code_fault(school.code, {"59"})]
    assert not [school.code for school in world.schools if not school_code_fault(school.code)], (
        "no real province"
    )
    assert all(school.boarders <= school.pupils and school.pupils for school in world.schools)


@pytest.mark.sqlite
def test_every_school_lies_in_its_town_on_the_sketch(world):
    rings = town_rings()
    outside = [s for s in world.schools if not inside((s.longitude, s.latitude), rings[str(s.town)])]
    assert not outside
    assert {school.coordinate_system for school in world.schools} == {"sketch"}


@pytest.mark.sqlite
def test_telephone_numbers_stand_for_no_one(world):
    phones = list(Person.objects.unscoped().values_list("phone", flat=True))
    assert len(phones) == len(set(phones)) > 1000
    assert all(phone.startswith("1380000") and not mobile_fault(phone) for phone in phones)


@pytest.mark.sqlite
def test_every_account_signs_in_and_holds_its_role(world):
    bureau = User.objects.get(username="bureau")
    assert bureau.check_password(SIGN_IN_WITH)
    assert not bureau.must_change_password
    assert may(bureau, "base.schools.edit")
    assert not may(User.objects.get(username="viewer"), "base.schools.edit")
    assert School.objects.visible(User.objects.get(username="school-head"), "base.schools.view").count() == 1
    town = School.objects.visible(User.objects.get(username="town2"), "base.schools.view")
    assert {str(school.town) for school in town} == {TOWNS[1]}
    inspector = School.objects.visible(User.objects.get(username="inspector5"), "base.schools.view")
    assert 20 <= inspector.count() <= 35


def test_the_county_sees_no_school_of_its_neighbour(world):
    seen = set(School.objects.visible(User.objects.get(username="bureau"), "base.schools.view"))
    assert seen == set(world.schools)
    near = School.objects.visible(User.objects.get(username="neighbour"), "base.schools.view")
    assert {school.name for school in near} < {school.name for school in world.others}


@pytest.mark.sqlite
def test_a_few_schools_lack_a_safety_manager(world):
    empty = vacancies([school.org_id for school in world.schools])
    assert 0 < len(empty) < 30
    assert {post.code for posts in empty.values() for post in posts} == {"safety_manager"}


def test_it_is_loaded_into_empty_databases_of_demo_sites_only(settings, base_only):
    settings.DEMO_ALLOWED = False
    with pytest.raises(Conflict):
        load_demo()
    settings.DEMO_ALLOWED = True
    OrgUnit.objects.create(code="350000", name="福建省教育厅", kind="province")
    with pytest.raises(CommandError, match="正式数据"):
        call_command("load_demo")
    assert not is_demo()
    assert OrgUnit.objects.count() == 1


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_same_seed_makes_the_same_county_in_seconds(allowed, base_only, capsys):
    def picture(world):
        return [
            [
                (s.name, s.code, s.pupils, s.boarders, str(s.town), s.longitude, s.address)
                for s in world.schools
            ],
            sorted((p.name, p.phone, p.duty) for p in world.people.values()),
        ]

    started = time.monotonic()
    first = picture(load_demo())
    assert time.monotonic() - started < 60
    with pytest.raises(CommandError, match="已经装入"):
        call_command("load_demo")
    assert not list(verify_chain())
    call_command("flush", interactive=False, verbosity=0)
    call_command("load_demo")
    said = capsys.readouterr().out
    assert SIGN_IN_WITH in said
    assert "█" in said
    again = [
        [
            (s.name, s.code, s.pupils, s.boarders, str(s.town), float(s.longitude), s.address)
            for s in School.objects.unscoped().filter(org__path__contains="590522").order_by("pk")
        ],
        sorted(Person.objects.unscoped().values_list("name", "phone", "duty")),
    ]
    assert again == first
