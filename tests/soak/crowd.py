"""People at work over HTTP: whoever gets no answer asks again, and notes down what was acknowledged."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import requests
from django.conf import settings
from django.test import Client

from anlan.kernel import clock
from tests.files.making import a_noise, an_xlsx

PATIENCE = 180
PIECE = 16_384


class Person:
    """Somebody signed in; ``faults`` are answers no server should give."""

    def __init__(self, url: str, user: Any) -> None:
        inside = Client()
        inside.force_login(user)
        name, token = settings.SESSION_COOKIE_NAME, uuid4().hex
        self.url, self.user, self.faults = url, user, list[str]()
        self.http = requests.Session()
        self.http.cookies.update({name: inside.cookies[name].value, settings.CSRF_COOKIE_NAME: token})
        self.http.headers.update({"X-CSRFToken": token})

    def send(self, method: str, path: str, *good: int, **what: Any) -> requests.Response:
        """Ask until there is an answer; one that is not ``good`` fails."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self.http.request(method, self.url + path, timeout=60, allow_redirects=False, **what)
            except requests.RequestException:
                time.sleep(0.2)
                continue
            if answer.status_code >= 500:
                self.faults.append(f"{answer.status_code} {method} {path}")
                time.sleep(0.2)
                continue
            assert answer.status_code in good, f"{answer.status_code} {method} {path}: {answer.text[-600:]}"
            return answer
        raise AssertionError(f"no answer within {PATIENCE} s: {method} {path}")


@dataclass
class Notes:
    """What the server acknowledged."""

    sheets: list[dict[str, Any]] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    exports: int = 0


def upload(person: Person, content: bytes) -> str:
    """A picture piece by piece, from wherever the server says it has come to; its uid."""
    uid, digest = str(uuid4()), hashlib.sha256(content).hexdigest()
    said = {"uid": uid, "name": "现场.jpg", "size": len(content), "sha256": digest}
    state = person.send("POST", "/files/uploads/", 201, json=said).json()
    until = time.monotonic() + PATIENCE
    while state.get("state") != "ready" and time.monotonic() < until:
        at = state["offset"]
        if at == len(content):
            time.sleep(0.5)
        piece, head = content[at : at + PIECE], {"Upload-Offset": str(at)}
        answer = person.send("PATCH", f"/files/uploads/{uid}/", 200, 202, 409, data=piece, headers=head)
        state = answer.json()
    assert state.get("state") == "ready", state
    return uid


def inspect(person: Person, notes: Notes, task: int) -> None:
    """Check a school: a failed item with a picture, a passed one, submitted."""
    photo = upload(person, a_noise((160 + task % 40, 120)))
    uid, moment = str(uuid4()), clock.now().isoformat()
    person.send("POST", f"/safety/field/tasks/{task}/sheet", 200, json={"uid": uid})
    given = {"q1": ("fail", "压力不足", [photo]), "q2": ("pass", "", [])}
    answers = [
        {"uid": str(uuid4()), "question": name, "value": value, "note": note, "photos": photos, "at": moment}
        for name, (value, note, photos) in given.items()
    ]
    person.send("POST", f"/forms/responses/{uid}/answers.json", 200, json={"answers": answers[:1]})
    person.send("POST", f"/forms/responses/{uid}/submit.json", 200, json={"answers": answers})
    person.send("POST", f"/forms/responses/{uid}/files.json", 200)
    notes.sheets.append({"task": task, "uid": uid, "photo": photo})


def confirm(person: Person, notes: Notes, hazard: int) -> None:
    """Confirm a reported hazard."""
    due = clock.now().astimezone(clock.zone()) + timedelta(days=7)
    said = {
        "grade": "general",
        "responsible": "王小明",
        "due_at": f"{due:%Y-%m-%dT%H:%M}",
        "idempotency": uuid4().hex,
    }
    person.send("POST", f"/safety/hazards/{hazard}/move/confirm", 303, data=said)
    notes.moved.append(hazard)


def publish(person: Person, notes: Notes, title: str, units: list[int]) -> None:
    """Write a notice, address it and send it."""
    said = {"org": person.user.unit_id, "kind": "notice", "title": title, "body": "请排查"}
    made = person.send("POST", "/safety/notices/new", 303, data=said | {"idempotency": uuid4().hex})
    for act, chosen in (("address", {"named": units}), ("publish", {})):
        asked = chosen | {"idempotency": uuid4().hex}
        person.send("POST", f"{made.headers['Location']}act/{act}", 303, data=asked)
    notes.notices.append(title)


def bring_in(person: Person, notes: Notes, name: str, school: str, rows: int) -> None:
    """Import a sheet of lamps; large enough to be a job."""
    sheet = an_xlsx(["单位", "编号*", "位置"], *([school, f"{name}-{n}", "楼道"] for n in range(rows)))
    made = person.send("POST", "/sample/lamps/import", 303, files={"file": (f"{name}.xlsx", sheet)})
    person.send("POST", f"{made.headers['Location']}confirm", 303, 409, data={"mode": "all"})
    notes.imports.append(name)


def take_out(person: Person, notes: Notes) -> None:
    """Export all lamps; large enough to be a job."""
    person.send("GET", "/sample/lamps/export?format=csv", 202)
    notes.exports += 1


class Crowd:
    """Threads that work through their streams of work until told to stop; what failed is raised at the end."""

    def __init__(self) -> None:
        self._stop, self._errors, self._threads = (
            threading.Event(),
            list[BaseException](),
            list[threading.Thread](),
        )

    def employ(self, works: Iterator[Callable[[], None]]) -> None:
        """One thread for one stream of work."""

        def run() -> None:
            try:
                for work in works:
                    work()
                    if self._stop.is_set():
                        return
            except BaseException as error:
                self._errors.append(error)

        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()

    def finish(self) -> None:
        """Let everybody end the piece in hand."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._errors:
            raise self._errors[0]
