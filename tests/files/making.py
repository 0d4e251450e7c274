"""Real files of every kind, made on the spot."""

import io
import zipfile
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image
from PIL.ExifTags import IFD, Base
from xlsxwriter import Workbook

TAKEN = "2026:10:20 09:10:00"


def a_picture(
    form: str = "JPEG", size: tuple[int, int] = (640, 480), colour: str = "red", **exif: Any
) -> bytes:
    """A picture; ``gps=True`` writes time and place into it, ``turned=True`` says it lies on its side."""
    picture, buffer = Image.new("RGB", size, colour), io.BytesIO()
    hidden = Image.Exif()
    if exif.get("gps"):
        hidden[Base.Make] = "Secret Phone"
        hidden.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = TAKEN
        hidden.get_ifd(IFD.GPSInfo).update({1: "N", 2: (24.0, 48.0, 36.0), 3: "E", 4: (118.0, 35.0, 24.0)})
    if exif.get("turned"):
        hidden[Base.Orientation] = 6
    picture.save(buffer, form, exif=hidden)
    return buffer.getvalue()


def a_noise(size: tuple[int, int]) -> bytes:
    """A picture that compresses badly."""
    buffer = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def a_docx(*paragraphs: str, picture: bytes = b"") -> bytes:
    """A Word document, with a picture at its end."""
    document, buffer = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    if picture:
        document.add_picture(io.BytesIO(picture))
    document.save(buffer)
    return buffer.getvalue()


def an_xlsx(*rows: list[Any]) -> bytes:
    """A spreadsheet with one sheet."""
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


def a_package(parts: dict[str, bytes]) -> bytes:
    """A zip with the given members and a list of content types."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            package.writestr(name, content)
    return buffer.getvalue()


def an_ole(*streams: str) -> bytes:
    """The beginning of an old Office file whose directory names ``streams``."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    return bytes.fromhex("D0CF11E0A1B11AE1").ljust(512, b"\0") + names


PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
MP4 = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(range(256)) * 8
MP3 = b"ID3\4\0\0\0\0\0\0" + bytes(2000)
WAV = b"RIFF\x24\x08\0\0WAVEfmt " + bytes(2000)
EXE = b"MZ\x90\0\3\0\0\0\4" + bytes(600)


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """The file as a form hands it over."""
    return SimpleUploadedFile(name, content)
