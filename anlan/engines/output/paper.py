"""Records on paper: A4 pages with facts, pictures and history, as PDF with the font inside."""

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.urls import URLFetcher

from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import Attachment, attachments_of, thumbnail
from anlan.engines.output.codes import qr_data
from anlan.engines.registry.api import MASKED, Ledger, events, facts
from anlan.kernel import clock

PICTURES = 12
STYLES = Path(__file__).with_name("paper.css")


def pdf_of(html: str) -> bytes:
    """A PDF of our own HTML; nothing outside it is ever fetched, only ``data:`` addresses."""
    document = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=("data",)))
    content: bytes = document.write_pdf(stylesheets=[CSS(filename=STYLES)], presentational_hints=True)
    return content


def paper_style() -> bytes:
    """The style of our papers, for pages that leave the house as files."""
    return STYLES.read_bytes()


def cell_words(value: Any) -> str:
    """A value of a list as paper prints it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.zone()) if value.tzinfo else value:%Y-%m-%d %H:%M}"
    return str(value)


def pdf_of_records(actor: Actor, ledger: Ledger, records: list[Any], base_url: str = "") -> bytes:
    """Records of one ledger, each beginning a page; masked, and written down as printed."""
    sheets = [_sheet(ledger, record, base_url) for record in records]
    for record, sheet in zip(records, sheets, strict=True):
        log(actor, "print", record, title=sheet["title"])
    moment = clock.now().astimezone(clock.zone())
    said = {"sheets": sheets, "ledger": ledger, "person": actor.name, "moment": f"{moment:%Y-%m-%d %H:%M}"}
    return pdf_of(render_to_string("output/records.html", said))


def _sheet(ledger: Ledger, record: Any, base_url: str) -> dict[str, Any]:
    pictures = [item for item in attachments_of(record) if item.is_picture][:PICTURES]
    return {
        "title": str(MASKED.plain(ledger.column_data[0], record) or record.pk),
        "record": record,
        "facts": facts(ledger, record, MASKED),
        "pictures": [_picture(ledger, item) for item in pictures],
        "events": events(ledger, record),
        "code": qr_data(f"{base_url}{ledger.url_of(record)}") if base_url else "",
    }


def _picture(ledger: Ledger, item: Attachment) -> dict[str, str]:
    content = base64.b64encode(thumbnail(item.file, edge=960)).decode()
    title = ledger.files.get(item.slot, item.slot)
    return {"src": f"data:image/jpeg;base64,{content}", "text": f"{title}：{item.caption or item.mark()}"}
