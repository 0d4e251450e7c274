"""Records as a Word document under the template of their bureau; many of them by a job."""

from typing import Any

from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import aside
from anlan.engines.output.exports import keep_export
from anlan.engines.output.word_fields import common_values, values, vocabulary
from anlan.engines.output.word_starter import starter
from anlan.engines.output.word_templates import WordTemplate, template_of
from anlan.engines.output.words import filled
from anlan.engines.registry.api import MASKED, Ledger, ledgers, one
from anlan.engines.tasks.api import Job, background, enqueue
from anlan.kernel.errors import Rejected

AT_ONCE, MOST = 50, 500


def word_of_records(actor: Actor, ledger: Ledger, records: list[Any]) -> bytes:
    """Records of one ledger, each beginning a page; masked, and written down as printed."""
    template = _template(ledger, records)
    words, common = vocabulary(ledger), common_values(actor, ledger)
    said = list(values(actor, ledger, records))
    if template is not None:
        content = filled(template.path, words, said, common)
    else:
        with aside(".docx") as path:
            path.write_bytes(starter(ledger))
            content = filled(path, words, said, common)
    for record in records:
        title = str(MASKED.plain(ledger.column_data[0], record) or record.pk)
        log(actor, "print", record, title=f"{title} Word")
    return content


def _template(ledger: Ledger, records: list[Any]) -> WordTemplate | None:
    units = {record.org_id: record.org for record in records}.values()
    found = {template_of(ledger, unit) for unit in units}
    if len(found) > 1:
        raise Rejected({"chosen": "所选记录的单位用的不是同一个 Word 模板，请按单位分几次打印"})
    return found.pop()


def file_name(ledger: Ledger, records: list[Any]) -> str:
    """Title and, for one record, its number."""
    return f"{ledger.title}-{records[0].pk}.docx" if len(records) == 1 else f"{ledger.title}.docx"


@background("生成 Word")
def word_job(job: Job, code: str, chosen: list[int]) -> dict[str, Any]:
    """Many records; what the person no longer sees stops it, since the document would be incomplete."""
    ledger = ledgers[code]
    records = [one(ledger, job.user, pk) for pk in chosen]
    content = word_of_records(Actor.person(job.user), ledger, records)
    made = keep_export(job.user, file_name(ledger, records), content, len(records), job)
    return {"url": made.url, "text": f"{made.name}，{made.rows:,} 条；24 小时内可以下载"}


def start_word(actor: Actor, ledger: Ledger, chosen: list[int]) -> Job:
    """Queue the document."""
    return enqueue(actor, word_job, title=f"生成{ledger.title} Word", code=ledger.code, chosen=chosen)
