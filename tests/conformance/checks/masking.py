"""Personal values are masked in every output, and looking behind the mask is written down."""

from anlan.engines.audit.api import SYSTEM, AuditEntry, change
from tests.conformance.checks.known import check
from tests.conformance.world import World, text


def shows(world: World, answer: str) -> list[str]:
    """Full personal values of the row that an answer gives away."""
    return [value for value in world.secrets(world.row) if value in answer]


@check
def the_list_is_masked(world: World) -> None:
    if world.ledger.masked:
        assert world.row
        assert not shows(world, text(world.client().get(world.url(), {"archived": "all"})))


def another(value: str) -> str:
    """The value with another last figure."""
    return f"{value[:-1]}{8 if value.endswith('7') else 7}"[:60]


@check
def the_record_page_and_its_history_are_masked(world: World) -> None:
    if not world.ledger.masked:
        return
    names = [
        name for name in world.ledger.masked if name in {f.name for f in world.row._meta.concrete_fields}
    ]
    changed = {name: another(getattr(world.row, name)) for name in names}
    old = world.secrets(world.row)
    type(world.row).unguarded.filter(pk=world.row.pk).update(archived_at=None)
    change(SYSTEM, world.row, changed)
    page = text(world.client().get(world.url(world.row)))
    assert not shows(world, page)
    assert not [value for value in old if value in page]


@check
def print_and_form_are_masked(world: World) -> None:
    if world.ledger.masked:
        assert not shows(world, text(world.client().get(world.url(world.row, "print"))))
        assert not shows(world, text(world.client().get(world.url(world.row, "edit"))))


@check
def the_interface_is_masked(world: World) -> None:
    if world.ledger.masked:
        assert world.row
        assert not shows(world, text(world.client().get(world.api(), {"archived": "all"})))
        assert not shows(world, text(world.client().get(world.api(world.row))))


@check
def exports_are_masked(world: World) -> None:
    if world.ledger.masked:
        assert world.row
        answer = world.client().get(world.url(None, "export?archived=all&format=csv"))
        assert not shows(world, text(answer))


@check
def looking_behind_the_mask_needs_the_right_and_is_written_down(world: World) -> None:
    if not world.ledger.masked:
        return
    viewer, url = world.client(world.viewer), world.url(world.row, "unmask")
    assert viewer.post(url, {"reason": "查"}).status_code == 403
    assert viewer.get(f"{world.api(world.row)}?unmask=x").status_code == 403
    assert world.client().post(url, {"reason": ""}).status_code == 422
    assert not AuditEntry.objects.filter(action="unmask").exists()
    assert world.client().post(url, {"reason": "核实"}).status_code == 200
    assert AuditEntry.objects.get(action="unmask").user == world.person
