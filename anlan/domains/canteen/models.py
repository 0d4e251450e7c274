"""Models of canteens, for Django."""

from anlan.domains.canteen import demo
from anlan.domains.canteen.health import HealthCertificate
from anlan.domains.canteen.licences import Licence

__all__ = ["HealthCertificate", "Licence", "demo"]
