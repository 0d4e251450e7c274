"""``manage.py create_first_admins``: the three separated administrators of a fresh site, each password
told once.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from anlan.engines.identity.accounts import User
from anlan.engines.identity.granting import give
from anlan.engines.identity.managing import open_account
from anlan.engines.identity.office_roles import AUDIT, SECURITY, SYSTEM
from anlan.engines.org.api import Grant, Kind, OrgUnit, Role, SiteBegun
from anlan.kernel import events

PEOPLE = {
    SYSTEM: ("sysadmin", "系统管理员"),
    SECURITY: ("secadmin", "安全保密管理员"),
    AUDIT: ("auditor", "审计管理员"),
}


class Command(BaseCommand):
    """A site has no account before this; afterwards administrators come from accounts and grants."""

    help = "Create the system, security and audit administrator of a new site"

    def add_arguments(self, parser: CommandParser) -> None:
        """The topmost unit, made here where it is not there yet."""
        parser.add_argument("--unit-code", default="ROOT")
        parser.add_argument("--unit-name", default="教育局")
        parser.add_argument("--unit-kind", default=Kind.COUNTY, choices=Kind.values)

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Refused once any of the three offices is held."""
        if Grant.objects.exclude(role__office="").exists():
            raise CommandError("this site already has administrators; grant further ones on the grants page")
        unit = self._unit(options)
        for role, (username, title) in PEOPLE.items():
            if User.objects.filter(username=username).exists():
                raise CommandError(f"the account {username} is there already")
            user, password = open_account(None, unit, title, username)
            give(None, user, Role.objects.get(code=role), unit)
            self.stdout.write(f"{username}\t{password}")
        events.publish(SiteBegun(unit))
        self.stdout.write("Each password works once, to set another one.")

    def _unit(self, options: dict[str, Any]) -> OrgUnit:
        top = OrgUnit.objects.filter(parent=None).order_by("path").first()
        if top is not None:
            return top
        return OrgUnit.objects.create(
            code=options["unit_code"], name=options["unit_name"], kind=options["unit_kind"]
        )
