"""Forms are signed by hand, with the kept signature, or by the password; it stands for the content (D12.1)."""

import base64
import io
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageDraw

from anlan.engines.audit.api import Actor, AuditEntry
from anlan.engines.files.api import attachments_of, own_signature
from anlan.engines.forms import api as forms
from tests.factories import Tree, a_grant, a_role, a_user, sign_in
from tests.files.making import upload
from tests.forms.conftest import FILL, PURPOSE, VIEW

PASSWORD = "Qing-he-2026-an"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Any) -> None:
    """An empty place for files."""
    settings.MEDIA_ROOT = tmp_path / "files"


def a_drawing(*, empty: bool = False) -> bytes:
    """What the pad sends: strokes on white, or nothing but white."""
    canvas, kept = Image.new("RGB", (480, 160), "white"), io.BytesIO()
    if not empty:
        ImageDraw.Draw(canvas).line([(40, 120), (160, 30), (240, 130), (420, 60)], "#14232B", 5)
    canvas.save(kept, "PNG")
    return kept.getvalue()


def on_the_pad(content: bytes) -> str:
    """The same as the hidden field of the pad."""
    return "data:image/png;base64," + base64.b64encode(content).decode()


@pytest.fixture
def sheets(tree: Tree, keeper: Actor, inspector: Actor) -> list[forms.Response]:
    """Three sheets of a form that asks for a signature at the end."""
    form = forms.Form((forms.Section("食堂", (forms.Question("a", "text", "留样情况"),)),), signed=True)
    definition = forms.add_form(keeper, tree.county, title="食堂检查确认书", subject="食堂", form=form)
    version = forms.publish(keeper, definition)
    return [forms.begin(inspector, version, tree.school, PURPOSE) for _ in range(3)]


def handed_in(client: Client, response: forms.Response, **values: Any) -> Any:
    """The answer to handing the sheet in."""
    sent = {"q": ["a"], "q.a": "每餐留样", "act": "submit", **values}
    return client.post(f"/forms/responses/{response.uid}/", sent)


@pytest.mark.requirement("D12.1")
def test_a_signature_names_its_person_holds_for_the_content_and_is_not_had_without_the_person(
    client: Client, tree: Tree, inspector: Actor, sheets: list[forms.Response]
) -> None:
    """By hand or with the kept signature; shown with person and time on page, print and PDF; no longer valid once the
    content changed; refused empty, without the password, and in another's name.
    """
    drawn, kept, third = sheets
    inspector.user.set_password(PASSWORD)
    inspector.user.save()
    mine, page = sign_in(client, inspector.user), "/account/signature/"
    assert mine.post(page, {"signature": on_the_pad(a_drawing(empty=True))}).status_code == 422
    long_ago = mine.session
    long_ago["confirmed_at"] = 0
    long_ago.save()
    assert mine.post(page, {"signature": on_the_pad(a_drawing())}).status_code == 422
    assert own_signature(inspector.user) is None
    for values, why in (
        ({}, "请签名"),
        ({"signature": on_the_pad(a_drawing(empty=True))}, "签名是空的"),
        ({"signature": "confirmed"}, "请重新签名"),
        ({"confirmed": "confirmed"}, "请签名"),
        ({"sign_password": PASSWORD, "kept": "1"}, "还没有保存签名"),
    ):
        refused = handed_in(mine, drawn, **values)
        assert (refused.status_code, why in refused.content.decode()) == (422, True), why
    assert handed_in(mine, drawn, signature=on_the_pad(a_drawing())).status_code == 303

    stored = mine.post(page, {"signature": on_the_pad(a_drawing()), "confirm_password": PASSWORD})
    assert (stored.status_code, mine.get(f"{page}picture").status_code) == (303, 200)
    for values, why in (
        ({"kept": "1"}, "要输入登录密码"),
        ({"kept": "1", "sign_password": "guessed"}, "密码不对"),
    ):
        refused = handed_in(mine, kept, **values)
        assert (refused.status_code, why in refused.content.decode()) == (422, True), why
    assert handed_in(mine, kept, kept="1", sign_password=PASSWORD).status_code == 303

    other = a_user(unit=tree.county)
    a_grant(other, a_role("reader", VIEW, f"{FILL}.own").code, tree.county)
    theirs = sign_in(Client(), other)
    assert theirs.get(f"{page}picture").status_code == 404
    assert handed_in(theirs, third, signature=on_the_pad(a_drawing())).status_code == 403
    a_grant(other, a_role("filler", FILL).code, tree.county)
    strange = mine.post("/files/uploads/", {"file": upload("签名.png", a_drawing())}).json()["uid"]
    taken = {
        "answers": [{"question": "a", "value": "x", "at": "2026-10-20T09:00:00+08:00"}],
        "signature": strange,
    }
    sent = theirs.post(f"/forms/responses/{third.uid}/submit.json", taken, "application/json")
    assert sent.status_code == 200
    mine.post(f"/forms/responses/{third.uid}/files.json")
    held = forms.signing(refreshed(third))
    assert (held.name, held.faults) == (other.name, ("内容与签名时不一致",))

    for response, how in ((drawn, "手写"), (kept, "已保存的签名，密码确认")):
        address = f"/forms/responses/{response.uid}/"
        (picture,) = attachments_of(response, "signature")
        for shown in (address, f"{address}print/"):
            text = mine.get(shown).content.decode()
            for words in (inspector.name, how, "签名有效", f"/files/{picture.uid}/full"):
                assert words in text
        paper = mine.get(f"{address}pdf")
        assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
        held = forms.signing(refreshed(response))
        assert (held.name, held.faults) == (inspector.name, ())
        entry = AuditEntry.objects.filter(action="sign", object_id=str(response.pk)).get()
        assert (entry.user, bool(entry.after["signed_digest"])) == (inspector.user, True)

    forms.Answer.objects.filter(response=drawn).update(value="没有留样")
    forms.Response.unguarded.filter(pk=kept.pk).update(signed_name="别人")
    for response in (drawn, kept):
        text = mine.get(f"/forms/responses/{response.uid}/").content.decode()
        assert "签名已失效" in text
        assert "签名有效" not in text


def refreshed(response: forms.Response) -> forms.Response:
    """The response as it is stored now."""
    return forms.Response.objects.unscoped().get(pk=response.pk)


def test_a_sheet_handed_back_is_signed_anew(
    client: Client, inspector: Actor, sheets: list[forms.Response]
) -> None:
    mine = sign_in(client, inspector.user)
    handed_in(mine, sheets[0], signature=on_the_pad(a_drawing()))
    forms.reopen(inspector, refreshed(sheets[0]))
    assert handed_in(mine, sheets[0]).status_code == 422
    assert handed_in(mine, sheets[0], signature=on_the_pad(a_drawing())).status_code == 303
    assert forms.signing(refreshed(sheets[0])).faults == ()
