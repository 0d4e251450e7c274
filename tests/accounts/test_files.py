"""Material of a safety ledger as a file: of the kind the ledger asks for, or refused (S06.3)."""

from typing import Any

import pytest

from anlan.domains.accounts.issuing import issue
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach, attachments_of
from anlan.kernel.errors import Rejected
from tests.accounts.conftest import Shelf
from tests.files.making import PDF, a_picture, an_xlsx, upload


@pytest.mark.parametrize(
    ("wanted", "taken", "refused"),
    [
        ("document", ("a.pdf", PDF), ("a.jpg", a_picture())),
        ("picture", ("a.jpg", a_picture()), ("a.pdf", PDF)),
        ("sheet", ("a.xlsx", an_xlsx(["编号"], ["1"])), ("a.pdf", PDF)),
        ("any", ("a.pdf", PDF), ("a.txt", "台账".encode())),
    ],
)
def test_a_file_of_another_kind_is_refused(shelf: Shelf, wanted: str, taken: Any, refused: Any) -> None:
    directory = shelf.directory()
    entry = shelf.section(directory, "制度台账", file_kind=wanted)
    issue(Actor.person(shelf.bureau), directory)
    item = shelf.item(entry)
    keeper = Actor.person(shelf.keeper)
    with pytest.raises(Rejected, match="只收"):
        attach(keeper, item, upload(*refused), "file")
    assert attachments_of(item) == []
    attach(keeper, item, upload(*taken), "file")
    assert [one.name for one in attachments_of(item)] == [taken[0]]
