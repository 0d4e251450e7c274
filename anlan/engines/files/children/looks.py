"""Looks of cells: font, fill, borders, alignment and number format, resolved from a workbook's styles."""

import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FORMATS = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 31: 'yyyy"年"m"月"d"日"', 49: "@", 57: 'yyyy"年"m"月"',
}  # fmt: skip
SIDES = ("left", "right", "top", "bottom")
# Office numbers its theme colours light first, the theme part lists them dark first.
THEME_ORDER = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)


@dataclass
class Looks:
    """The parts of ``xl/styles.xml`` that cells point to."""

    fonts: list[ElementTree.Element] = field(default_factory=list)
    fills: list[ElementTree.Element] = field(default_factory=list)
    borders: list[ElementTree.Element] = field(default_factory=list)
    styles: list[ElementTree.Element] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    theme: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, package: zipfile.ZipFile) -> "Looks":
        """Read them; a workbook without styles has none."""
        if "xl/styles.xml" not in package.namelist():
            return cls()
        tree = ElementTree.fromstring(package.read("xl/styles.xml"))  # noqa: S314 - no declarations, bounded
        given = {
            int(node.get("numFmtId") or 0): node.get("formatCode", "") for node in tree.iter(f"{MAIN}numFmt")
        }
        return cls(
            _children(tree, "fonts"),
            _children(tree, "fills"),
            _children(tree, "borders"),
            _children(tree, "cellXfs"),
            FORMATS | given,
            _theme(package),
        )

    def look(self, number: int) -> dict[str, Any]:
        """One style in plain words; an unknown one has nothing particular."""
        if not 0 <= number < len(self.styles):
            return {}
        style = self.styles[number]
        look = self._font(_at(self.fonts, style, "fontId")) | self._fill(_at(self.fills, style, "fillId"))
        look |= self._borders(_at(self.borders, style, "borderId")) | _alignment(style)
        look["format"] = self.formats.get(int(style.get("numFmtId") or 0), "")
        return {name: value for name, value in look.items() if value}

    def _font(self, node: ElementTree.Element | None) -> dict[str, Any]:
        if node is None:
            return {}
        name, size = node.find(f"{MAIN}name"), node.find(f"{MAIN}sz")
        return {
            "font": name.get("val", "") if name is not None else "",
            "size": size.get("val", "") if size is not None else "",
            "bold": _on(node.find(f"{MAIN}b")),
            "italic": _on(node.find(f"{MAIN}i")),
            "underline": _on(node.find(f"{MAIN}u")),
            "colour": self._colour(node.find(f"{MAIN}color")),
        }

    def _fill(self, node: ElementTree.Element | None) -> dict[str, Any]:
        pattern = node.find(f"{MAIN}patternFill") if node is not None else None
        if pattern is None or pattern.get("patternType") != "solid":
            return {}
        return {"fill": self._colour(pattern.find(f"{MAIN}fgColor"))}

    def _borders(self, node: ElementTree.Element | None) -> dict[str, Any]:
        if node is None:
            return {}
        found = {side: node.find(f"{MAIN}{side}") for side in SIDES}
        return {side: line.get("style", "") for side, line in found.items() if line is not None}

    def _colour(self, node: ElementTree.Element | None) -> str:
        if node is None:
            return ""
        if node.get("rgb"):
            return f"#{(node.get('rgb') or '')[-6:].upper()}"
        theme = int(node.get("theme") or -1)
        if not 0 <= theme < len(self.theme):
            return ""
        return _tinted(self.theme[theme], float(node.get("tint") or 0))


def _children(tree: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    node = tree.find(f"{MAIN}{name}")
    return [] if node is None else list(node)


def _at(
    parts: list[ElementTree.Element], style: ElementTree.Element, name: str
) -> ElementTree.Element | None:
    number = int(style.get(name) or 0)
    return parts[number] if 0 <= number < len(parts) else None


def _on(node: ElementTree.Element | None) -> bool:
    return node is not None and node.get("val", "1") not in ("0", "false", "none")


def _alignment(style: ElementTree.Element) -> dict[str, Any]:
    node = style.find(f"{MAIN}alignment")
    if node is None:
        return {}
    return {
        "horizontal": node.get("horizontal", ""),
        "vertical": node.get("vertical", ""),
        "wrap": node.get("wrapText") in ("1", "true"),
    }


def _theme(package: zipfile.ZipFile) -> list[str]:
    if "xl/theme/theme1.xml" not in package.namelist():
        return []
    tree = ElementTree.fromstring(package.read("xl/theme/theme1.xml"))  # noqa: S314 - the same
    scheme = next(tree.iter(f"{DRAWING}clrScheme"), None)
    listed = [
        next((inner.get("lastClr") or inner.get("val") or "" for inner in colour), "")
        for colour in (scheme if scheme is not None else ())
    ]
    return [listed[place] for place in THEME_ORDER if place < len(listed)]


def _tinted(colour: str, tint: float) -> str:
    """Lighter for a positive tint, darker for a negative one, each channel on its own."""
    if len(colour) != 6:
        return ""
    channels = [int(colour[at : at + 2], 16) for at in (0, 2, 4)]
    shifted = [c + (255 - c) * tint if tint > 0 else c * (1 + tint) for c in channels]
    return "#" + "".join(f"{max(0, min(255, round(c))):02X}" for c in shifted)
