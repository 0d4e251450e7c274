"""A closed year as a package, a workbook or a PDF, made by a job with progress that can be cancelled (S06.6)."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.template.loader import render_to_string

from anlan.domains.accounts.closings import Closing
from anlan.domains.accounts.freezing import Frozen
from anlan.domains.accounts.shown_years import HEADS, files_of, lines, seen_sections
from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import Attachment, aside, room
from anlan.engines.output.api import Package, keep_export_at, paper_style, pdf_of, safe_name
from anlan.engines.registry.api import ledgers, one, writers
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock

CLOSINGS = "accounts.closings"
FORMATS = [
    ("zip", "压缩包（目录、Excel 台账和全部附件）"),
    ("xlsx", "Excel 文件"),
    ("pdf", "PDF 文件（打印）"),
]
MOST = 500 * 1024 * 1024
CONTENTS, STYLE = "目录.html", "样式.css"


def start_packing(actor: Actor, closing: Closing, kind: str) -> Job:
    """Queue the making of the file; its person fetches it from the message."""
    return enqueue(actor, pack_year, title=f"导出{closing}", pk=closing.pk, kind=kind)


@background("导出学年台账")
def pack_year(job: Job, pk: int, kind: str) -> dict[str, Any]:
    """One file of a closed year; rights are asked again, as time has passed."""
    ledger = ledgers[CLOSINGS]
    closing: Closing = one(ledger, job.user, pk, "export")
    sections = seen_sections(job.user, closing)
    papers = files_of(sections)
    name = f"{safe_name(str(closing))}.{kind}"
    number = sum(len(section["rows"]) for section in sections)
    actor = Actor.person(job.user)
    with aside() as path, room():
        _write(path, kind, Bundle(closing, sections, papers, job, _note(actor)))
        kept = keep_export_at(job.user, name, path, number, job)
    log(actor, "export", closing, after={"format": kind, "rows": number, "files": len(papers)})
    return {"url": kept.url, "text": f"{kept.name}，{number:,} 条；24 小时内可以下载"}


def _note(actor: Actor) -> str:
    return f"导出人：{actor.name}；时间：{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"


class Bundle:
    """What one person takes along of a closed year, and the job that says how far it is."""

    def __init__(
        self, closing: Closing, sections: list[Frozen], papers: dict[str, Attachment], job: Job, note: str
    ) -> None:
        self.closing, self.sections, self.papers, self.job, self.note = closing, sections, papers, job, note

    def table(self, kind: str, title: str, sections: list[Frozen]) -> bytes:
        """Rows as a file of that kind."""
        return writers[kind].write(title, HEADS, lines(sections, self.papers), self.note)

    def put(self, package: Package) -> None:
        """Everything into the package, the contents page last: it links what is there."""
        total, contents = len(self.papers) + len(self.sections), []
        for number, section in enumerate(self.sections, 1):
            folder = f"{number:02d} {safe_name(section['title'])}"
            sheet = package.name_for(f"{section['title']}.xlsx", folder)
            package.add(sheet, self.table("xlsx", section["title"], [section]))
            rows = [(row, self._files(package, folder, row, total)) for row in section["rows"]]
            contents.append((section, quote(sheet), rows))
        progress(self.job, total, total)
        package.add(CONTENTS, self.page(contents, STYLE).encode())
        package.add(STYLE, paper_style())

    def page(self, contents: list[Any], style: str = "") -> str:
        """The contents as a page; with ``style``, for a browser beside the files."""
        said = {"closing": self.closing, "contents": contents, "note": self.note, "style": style}
        return render_to_string("accounts/package.html", said)

    def _files(self, package: Package, folder: str, row: Frozen, total: int) -> list[tuple[str, str]]:
        """Name and relative address of each file of a row; an empty address for one that is lost."""
        found = []
        for paper in (self.papers[uid] for uid in row["files"] if uid in self.papers):
            progress(self.job, min(self.job.done + 1, total), total)
            if not paper.file.path.exists():
                found.append((f"{paper.name}（文件已不在）", ""))
                continue
            place = package.name_for(paper.name, f"{folder}/{row['day']} {safe_name(row['title'])}")
            package.add_file(place, paper.file.path)
            found.append((paper.name, quote(place)))
        return found


def _write(path: Path, kind: str, bundle: Bundle) -> None:
    if kind == "zip":
        with Package(path, MOST) as package:
            bundle.put(package)
    elif kind == "pdf":
        path.write_bytes(pdf_of(bundle.page([_on_paper(bundle, section) for section in bundle.sections])))
    else:
        path.write_bytes(bundle.table(kind, str(bundle.closing), bundle.sections))


def _on_paper(bundle: Bundle, section: Frozen) -> tuple[Frozen, str, list[Any]]:
    """A ledger without addresses, which paper has no use for."""
    papers = bundle.papers
    rows = [
        (row, [(papers[uid].name, "") for uid in row["files"] if uid in papers]) for row in section["rows"]
    ]
    return section, "", rows
