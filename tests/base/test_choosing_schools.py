"""Wherever a form chooses schools or units, the choice narrows by type, nature, town and tag (D09.4)."""

from typing import Any

import pytest

from anlan.base.schools import School
from anlan.base.tags import SchoolTag
from anlan.engines.audit.api import SYSTEM, archive, change, create
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.registry.api import Ledger, form_for, ledgers
from anlan.shell.picking import suit_all
from tests.factories import a_grant, a_role, a_user, sign_in

pytestmark = pytest.mark.django_db
NARROWS = {"kind", "nature", "town", "tag"}


@pytest.fixture
def officer(client: Any, schools: Any, tree: Any) -> Any:
    """An officer who may add a row to every ledger, in a county with more schools than a plain list takes."""
    for number in range(25):
        unit = OrgUnit.objects.create(
            code=f"Z{number}", name=f"园{number}", kind=Kind.SCHOOL, parent=tree.township
        )
        School.objects.create(org=unit, name=unit.name, kind="kindergarten", nature_id="school_nature.public")
    verbs = [ledger.permission(verb) for ledger in ledgers for verb in ("view", "add")]
    a_role("all_adding", *verbs)
    user = a_user()
    a_grant(user, "all_adding", tree.county)
    sign_in(client, user)
    return user


def choices(ledger: Ledger, user: Any) -> dict[str, Any]:
    """Fields of the form that choose among many schools or units, with the control each is drawn as."""
    if ledger.readonly or not ledger.form_names:
        return {}
    form = form_for(ledger, user)
    suit_all(form, str, user)
    rows = {name: getattr(field, "queryset", None) for name, field in form.fields.items()}
    many = [name for name, found in rows.items() if found is not None and found.model in (School, OrgUnit)]
    mixed = [name for name in many if rows[name].filter(name="池店二小").exists()]  # not kindergartens alone
    return {name: form.fields[name].widget for name in mixed if rows[name].count() > 20}


@pytest.mark.sqlite
@pytest.mark.requirement("D09.4")
def test_every_choice_of_schools_narrows_by_all_values_together_and_widens_again(
    client: Any, officer: Any, schools: Any, tree: Any
) -> None:
    tag = create(SYSTEM, SchoolTag(org=tree.county, name="寄宿制"))
    change(SYSTEM, schools["S2"], {"tags": [tag]})
    change(SYSTEM, schools["S3"], {"tags": [tag]})
    said = {"kind": "primary", "nature": "school_nature.private", "town": tree.township.pk, "tag": tag.pk}
    tried = 0
    for ledger in ledgers:
        for name, widget in choices(ledger, officer).items():
            assert {item.name for item in widget.filters} >= NARROWS, (ledger.code, name)
            url = f"{ledger.url}choose/{name}"
            fitting = client.get(url, said).json()
            assert [row["label"] for row in fitting["rows"]] == ["池店二小"], (ledger.code, name)
            assert fitting["total"] == 1
            tried += 1
    assert tried > 100
    for url in ("/safety/hazards/choose/org", "/base/grids/choose/schools"):
        cleared = client.get(url, dict.fromkeys(said, "")).json()
        assert cleared["total"] == client.get(url).json()["total"] > 20, url


@pytest.mark.requirement("D09.4")
def test_a_deleted_tag_leaves_its_schools_and_is_offered_no_more(
    client: Any, officer: Any, schools: Any, tree: Any
) -> None:
    tag = create(SYSTEM, SchoolTag(org=tree.county, name="寄宿制"))
    change(SYSTEM, schools["S1"], {"tags": [tag]})
    before = schools["S1"].version
    archive(SYSTEM, tag)
    kept = School.objects.unscoped().get(pk=schools["S1"].pk)
    assert (kept.name, kept.archived_at, kept.version) == ("池店一小", None, before)
    page = client.get("/base/schools/").content.decode()
    assert "池店一小" in page
    assert "寄宿制" not in page
    assert (
        client.get("/base/schools/", {"kind": "primary"}, headers={"HX-Request": "true"}).status_code == 200
    )
