"""Canteen licences and health certificates of demo schools, some past their dates, some missing."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.canteen.health import HealthCertificate
from anlan.domains.canteen.licences import Licence
from anlan.engines.audit.api import create_all


@demo_step("canteen.certificates", "食堂证照", order=40)
def load_certificates(world: World) -> None:
    """A licence for most canteens, a health certificate for most canteen managers."""
    licences, certificates = [], []
    for number, school in enumerate([one for one in world.schools if one.has_canteen][:60]):
        if number % 10 != 7:
            ends = world.today + timedelta(days=world.rng.randint(-20, 1500))
            said = {"issued_on": ends - timedelta(days=1825), "valid_to": ends, "issuer": "县市场监督管理局"}
            licences.append(
                Licence(org=school.org, name=f"{school.name}食堂", number=f"JY{number:08d}", **said)
            )
        for person in world.staff.get(school.org_id, []):
            if person.duty == "食堂管理员" and number % 8 != 5:
                ends = world.today + timedelta(days=world.rng.randint(-15, 350))
                said = {"issued_on": ends - timedelta(days=365), "valid_to": ends, "issuer": "县疾控中心"}
                certificate = HealthCertificate(
                    org=school.org, person=person, number=f"JK{number:06d}", **said
                )
                certificates.append(certificate)
    create_all(LOADER, licences)
    create_all(LOADER, certificates)
