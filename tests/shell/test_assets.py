"""Joined style sheets and scripts, the icon sprite, and what a page weighs."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError

from anlan.shell import styles
from anlan.shell.management.commands.vendor_assets import sprite, symbol, without_source_map
from anlan.shell.styles import JOINED, StyleFinder, join, sources

OFFICE_KB, CSS_KB, JS_KB = 150, 24, 20


def weight(text: str) -> float:
    return len(gzip.compress(text.encode(), 9)) / 1024


@pytest.mark.parametrize("name", JOINED)
def test_every_file_of_a_joined_sheet_exists_once(name):
    files = sources(name)
    assert all(path.exists() for path in files)
    assert len(files) == len(set(files))


def test_every_component_style_is_delivered():
    joined = sources("shell/anlan.css")
    assert not [path for path in (styles.TEMPLATES / "components").glob("*.css") if path not in joined]


def test_braces_balance_in_every_sheet():
    for path in sources("shell/anlan.css"):
        text = path.read_text("utf-8")
        assert text.count("{") == text.count("}"), path.name


def test_the_finder_offers_the_joined_files(tmp_path, settings):
    settings.VAR = tmp_path
    finder = StyleFinder()
    found = {name: storage.path(name) for name, storage in finder.list([])}
    assert set(found) == set(JOINED)
    assert ".al-chip" in (tmp_path / "styles/shell/anlan.css").read_text("utf-8")
    assert finder.find("shell/none.css") == []
    assert finders.find("shell/anlan.css")


def test_own_styles_and_scripts_stay_light():
    assert weight(join("shell/anlan.css")) < CSS_KB
    assert weight(join("shell/anlan.js")) < JS_KB


def test_styles_need_nothing_an_old_browser_lacks():
    sheet = re.sub(r"/\*.*?\*/", "", join("shell/anlan.css"), flags=re.DOTALL)
    for newer in (":has(", "@layer", "@container", "color-mix(", "oklch(", "light-dark(", "dvh"):
        assert newer not in sheet


def test_source_map_lines_are_taken_out():
    assert without_source_map("a;\n//# sourceMappingURL=a.js.map") == "a;\n"
    assert without_source_map("a{}\n/*# sourceMappingURL=a.css.map */") == "a{}\n"


def test_an_icon_becomes_a_symbol_without_its_empty_frame():
    drawing = '<svg width="24"><path stroke="none" d="M0 0h24v24H0z" fill="none" /><path d="M1 1" /></svg>'
    assert symbol("bell", drawing) == '<symbol id="bell" viewBox="0 0 24 24"><path d="M1 1" /></symbol>'


def test_a_missing_icon_is_named(tmp_path):
    with pytest.raises(CommandError, match="bell"):
        sprite(tmp_path, ["bell"])


NAMED = (
    r'\bicon="([a-z0-9-]+)"',
    r'{% icon "([a-z0-9-]+)"',
    r'add_area\(\s*"[^"]+",\s*"[^"]+",\s*"([a-z0-9-]+)"',
    r'\bTab\(\s*"[^"]+",\s*"[^"]+",\s*"([a-z0-9-]+)"',
    r'\bAction\(\s*"[^"]*",\s*[^,()]+,\s*"[a-z]+",\s*"([a-z0-9-]+)"',
)


def test_every_icon_named_anywhere_is_in_the_sprite():
    house = styles.HERE.parent
    known = (house.parent / "assets" / "icons.txt").read_text("utf-8").split()
    texts = [path.read_text("utf-8") for kind in ("*.py", "*.html", "*.yaml") for path in house.rglob(kind)]
    named = {name for text in texts for pattern in NAMED for name in re.findall(pattern, text)}
    assert "bell" in named
    assert not named - set(known)
