"""Classes of certificates that the demo county added, with holders at its schools."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.certificates.classes import CertificateClass
from anlan.domains.certificates.others import OtherCertificate
from anlan.engines.audit.api import create_all

SHOWN = 40


@demo_step("certificates.others", "其他证照", order=41)
def load_certificates(world: World) -> None:
    """Electricians of some schools; one of the classes is told of earlier than the others."""
    county = world.units["county"]
    kinds = [
        CertificateClass(org=county, name="高压电工证", lead_days=60, note="每三年复审"),
        CertificateClass(org=county, name="心理健康教育教师证"),
    ]
    create_all(LOADER, kinds, action="load")
    rows = []
    for number, school in enumerate(world.schools[:SHOWN]):
        for person in world.staff.get(school.org_id, [])[-1:]:
            ends = world.today + timedelta(days=world.rng.choice([-15, 20, 50, 300, 600, 900]))
            said = {
                "number": f"DG3505{number:06d}",
                "issued_on": ends - timedelta(days=1095),
                "valid_to": ends,
            }
            rows.append(OtherCertificate(org=school.org, kind=kinds[number % 2], holder=person.name, **said))
    create_all(LOADER, rows, action="load")
