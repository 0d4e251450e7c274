"""Certificates: entered where they belong, seen in one place, near and over on the right day (D04)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.models import Person
from anlan.base.people import leave
from anlan.domains.canteen.models import Canteen, Worker
from anlan.domains.canteen.workers import transfer
from anlan.domains.certificates.models import Certificate, CertificateClass, OtherCertificate
from anlan.domains.guards.models import Body, Guard
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.identity.api import User
from anlan.engines.messaging.models import Message
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import LeadTime, ledgers, number_of, remind_all
from anlan.engines.registry.saving import add
from anlan.engines.tasks.api import badges, todos_for
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.files.making import a_picture
from tests.upkeep.test_upkeep import on

TODAY, HEALTH = date(2026, 10, 20), "健康证（食堂从业人员）"
IDENTITY = "11010519491231002X"


class Place:
    """A school with a canteen, people of all levels, and somebody to hold certificates."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school: OrgUnit = self.tree.school
        self.safety = a_user("school_safety", self.school, name="林主任")
        self.head = a_user("school_head", self.school, name="王校长")
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.person = create(SYSTEM, Person(org=self.school, name="王小明"))
        self.canteen = self.kitchen(self.school)

    @staticmethod
    def kitchen(school: OrgUnit) -> Canteen:
        """A canteen."""
        return create(SYSTEM, Canteen(org=school, name="食堂"))

    def guard(self) -> Guard:
        """A guard of the school."""
        body = create(SYSTEM, Body(org=self.school, kind="office", name="保卫科", head="何老师"))
        said = {"background": "clear", "checked_on": TODAY, "joined_on": TODAY}
        return create(SYSTEM, Guard(org=self.school, body=body, name="周保安", identity=IDENTITY, **said))

    def web(self, user: User | None = None) -> Client:
        """A browser of somebody; the school's safety manager without a name."""
        return sign_in(Client(), user or self.safety)

    def actor(self) -> Actor:
        """The school's safety manager."""
        return Actor.person(User.objects.get(pk=self.safety.pk), "web")

    def worker(self, ends: date, **said: Any) -> Worker:
        """Somebody of the canteen whose health certificate ends on this day."""
        values = {"name": "陈师傅", "certificate": "JK-1", "joined_on": TODAY, "certified_until": ends}
        return create(SYSTEM, Worker(**{"org": self.school, "canteen": self.canteen} | values | said))

    def other(self, kind: CertificateClass, ends: date | None, number: str = "D-1") -> OtherCertificate:
        """A certificate of a class of one's own."""
        said = {"org": self.school, "kind": kind, "holder": "赵电工", "number": number, "valid_to": ends}
        return add(self.actor(), ledgers["certificates.other_certificates"], said)

    def electric(self, **said: Any) -> CertificateClass:
        """A class that the bureau adds."""
        return create(SYSTEM, CertificateClass(org=self.tree.county, name="高压电工证", **said))

    def shown(self, query: str = "", user: User | None = None) -> list[str]:
        """Numbers in the certificate view."""
        rows = self.web(user).get(f"/api/certificates/all/?{query}").json()["results"]
        return [row["number"] for row in rows]


