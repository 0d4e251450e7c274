"""A real site on the tests' database: the web server and the job worker as ``scripts/serve`` starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WEB = "--interface wsgi --host 127.0.0.1 --workers 1 --blocking-threads 4 --no-ws --log-level warning"


def database_url() -> str:
    """The tests' database as other processes name it."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    return f"postgres://{said['USER']}:{said['PASSWORD']}@/{said['HOST']}/{said['NAME']}"


class Process:
    """A program with everything it starts; killing it leaves it no moment to tidy up."""

    def __init__(self, *command: str, log: Path) -> None:
        self.command, self.log, self.env = command, log, os.environ | {"ANLAN_DATABASE": database_url()}
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, in a group of its own."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End at once (signal 9), with all children."""
        if self.running is not None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
            self.running = None


def server(application: str, log: Path) -> tuple[str, Process]:
    """Where a WSGI application will answer, and the web server for it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    granian = str(Path(sys.executable).parent / "granian")
    return f"http://127.0.0.1:{port}", Process(granian, *WEB.split(), "--port", port, application, log=log)


def await_answer(url: str, log: Path, seconds: float = 60) -> None:
    """Until a server answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            requests.get(url, timeout=5)
        except requests.RequestException:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8")[-4000:])


class Site:
    """Server and worker; ``url`` is where the server answers."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "site.log"
        self.url, self.web = server("anlan.site.wsgi:application", self.log)
        jobs = ("manage.py", "run_jobs", "--dead-after", "2", "--interval", "0.2")
        self.worker = Process(sys.executable, *jobs, log=self.log)

    def __enter__(self) -> "Site":
        subprocess.run(
            [sys.executable, "manage.py", "createcachetable"], cwd=ROOT, env=self.web.env, check=True
        )
        self.web.start()
        self.worker.start()
        self.wait()
        return self

    def __exit__(self, *_: Any) -> None:
        self.web.kill()
        self.worker.kill()

    def wait(self) -> None:
        """Until the server answers."""
        await_answer(self.url + settings.LOGIN_URL, self.log)
