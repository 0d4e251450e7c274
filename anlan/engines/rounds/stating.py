"""The result of a round as one signed file, recomputed anywhere by ``anlan verify FILE`` (ADR 0008)."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from anlan.engines.audit.api import Actor, log
from anlan.engines.evaluation.api import state
from anlan.engines.files.api import aside, room
from anlan.engines.output.api import keep_export_at, safe_name
from anlan.engines.registry.api import ledgers, one
from anlan.engines.rounds.processes import process_named, process_of
from anlan.engines.rounds.reviewing import reviews_of
from anlan.engines.rounds.round_records import SHOWN
from anlan.engines.rounds.verdicts import case_of
from anlan.engines.tasks.api import Job, background, enqueue
from anlan.kernel.errors import Conflict


def site_key() -> Ed25519PrivateKey:
    """The key of this site for results, from the secret that also seals its trail."""
    drawn = HKDF(SHA256(), 32, salt=None, info=b"anlan evaluation results").derive(
        settings.AUDIT_KEY.encode()
    )
    return Ed25519PrivateKey.from_private_bytes(drawn)


def site_fingerprint() -> str:
    """What ``anlan verify`` names for files of this site: 16 hexadecimal digits."""
    return hashlib.sha256(site_key().public_key().public_bytes_raw()).hexdigest()[:16]


def start_stating(actor: Actor, round_: Any) -> Job:
    """Queue the making of the file; its person fetches it from the message."""
    title = f"导出结果文件：{round_}"
    return enqueue(actor, state_result, title=title, process=process_of(round_).code, pk=round_.pk)


@background("导出结果文件")
def state_result(job: Job, process: str, pk: int) -> dict[str, Any]:
    """Indicators, panels, every score, reviews and the result; rights are asked again, as time has passed."""
    round_ = one(ledgers[process_named(process).right("rounds")], job.user, pk, "export")
    if round_.state not in SHOWN:
        raise Conflict("结果公布以后才能导出结果文件")
    case = case_of(round_, reviews_of(round_))
    name = f"{safe_name(str(round_))}.json"
    with aside() as path, room():
        path.write_text(state(case, site_key()), encoding="utf-8")
        kept = keep_export_at(job.user, name, path, len(case.participants), job)
    log(Actor.person(job.user), "export", round_, after={"format": "result", "rows": len(case.participants)})
    return {"url": kept.url, "text": f"{kept.name}；24 小时内可以下载"}
