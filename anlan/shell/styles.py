"""Style sheets and scripts: one file per component, joined by plain concatenation."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
SCRIPTS = HERE / "static" / "shell" / "js"
SHEETS = TEMPLATES / "shell" / "styles"
FRAME = ("tokens", "page", "card", "frame", "rail", "side", "top", "phone", "progress")
PAGES = ("form", "reading", "check", "public", "login", "wizard", "gallery", "tones")
# The wall has its own palette and is the only other sheet.
BEHAVIOUR = (
    "requests",
    "reader",
    "keys",
    "leaving",
    "notices",
    "dialogs",
    "lists",
    "following",
    "forms",
    "drafts",
    "picker",
    "rich",
    "uploader",
    "signing",
    "checks",
    "session",
)
JOINED = {
    "shell/anlan.css": (*FRAME, "*", *PAGES),
    "shell/wall.css": ("wall",),
    "shell/anlan.js": BEHAVIOUR,
}


def sources(name: str) -> list[Path]:
    """Return the files joined under this name in load order; ``*`` stands for every component."""
    if name.endswith(".js"):
        return [SCRIPTS / f"{stem}.js" for stem in JOINED[name]]
    found: list[Path] = []
    for stem in JOINED[name]:
        components = sorted((TEMPLATES / "components").glob("*.css"))
        found += components if stem == "*" else [SHEETS / f"{stem}.css"]
    return found


def join(name: str) -> str:
    """Return the joined text."""
    return "\n".join(path.read_text(encoding="utf-8").strip() for path in sources(name)) + "\n"


class StyleFinder(BaseFinder):
    """Static files finder that offers the joined files, written again when a source is newer."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.VAR) / "styles"
        self.storage = FileSystemStorage(location=self.folder)
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Accept every configuration: the finder has no settings."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the absolute path of a joined file, or an empty list."""
        if path not in JOINED:
            return []
        written = str(self._write(path))
        return [written] if find_all else written

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Yield every joined file with the storage that holds it."""
        for name in JOINED:
            if not matches_patterns(name, ignore_patterns or ()):
                self._write(name)
                yield name, self.storage

    def _write(self, name: str) -> Path:
        target = self.folder / name
        newest = max(path.stat().st_mtime for path in sources(name))
        if not target.exists() or target.stat().st_mtime < newest:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(join(name), encoding="utf-8")
        return target
