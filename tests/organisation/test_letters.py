"""Responsibility letters: addressed, issued, signed on the screen, sealed, urged, checked by anybody (S05.3)."""

import base64
import io
import re
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from anlan.base.posts import end_post
from anlan.domains.organisation.issuing import issue_letters, sign_letter, urge_unsigned
from anlan.domains.organisation.letters import Letter
from anlan.engines.audit.api import SYSTEM
from anlan.engines.files.api import attachments_of
from anlan.engines.messaging.api import Message
from anlan.engines.output.api import Signature, content_of, paper_of, signature_faults
from anlan.engines.tasks.api import todos_for
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import sign_in
from tests.files.making import a_picture
from tests.organisation.conftest import Bureau

DRAWN = a_picture(form="PNG")
PAD = "data:image/png;base64," + base64.b64encode(DRAWN).decode()


def words(content: bytes) -> str:
    """The text of a PDF without blanks."""
    pages = pypdfium2.PdfDocument(io.BytesIO(content))
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_range() for page in pages))


def letter_of(bureau: Bureau, code: str) -> Letter:
    return Letter.objects.unscoped().select_related("issue", "org", "signer").get(org=bureau.tree[code])


def counts(client: Client) -> list[int]:
    """Addressed, signed and not signed as the list of issues shows them."""
    row = client.get("/api/organisation/issues/").json()["results"][0]
    return [row[name] for name in ("addressed", "signed", "unsigned")]


@pytest.mark.requirement("S05.3")
def test_letters_are_issued_signed_totalled_urged_and_cannot_be_changed(
    bureau: Bureau, client: Client
) -> None:
    """By the pages: issue with a drawn signature, one of two signs, the rest is urged; the PDF shows both."""
    issue = bureau.draft("S1", "S2")
    sign_in(client, bureau.leader)
    client.post(f"{issue.get_absolute_url()}act/issue", {"signature": PAD, "idempotency": "a"})
    assert counts(client) == [2, 0, 2]

    head = bureau.account(bureau.heads[0])
    letter, mine = letter_of(bureau, "S1"), sign_in(Client(), head)
    assert [todo.url for todo in todos_for(head)] == [letter.get_absolute_url()]
    assert "池店一小王校长" in re.sub(r"\s", "", mine.get(letter.get_absolute_url()).content.decode())
    mine.post(f"{letter.get_absolute_url()}act/sign", {"signature": PAD, "idempotency": "b"})
    assert not todos_for(head).exists()
    assert counts(client) == [2, 1, 1]

    client.post(f"{issue.get_absolute_url()}act/urge", {"idempotency": "c"})
    urged = Message.objects.filter(key__startswith="urge:")
    assert [one.addressee_id for one in urged] == [bureau.account(bureau.heads[1]).pk]

    paper = paper_of(letter)
    assert paper is not None
    text = words(content_of(paper))
    assert "晋江市教育局与池店一小王校长" in text
    for name in ("陈局", "王校长", *(one.digest for one in Signature.objects.unscoped())):
        assert name in text
    assert mine.get(f"{letter.get_absolute_url()}edit").status_code in (403, 404)
    again = mine.post(f"{letter.get_absolute_url()}act/sign", {"signature": PAD, "idempotency": "d"})
    assert again.status_code == 409
    assert client.post(f"{issue.get_absolute_url()}edit", {"title": "改名"}).status_code == 409


@pytest.mark.requirement("S05.3")
def test_nobody_without_a_post_is_addressed(bureau: Bureau) -> None:
    leader = bureau.actor(bureau.leader)
    issue = bureau.draft("S1", "S3")
    with pytest.raises(Rejected) as refused:
        issue_letters(leader, issue)
    assert "陈埭中学没有人担任" in refused.value.fields["schools"][0]

    issue.schools.clear()
    issue.named.set(bureau.heads)
    end_post(SYSTEM, bureau.heads[0])
    with pytest.raises(Rejected) as refused:
        issue_letters(leader, issue)
    assert "王校长" in refused.value.fields["named"][0]
    assert not Letter.objects.unscoped().exists()


def test_only_the_person_addressed_signs_and_others_do_not_see_the_letter(bureau: Bureau) -> None:
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1", "S2"))
    letter = letter_of(bureau, "S1")
    other = sign_in(Client(), bureau.account(bureau.heads[1]))
    assert other.get(letter.get_absolute_url()).status_code == 404
    with pytest.raises(Conflict):
        sign_letter(bureau.actor(bureau.leader), letter)
    assert letter_of(bureau, "S1").signed_at is None


def test_a_bad_picture_is_refused_at_the_field_and_nothing_is_signed(bureau: Bureau) -> None:
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1"))
    letter, mine = letter_of(bureau, "S1"), sign_in(Client(), bureau.account(bureau.heads[0]))
    for said in ("data:image/png;base64,AAAA", "javascript:alert(1)", PAD[:60]):
        answer = mine.post(f"{letter.get_absolute_url()}act/sign", {"signature": said, "idempotency": "x"})
        assert answer.status_code == 422
        assert "请重新签名" in answer.content.decode()
    assert letter_of(bureau, "S1").signed_at is None


def test_nothing_is_urged_when_all_have_signed(bureau: Bureau) -> None:
    issue = bureau.draft("S1")
    issue_letters(bureau.actor(bureau.leader), issue)
    sign_letter(bureau.actor(bureau.account(bureau.heads[0])), letter_of(bureau, "S1"))
    with pytest.raises(Conflict):
        urge_unsigned(bureau.actor(bureau.leader), issue)


def signed(bureau: Bureau) -> Letter:
    """A letter with both signatures."""
    issue_letters(bureau.actor(bureau.leader), bureau.draft("S1"), DRAWN)
    return sign_letter(bureau.actor(bureau.account(bureau.heads[0])), letter_of(bureau, "S1"), DRAWN)


def test_anybody_with_the_paper_sees_whether_it_is_sound(bureau: Bureau, client: Client) -> None:
    """Without signing in: names masked, the right file agrees, another one does not, an unknown code is 404."""
    paper: Any = paper_of(signed(bureau))
    page = client.get(paper.address)
    assert "文书有效" in page.content.decode()
    assert "王**" in page.content.decode()
    assert "王校长" not in page.content.decode()
    right, wrong = (io.BytesIO(content_of(paper) + more) for more in (b"", b" "))
    right.name = wrong.name = "x.pdf"
    assert "文件一致" in client.post(paper.address, {"file": right}).content.decode()
    assert "文件不一致" in client.post(paper.address, {"file": wrong}).content.decode()
    assert client.post(paper.address).status_code == 422
    assert client.get("/verify/unknown/").status_code == 404


@pytest.mark.parametrize("where", ["words", "signature", "issue", "file"])
def test_whatever_was_changed_behind_the_back_shows(bureau: Bureau, client: Client, where: str) -> None:
    letter = signed(bureau)
    paper: Any = paper_of(letter)
    assert signature_faults(letter) == []
    if where == "words":
        Letter.unguarded.filter(pk=letter.pk).update(body="另一些话")
    elif where == "signature":
        Signature.unguarded.filter(object_id=letter.pk, capacity="责任人").update(name="别人")
    elif where == "issue":
        type(letter.issue).unguarded.filter(pk=letter.issue_id).update(body="另一些话")
    else:
        path = attachments_of(paper)[0].file.path
        path.chmod(0o600)
        path.write_bytes(b"%PDF-1.7 forged")
    assert "核验不通过" in client.get(paper.address).content.decode()
