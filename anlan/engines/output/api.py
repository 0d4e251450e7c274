"""The output engine's door: PDF, exports kept for a person, QR codes."""

from anlan.engines.output.codes import qr_data, qr_svg
from anlan.engines.output.exporting import Wish, export_aside
from anlan.engines.output.exports import ExportFile, keep_export, keep_export_at
from anlan.engines.output.packages import Package, safe_name
from anlan.engines.output.paper import paper_style, pdf_of, pdf_of_records
from anlan.engines.output.sealed import SealedPaper, content_of, paper_of, seal
from anlan.engines.output.sending import as_download
from anlan.engines.output.signatures import (
    Signature,
    Signed,
    content_digest,
    sign,
    signature_faults,
    signatures_of,
)

__all__ = [
    "ExportFile",
    "Package",
    "SealedPaper",
    "Signature",
    "Signed",
    "Wish",
    "as_download",
    "content_digest",
    "content_of",
    "export_aside",
    "keep_export",
    "keep_export_at",
    "paper_of",
    "paper_style",
    "pdf_of",
    "pdf_of_records",
    "qr_data",
    "qr_svg",
    "safe_name",
    "seal",
    "sign",
    "signature_faults",
    "signatures_of",
]
