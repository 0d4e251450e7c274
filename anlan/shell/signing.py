"""Form field of a signature: drawn on the screen as a PNG picture, or left empty by who confirms otherwise."""

import base64
import binascii
import io
from typing import Any

from django import forms
from PIL import Image

LARGEST = 300_000
HEAD = "data:image/png;base64,"
PNG = b"\x89PNG\r\n\x1a\n"
PIXELS = 4_000_000
INK, DARK = 40, 170  # so many dots darker than this (0 to 255) make a signature


class NoPicture(ValueError):
    """Not a picture that can be opened, or one larger than any pad."""


def has_ink(content: bytes) -> bool:
    """Whether something is drawn in the picture; NoPicture for what is none."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > PIXELS:
                raise NoPicture
            drawn = picture.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise NoPicture from None
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    return sum(paper.convert("L").histogram()[:DARK]) >= INK


class Signing(forms.TextInput):
    """The pad; ``who`` stands beside it."""

    def __init__(self, who: str = "") -> None:
        super().__init__()
        self.who = who


class SignatureField(forms.CharField):
    """The value is the content of the picture; ``b""`` where nothing was drawn."""

    def __init__(self, label: str, *, who: str = "", required: bool = False, help_text: str = "") -> None:
        super().__init__(label=label, required=required, help_text=help_text, widget=Signing(who))

    def clean(self, value: Any) -> bytes:
        """Refuse whatever is not a small PNG picture."""
        said = super().clean(value)
        if not said:
            return b""
        try:
            content = base64.b64decode(said.removeprefix(HEAD), validate=True)
        except (binascii.Error, ValueError):
            content = b""
        if not said.startswith(HEAD) or not content.startswith(PNG):
            raise forms.ValidationError("没有收到签名，请重新签名")
        if len(content) > LARGEST:
            raise forms.ValidationError("签名图片过大，请重新签名")
        try:
            drawn = has_ink(content)
        except NoPicture:
            raise forms.ValidationError("没有收到签名，请重新签名") from None
        if not drawn:
            raise forms.ValidationError("签名是空的，请重新签名")
        return content


def is_signed_by_hand(form: Any) -> bool:
    """Whether the form has a pad to sign on."""
    return any(isinstance(field.widget, Signing) for field in getattr(form, "fields", {}).values())
