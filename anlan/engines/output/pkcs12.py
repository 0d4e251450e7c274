"""Signing PDF with a certificate from a PKCS #12 file (extra ``sign``); no change is allowed afterwards."""

import io
from functools import cache
from typing import Any, cast

from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm

FIELD = "Anlan"


@cache
def certificate() -> signers.SimpleSigner:
    """The site's certificate. ValueError for a file or password that does not fit."""
    said, signer = settings.PDF_SIGNING, cast(Any, signers.SimpleSigner)
    found: signers.SimpleSigner | None = signer.load_pkcs12(
        said["key"], passphrase=said["password"].encode() or None
    )
    if found is None:
        raise ValueError("not a PKCS #12 file, or the wrong password")
    return found


def certify(pdf: bytes, reason: str) -> bytes:
    """The PDF with a certifying signature that forbids every change."""
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, reason=reason, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    signed = signers.PdfSigner(meta, signer=certificate()).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)))
    content: bytes = signed.getvalue()
    return content
