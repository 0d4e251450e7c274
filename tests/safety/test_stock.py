"""A document of a school is uploaded once and chosen as evidence where it is asked for (SAF.55)."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.domains.accounts.items import Item as Material
from anlan.domains.accounts.sections import Section
from anlan.domains.safety.special_results import SpecialResult
from anlan.domains.safety_assessment.models import Item
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.files.api import StoredFile, attachments_of, choose, remove
from anlan.kernel.errors import Conflict
from tests.files.making import a_picture
from tests.rounds.hall import Hall, browser
from tests.safety.conftest import County
from tests.safety.specials import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("SAF.55")
def test_a_document_uploaded_once_is_evidence_of_two_and_not_deleted_while_it_is(db: None) -> None:
    hall = Hall()
    school, tree = hall.schools[0], hall.tree
    cast = Cast(County({"county": tree.county, "other_town": tree.county, "school": school}, None))  # type: ignore[arg-type]
    cast.assign("school")
    cast.published("school")
    section = create(SYSTEM, Section(org=school, title="应急预案", kind="drill", materials="材料"))
    client = browser(hall.heads[0].user)
    sent = {"org": school.pk, "section": section.pk, "title": "应急预案", "day": "2026-09-01"}
    paper = SimpleUploadedFile("预案.jpg", a_picture())
    made = client.post("/accounts/items/new", sent | {"file": paper})
    assert made.status_code == 303, made.context["form"].errors
    material = Material.unguarded.get()
    uploaded, stored = attachments_of(material)[0], StoredFile.objects.count()

    part = cast.part()
    row = SpecialResult.objects.unscoped().filter(part=part).first()
    upload, desk = f"{part.get_absolute_url()}act/upload", f"{hall.entry(hall.published()).desk}?at=C1"
    contact = browser(cast.contact.user)
    for page in (contact.get(upload), client.get(desk)):
        assert "从资料库选择" in page.content.decode()
        assert "预案.jpg" in page.content.decode()
    stranger = browser(hall.heads[1].user)
    for who, found in ((contact, 1), (client, 1), (stranger, 0)):
        looked = f"{upload}/choose/chosen" if who is contact else "/choose/rounds-stock/"
        assert [one["label"] for one in who.get(f"{looked}?q=预案").json()["rows"]] == ["预案.jpg"] * found
    assert browser(hall.judges[0]).get("/choose/rounds-stock/").status_code == 403
    assert contact.post(upload, {"item": row.pk}).status_code == 422
    assert contact.post(upload, {"item": row.pk, "chosen": [uploaded.pk]}).status_code == 303
    assert client.post(desk, {"score": "10", "text": "有预案", "chosen": [uploaded.pk]}).status_code == 303
    said = Item.unguarded.get()
    used = [attachments_of(row)[0], attachments_of(said)[0]]
    assert [one.file for one in used] == [uploaded.file] * 2
    assert StoredFile.objects.count() == stored

    refused = client.post(f"/accounts/items/{material.pk}/move/withdraw")
    words = html.unescape(refused.content.decode())
    assert refused.status_code == 409
    assert re.search(f"“预案.jpg”已选作[^<]*“{row}”、[^<]*“{said}”的材料，不能删除", words)
    assert Material.unguarded.get(pk=material.pk).archived_at is None
    with pytest.raises(Conflict, match="已选作"):
        remove(hall.heads[0], attachments_of(material)[0])

    assert {stranger.get(one.address("download")).status_code for one in (uploaded, *used)} == {404}
    others: Any = f"{hall.entry(Item.unguarded.get().entry.round, 1).desk}?at=C1"
    assert "预案.jpg" not in stranger.get(others).content.decode()
    assert stranger.post(others, {"score": "10", "chosen": [uploaded.pk]}).status_code == 422
    assert stranger.post(f"/accounts/items/{material.pk}/move/withdraw").status_code == 404

    gone = {"score": "10", "text": "有预案", "drop": [str(used[1].uid)], "version": said.version}
    assert client.post(desk, gone).status_code == 303
    assert client.post(f"/accounts/items/{material.pk}/move/withdraw").status_code == 409
    type(used[0]).unguarded.filter(pk=used[0].pk).update(archived_at=material.created_at)
    assert client.post(f"/accounts/items/{material.pk}/move/withdraw").status_code == 303
    type(uploaded).unguarded.filter(pk=uploaded.pk).update(archived_at=material.created_at)
    with pytest.raises(Conflict, match="刚刚被删除"):
        choose(hall.heads[0], said, "evidence", [uploaded])
