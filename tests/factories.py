"""Small makers for tests: a tree of units, people with a role, and signing in."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant, OrgUnit, Role, RolePermission

UNITS = (
    ("350000", "福建省教育厅", "province", ""),
    ("350500", "泉州市教育局", "city", "350000"),
    ("350100", "福州市教育局", "city", "350000"),
    ("350582", "晋江市教育局", "county", "350500"),
    ("350583", "南安市教育局", "county", "350500"),
    ("3505821", "池店镇教委办", "township", "350582"),
    ("3505822", "陈埭镇教委办", "township", "350582"),
    ("S1", "池店一小", "school", "3505821"),
    ("S2", "池店二小", "school", "3505821"),
    ("S3", "陈埭中学", "school", "3505822"),
    ("S4", "南安一中", "school", "350583"),
    ("U1", "泉州学院", "university", "350000"),
    ("A1", "晋江市消防大队", "agency", "350582"),
)


@dataclass(frozen=True)
class Tree:
    """Units by what they are: two of each level below the province, four schools, a university."""

    units: dict[str, OrgUnit]

    def __getitem__(self, code: str) -> OrgUnit:
        return self.units[code]

    province = property(lambda self: self["350000"])
    city = property(lambda self: self["350500"])
    other_city = property(lambda self: self["350100"])
    county = property(lambda self: self["350582"])
    other_county = property(lambda self: self["350583"])
    township = property(lambda self: self["3505821"])
    other_township = property(lambda self: self["3505822"])
    school = property(lambda self: self["S1"])
    sister_school = property(lambda self: self["S2"])
    far_school = property(lambda self: self["S4"])
    university = property(lambda self: self["U1"])
    agency = property(lambda self: self["A1"])


def a_tree() -> Tree:
    """The tree, stored."""
    units: dict[str, OrgUnit] = {}
    for code, name, kind, parent in UNITS:
        units[code] = OrgUnit.objects.create(code=code, name=name, kind=kind, parent=units.get(parent))
    return Tree(units)


def a_user(role: str = "", unit: OrgUnit | None = None, **values: Any) -> User:
    """An account, holding a ready-made role at a unit."""
    number = User.objects.count() + 1
    values = {"username": f"person{number}", "name": f"人员{number}", "unit": unit, **values}
    user: User = User.objects.create_user(values.pop("username"), must_change_password=False, **values)
    if role and unit is not None:
        a_grant(user, role, unit)
    return user


def a_grant(user: User, role: str, unit: OrgUnit) -> Grant:
    """A grant of a ready-made role."""
    return Grant.objects.create(user=user, role=Role.objects.get(code=role), unit=unit)


def a_role(code: str, *permissions: str) -> Role:
    """A role composed of single permissions."""
    role = Role.objects.create(code=code, title=code)
    RolePermission.objects.bulk_create([RolePermission(role=role, permission=name) for name in permissions])
    return role


def sign_in(client: Client, user: User) -> Client:
    """The client with the person signed in, without the sign-in page."""
    client.force_login(user)
    return client
