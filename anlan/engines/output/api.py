"""The output engine's door: PDF, exports kept for a person, QR codes."""

from anlan.engines.output.codes import qr_data, qr_svg
from anlan.engines.output.exporting import Wish, export_aside
from anlan.engines.output.exports import ExportFile, keep_export
from anlan.engines.output.paper import pdf_of, pdf_of_records
from anlan.engines.output.sending import as_download

__all__ = [
    "ExportFile",
    "Wish",
    "as_download",
    "export_aside",
    "keep_export",
    "pdf_of",
    "pdf_of_records",
    "qr_data",
    "qr_svg",
]
