"""``manage.py vendor_assets``: copy the browser libraries into ``vendor/`` and build the icon sprite."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

COPIED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap.bundle.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@alpinejs/csp/dist/cdn.min.js": "alpine-csp.min.js",
    "signature_pad/dist/signature_pad.umd.min.js": "signature_pad.umd.min.js",
}
LICENCES = {
    "bootstrap/LICENSE": "bootstrap",
    "htmx.org/LICENSE": "htmx",
    "signature_pad/LICENSE": "signature_pad",
    "echarts/LICENSE": "echarts",
    "echarts/NOTICE": "echarts-notice",
    "zrender/LICENSE": "zrender",
    "@tabler/icons/LICENSE": "tabler-icons",
    "@vue/reactivity/LICENSE": "vue-reactivity",
    "@alpinejs/csp/package.json": "alpine-csp",
}
SOURCE_MAP = re.compile(r"^\s*(?://[#@]|/\*[#@])\s*sourceMappingURL=.*$", re.MULTILINE)
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_PATH = re.compile(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')


class Command(BaseCommand):
    """Copies a white list with licences without source maps, builds ``icons.svg`` and the chart bundle."""

    help = "Copy browser libraries from assets/node_modules into vendor/ and build the icon sprite."

    def handle(self, *args: Any, **options: Any) -> None:
        assets, target = settings.ROOT / "assets", settings.ROOT / "vendor" / "lib"
        modules = assets / "node_modules"
        if not modules.exists():
            raise CommandError("assets/node_modules is missing; run: cd assets && npm ci --ignore-scripts")
        target.mkdir(parents=True, exist_ok=True)
        for source, name in COPIED.items():
            (target / name).write_text(without_source_map((modules / source).read_text("utf-8")), "utf-8")
        names = (assets / "icons.txt").read_text("utf-8").split()
        (target / "icons.svg").write_text(sprite(modules / "@tabler/icons/icons/outline", names), "utf-8")
        bundle_charts(assets, target / "echarts.min.js")
        copy_licences(modules, target / "licences")
        self.stdout.write(f"{len(COPIED) + 2} files and {len(names)} icons in {target}")


def without_source_map(text: str) -> str:
    """Return the text without sourceMappingURL lines, on which the manifest storage fails."""
    return SOURCE_MAP.sub("", text)


def sprite(folder: Path, names: list[str]) -> str:
    """Return one SVG with a symbol per icon; CommandError names an icon that does not exist."""
    missing = [name for name in names if not (folder / f"{name}.svg").exists()]
    if missing:
        raise CommandError(f"no such icon: {', '.join(missing)}")
    symbols = "".join(symbol(name, (folder / f"{name}.svg").read_text("utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'


def symbol(name: str, drawing: str) -> str:
    """Return the drawing of one icon as a symbol of the sprite."""
    found = DRAWING.search(drawing)
    if found is None:
        raise CommandError(f"icon {name} is no SVG")
    lines = " ".join(EMPTY_PATH.sub("", found.group(1)).split())
    return f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>'


def bundle_charts(assets: Path, target: Path) -> None:
    """Bundle the chart library from ``assets/echarts.js`` with esbuild."""
    tool = assets / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = [
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2020",
        "--legal-comments=none",
    ]
    node = shutil.which("node")
    if node is None:
        raise CommandError("node is needed to build the charts")
    try:
        subprocess.run(  # noqa: S603 -- fixed words, no input from outside
            [node, str(tool), "echarts.js", *options, f"--outfile={target}"],
            cwd=assets,
            check=True,
            capture_output=True,
            text=True,
        )
    except subprocess.CalledProcessError as error:
        raise CommandError(error.stderr) from error


def copy_licences(modules: Path, folder: Path) -> None:
    """Copy the licence of every library that is delivered."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in LICENCES.items():
        shutil.copyfile(modules / source, folder / f"{name}.txt")