@pytest.fixture
def place(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "files"
    with on(TODAY):
        yield Place()


def scan() -> SimpleUploadedFile:
    """A scan."""
    return SimpleUploadedFile("scan.jpg", a_picture(), "image/jpeg")


@pytest.mark.requirement("D04.1")
def test_every_class_is_registered_with_its_scan_and_a_new_class_needs_no_code(place: Place) -> None:
    client, period = place.web(), {"issued_on": "2026-01-05", "valid_to": "2027-01-04"}
    person = {"org": place.school.pk, "person": place.person.pk, **period}
    kinds = {
        "消防安全管理上岗证": ("/fire/duties/", person | {"duty": "消防安全管理人", "number": "XF-1"}),
        "保安员证": (
            "/guards/cards/",
            {"org": place.school.pk, "guard": place.guard().pk, "number": "BA-1", **period},
        ),
        "食堂经营许可证": (
            "/canteen/licences/",
            {"org": place.school.pk, "name": "食堂", "number": "JY-1", **period},
        ),
        HEALTH: (
            "/canteen/workers/",
            {"org": place.school.pk, "canteen": place.canteen.pk, "name": "陈师傅", "post": "chef",
             "joined_on": "2026-02-01", "certificate": "JK-1", "certified_on": "2026-01-05",
             "certified_until": "2027-01-04"},
        ),
    }  # fmt: skip
    kind = place.web(place.bureau).post(
        "/certificates/certificate-classes/new",
        {"org": place.tree.county.pk, "name": "高压电工证", "lead_days": 60},
    )
    assert kind.status_code == 303
    added = CertificateClass.unguarded.get()
    said = {"org": place.school.pk, "kind": added.pk, "holder": "赵电工", "number": "D-1", **period}
    kinds["高压电工证"] = ("/certificates/other-certificates/", said)
    for title, (url, sent) in kinds.items():
        number = "certificate" if "certificate" in sent else "number"
        holder = next(name for name in ("person", "guard", "holder", "name") if name in sent)
        ends = "certified_until" if "certified_until" in sent else "valid_to"
        for wrong in ({number: ""}, {holder: ""}, {ends: "2025-12-31"}):
            assert client.post(f"{url}new", sent | wrong).status_code == 422, (title, wrong)
        made = client.post(f"{url}new", {**sent, "scan": scan()})
        assert made.status_code == 303, title
        assert "/thumb" in client.get(made.headers["Location"]).content.decode(), title
        again = sent | {holder: "别人"} if holder in ("holder", "name") else sent
        assert client.post(f"{url}new", again).status_code in (409, 422), f"{title}: the number twice"
        assert place.shown(f"kind={title}") == [sent[number]], title
    assert len(place.shown()) == 5
    page = place.web(place.bureau).get("/analysis/certificates/").content.decode()
    assert "高压电工证" in page
    with on(date(2026, 11, 5)):  # the new class has a lead time of its own: 60 days
        remind_all()
        assert [todo.title for todo in todos_for(place.safety)] == ["其他证照：赵电工"]
        assert Message.objects.filter(event="registry.expiring", addressee=place.bureau).count() == 5
        assert place.shown("validity=expiring") == ["D-1"]


@pytest.mark.requirement("D04.2")
def test_a_certificate_is_kept_by_its_module_and_gathered_at_once(place: Place) -> None:
    worker = place.worker(TODAY + timedelta(days=5))
    shown = Certificate.unguarded.get()
    assert (shown.kind, shown.holder, shown.number, shown.org) == (HEALTH, "陈师傅", "JK-1", place.school)
    change(place.actor(), worker, {"certificate": "JK-2"})
    assert place.shown() == ["JK-2"]
    page = place.web().get(f"/certificates/all/{shown.pk}/").content.decode()
    assert f'href="/canteen/workers/{worker.pk}/"' in page
    assert place.web().get(f"/certificates/all/{shown.pk}/edit").status_code == 403
    assert badges(place.safety).by_model == {"canteen.worker": 1}

    elsewhere = place.kitchen(place.tree.sister_school)
    transfer(Actor.person(place.bureau), worker, elsewhere)
    assert (Certificate.unguarded.get().org, place.shown()) == (place.tree.sister_school, [])
    transfer(Actor.person(place.bureau), worker, place.canteen)

    change(place.actor(), worker, {"left_on": TODAY})
    assert badges(place.safety).total == 0
    assert remind_all() == 0
    assert place.shown("validity=expiring") == []
    assert place.shown() == ["JK-2"], "it stays in history"

    sent = {"duty": "消防安全管理人", "number": "XF-1", "valid_to": TODAY + timedelta(days=5)}
    add(place.actor(), ledgers["fire.duties"], {"org": place.school, "person": place.person, **sent})
    assert place.shown("validity=expiring") == ["XF-1"]
    leave(place.actor(), place.person)
    assert place.shown("validity=expiring") == []
    assert remind_all() == 0
    assert sorted(place.shown()) == ["JK-2", "XF-1"]


@pytest.mark.requirement("D04.3")
def test_certificates_are_found_by_everything_at_once_with_scan_and_earlier_periods(place: Place) -> None:
    worker = place.worker(TODAY + timedelta(days=5), identity=IDENTITY)
    place.worker(TODAY + timedelta(days=300), name="陈大厨", certificate="JK-8")
    far = place.kitchen(place.tree.far_school)
    place.worker(TODAY + timedelta(days=5), org=far.org, canteen=far, certificate="JK-9")
    place.other(place.electric(), TODAY + timedelta(days=5))
    query = f"kind={HEALTH}&org={place.school.pk}&validity=expiring&q="
    assert place.shown(f"{query}陈") == ["JK-1"]
    assert place.shown(f"{query}JK-8") == []
    assert place.shown("q=陈大厨") == ["JK-8"]
    assert len(place.shown("")) == 3, "another district's are not seen"

    edit = {"certificate": "JK-2", "certified_on": "2026-10-19", "certified_until": "2027-10-18"}
    first = place.web().post(
        f"/canteen/workers/{worker.pk}/act/renewing", edit | {"certifier": "县疾控中心", "papers": scan()}
    )
    assert first.status_code == 303
    row = Certificate.unguarded.get(number="JK-2")
    page = place.web().get(f"/certificates/all/{row.pk}/").content.decode()
    assert "县疾控中心" in page
    assert "JK-1" in page, "the earlier period"
    address = page.partition('hx-get="')[2].partition('"')[0]
    preview = place.web().get(address)
    assert preview.status_code == 200
    assert "<img" in preview.content.decode()
    assert place.web(a_user("school_safety", place.tree.far_school)).get(address).status_code == 404

    assert IDENTITY not in page
    file = place.web().get("/certificates/all/export?format=csv").content.decode("utf-8-sig")
    assert "JK-2" in file
    assert IDENTITY not in file
    assert IDENTITY not in place.web().get("/canteen/workers/export?format=csv").content.decode("utf-8-sig")
    full, kept = {"reason": "核对持证人员身份"}, f"/canteen/workers/{worker.pk}/"
    assert IDENTITY not in place.web().get(kept).content.decode()
    assert IDENTITY in place.web().post(f"{kept}unmask", full, follow=True).content.decode()
    leader = place.web(a_user("bureau_viewer", place.tree.county))
    assert leader.post(f"{kept}unmask", full).status_code == 403


@pytest.mark.requirement("D04.4")
def test_a_certificate_is_near_from_the_thirtieth_day_and_over_the_day_after_its_last(place: Place) -> None:
    ends = date(2027, 3, 31)
    kind = place.electric()
    paper = place.other(kind, ends)
    endless = place.other(kind, None, "D-2")
    stands = {
        date(2027, 2, 28): "valid",  # 31 days before
        date(2027, 3, 1): "expiring",  # the 30th day before
        ends: "expiring",
        date(2027, 4, 1): "expired",
    }
    for day, said in stands.items():
        with on(day):
            assert place.shown(f"validity={said}") == ["D-1"], day
            for ledger in ("certificates.all", "certificates.other_certificates"):
                assert number_of(ledgers[ledger], place.bureau, f"validity={said}") == 1, (ledger, day)
            assert place.shown("validity=endless") == ["D-2"]
    with on(date(2027, 2, 28)):
        change(SYSTEM, kind, {"lead_days": 60})
        assert place.shown("validity=expiring") == ["D-1"], "the class says 60 days now"
        change(SYSTEM, kind, {"lead_days": None})
        assert place.shown("validity=valid") == ["D-1"]
        worker = place.worker(ends)
        setting = LeadTime(org=place.tree.county, ledger="canteen.workers", days=45)
        create(SYSTEM, setting)
        assert place.shown("validity=expiring") == ["JK-1"], "the lead time of the module that owns it"
        change(SYSTEM, setting, {"days": 20})
        assert place.shown("validity=expiring") == []
        assert worker.certified_until == ends
    url = f"/certificates/other-certificates/{paper.pk}/act/renewing"
    for early in ("2027-03-30", "2027-03-31"):
        refused = place.web().post(url, {"number": "D-1", "valid_to": early})
        assert refused.status_code == 422
    assert place.web().post(url, {"number": "D-7", "valid_to": "2033-03-31"}).status_code == 303
    page = place.web().get(f"/certificates/other-certificates/{paper.pk}/").content.decode()
    assert "D-7" in page
    assert "历史有效期" in page
    assert "2027-03-31" in page
    assert endless.valid_to is None


@pytest.mark.requirement("D04.5")
def test_what_ends_soon_is_listed_by_urgency_and_everybody_is_told_once_per_stage(place: Place) -> None:
    kind = place.electric()
    late, near, soon = (place.other(kind, TODAY + timedelta(days=days), f"D{days}") for days in (-3, 6, 20))
    far = place.kitchen(place.tree.far_school)
    place.worker(TODAY + timedelta(days=3), org=far.org, canteen=far, certificate="JK-9")
    page = place.web(place.bureau).get("/certificates/all/?validity=expiring").content.decode()
    assert page.index("D6") < page.index("D20")
    for words in ("赵电工", place.school.name, "10-26", "11-09"):
        assert words in page, words
    assert "D-3" not in page
    assert "JK-9" not in page
    assert place.shown("validity=expired", place.bureau) == ["D-3"]
    people = [place.safety, place.bureau]
    assert [remind_all(), remind_all()] == [9, 0], "three papers, told to two at school and the bureau"
    assert [Message.objects.filter(addressee=one).count() for one in people] == [3, 3]
    with on(TODAY + timedelta(days=6)):
        remind_all()
        remind_all()
    assert [Message.objects.filter(addressee=one, object_id=near.pk).count() for one in people] == [2, 2]
    assert todos_for(place.safety).count() == 3
    url = f"/certificates/other-certificates/{near.pk}/act/renewing"
    assert place.web().post(url, {"number": "D6", "valid_to": "2033-03-31"}).status_code == 303
    assert place.shown("validity=expiring") == [soon.number]
    assert {todo.object_id for todo in todos_for(place.safety)} == {late.pk, soon.pk}
