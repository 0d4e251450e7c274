"""Files of a record: taken in with its forms, kept over a refused form, shown with the record."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Attachment, adopt, attachments_of, in_stock, put_whole, upload_of
from anlan.engines.org.api import may
from anlan.engines.registry.access import rows
from anlan.engines.registry.declaring import Ledger
from anlan.kernel.errors import Refusal
from anlan.shell.deadlines import moment_words
from anlan.shell.parts import Photo
from anlan.shell.uploading import Upload

KEPT = "kept-"


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFiles(forms.FileField):
    """Any number of files of one slot."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files sent; which are needed is judged together with those kept."""
        return [super(SeveralFiles, self).clean(item, initial) for item in data or () if item]


class FilesInStock(forms.ModelMultipleChoiceField[Attachment]):
    """Files the unit uploaded before, chosen instead of uploading them again."""

    def __init__(self, unit: Any = None) -> None:
        stock = in_stock(unit) if unit else Attachment.unguarded.none()
        words = "本校在安全台账里传过的材料，可直接选用，不用再传"
        super().__init__(stock, label="从资料库选择", required=False, help_text=words)

    def offer(self, unit: Any) -> None:
        """What this unit has."""
        self.queryset = in_stock(unit)


class _Kept(forms.Field):
    """Files of a refused form, by uid."""


def add_slots(form: forms.Form, ledger: Ledger, slots: list[str]) -> forms.Form:
    """Add an upload field per slot, and a hidden one for what is kept from a refused form."""
    for slot in slots:
        control = Upload("/files/uploads/", KEPT + slot)
        label = ledger.files.get(slot, slot)
        form.fields[slot] = SeveralFiles(label=label, required=False, widget=control)
        form.fields[KEPT + slot] = _Kept(required=False, widget=forms.MultipleHiddenInput)
    return form


def open_slots(ledger: Ledger) -> list[str]:
    """Slots filled in with the record itself: those declared, else those no move asks for."""
    if ledger.form_files:
        return ledger.form_files.split()
    asked = {name for step in ledger.moves for name in (*step.needs, *step.takes)}
    return [slot for slot in ledger.files if slot not in asked]


def take(
    request: HttpRequest, form: Any, slots: list[str], needed: tuple[str, ...] = ()
) -> dict[str, list[UUID]]:
    """Turn what was sent into drafts of the person, outside of any lock; refusals stand at their field."""
    data = form.data.copy()
    form.data = data
    taken: dict[str, list[UUID]] = {}
    for slot in slots:
        taken[slot] = _drafts(request, form, slot)
        data.setlist(KEPT + slot, [str(uid) for uid in taken[slot]])
        if slot in needed and not taken[slot] and slot not in form.errors:
            form.add_error(slot, "请上传")
        if taken[slot]:
            form.fields[slot].help_text = f"已收到 {len(taken[slot])} 个文件，不用再传"
    return taken


def _drafts(request: HttpRequest, form: Any, slot: str) -> list[UUID]:
    found: list[UUID] = []
    for said in request.POST.getlist(KEPT + slot):
        try:
            found.append(upload_of(request.user, UUID(said)).uid)
        except (ValueError, Refusal):
            form.add_error(slot, "有文件没有收到，请重新上传")
    for upload in request.FILES.getlist(slot):
        try:
            found.append(put_whole(request.user, upload).uid)
        except Refusal as refused:
            form.add_error(slot, refused.message)
    return found


def keep(actor: Actor, record: Any, taken: dict[str, list[UUID]]) -> dict[str, int]:
    """Inside the transaction of the change: drafts become attachments; how many per slot."""
    return {slot: len(adopt(actor, record, slot, uids)) for slot, uids in taken.items() if uids}


def may_read_files(ledgers: list[Ledger], user: Any, pk: int) -> bool:
    """Whether the person sees the record in one of its ledgers, and so its files."""
    return any(
        may(user, ledger.permission("view")) and rows(ledger, user).filter(pk=pk).exists()
        for ledger in ledgers
    ) or any(ledger.also_reads(user, pk) for ledger in ledgers)


def shown(ledger: Ledger, record: Any) -> tuple[list[Photo], list[dict[str, str]]]:
    """Pictures for the photo row in order of the declared slots, and other files as name, address and words."""
    order = list(ledger.files)
    found = sorted(attachments_of(record), key=lambda item: _place(order, item.slot))
    veiled = ledger.veiled(record)
    photos = [_photo(ledger, item, item.created_by_id != veiled) for item in found if item.is_picture]
    others = [
        {
            "name": item.name,
            "url": item.address("download"),
            "preview": item.address("preview"),
            "note": _title(ledger, item),
        }
        for item in found
        if not item.is_picture
    ]
    return photos, others


def _place(order: list[str], slot: str) -> int:
    return order.index(slot) if slot in order else len(order)


def _title(ledger: Ledger, item: Attachment) -> str:
    return ledger.files.get(item.slot, item.slot)


def _photo(ledger: Ledger, item: Attachment, named: bool) -> Photo:
    title = _title(ledger, item)
    taken = moment_words(item.taken_at) if item.taken_at else ""
    maker = str(item.created_by or "") if named else ""
    alt = item.caption or f"{title}照片"
    return Photo(item.address("thumb"), alt, title, taken, maker=maker, full=item.address("marked"))
