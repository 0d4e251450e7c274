"""A county's library: shelves, people of the bureau and two schools, documents of each."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.domains.regulations.shelves import lay_down
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attach
from anlan.engines.library.api import Document, DocumentKind, Extract, Topic
from anlan.engines.tasks.jobs import Job
from anlan.engines.tasks.running import run_job
from tests.factories import Tree, a_tree, a_user, sign_in


class Stacks:
    """The county's library and its people."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        lay_down(tree.county)
        self.bureau = Actor.person(a_user("bureau_safety", tree.county), "web")
        self.keeper = Actor.person(a_user("school_safety", tree.school), "web")
        self.stranger = Actor.person(a_user("school_safety", tree.sister_school), "web")
        self.outsider = Actor.person(a_user("bureau_safety", tree.other_county), "web")

    def kind(self, title: str = "法律法规") -> DocumentKind:
        """A type."""
        return DocumentKind.unguarded.get(title=title, org=self.tree.county)

    def topic(self, title: str = "消防安全") -> Topic:
        """A topic."""
        return Topic.unguarded.get(title=title, org=self.tree.county)

    def document(self, title: str = "校园消防安全规定", body: str = "", **said: Any) -> Document:
        """A document of the county, or of ``org``."""
        actor = said.pop("by", self.bureau)
        values = {"org": self.tree.county, "kind": self.kind(), "topic": self.topic(), **said}
        return create(actor, Document(title=title, body=body, **values))

    def with_file(
        self, document: Document, name: str, content: bytes, slot: str = "source"
    ) -> Extract | None:
        """The document with a file that was read."""
        item = attach(self.bureau, document, SimpleUploadedFile(name, content), slot)
        run_jobs()
        return Extract.objects.filter(attachment=item).first()


def run_jobs() -> None:
    """Carry out what waits, as a worker would."""
    for job in Job.objects.filter(state="queued"):
        run_job.func(job.pk)


def form_of(document: Document) -> dict[str, Any]:
    """What the form of a document sends when nothing is changed."""
    names = ("title", "number", "level", "issuer", "force", "body", "version")
    found: dict[str, Any] = {name: getattr(document, name) for name in names}
    return found | {name: getattr(document, f"{name}_id") for name in ("org", "kind", "topic")}


def web(actor: Actor) -> Client:
    """The person's browser."""
    return sign_in(Client(), actor.user)


@pytest.fixture
def stacks(db: None) -> Stacks:
    """The library."""
    return Stacks(a_tree())
