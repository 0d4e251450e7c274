"""A closed round as one signed file, and what recomputing it from that file alone says.

The file is JSON: ``format``, ``case``, ``result``, ``digest`` (SHA-256 of case and result in canonical form), ``key``
and ``signature`` (Ed25519, RFC 8032, over the digest; both in base64). Numbers stand as text: no reader rounds them.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterator
from decimal import InvalidOperation
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from anlan.engines.evaluation.cases import Case
from anlan.engines.evaluation.plain import case_in, case_out, result_out
from anlan.engines.evaluation.reckoning import Unfinished, Unsound, reckon
from anlan.kernel.errors import Rejected

FORMAT = "anlan.evaluation/1"


def state(case: Case, key: Ed25519PrivateKey) -> str:
    """The file of a case with its result, signed; Unsound and Unfinished as ``reckon``."""
    body = {"case": case_out(case), "result": result_out(reckon(case))}
    digest = _digest(body)
    whole = {
        "format": FORMAT,
        **body,
        "digest": digest,
        "key": base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        "signature": base64.b64encode(key.sign(bytes.fromhex(digest))).decode(),
    }
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1)


def fingerprint(text: str) -> str:
    """Under which key a file was signed, as it is printed on result sheets: 16 hexadecimal digits."""
    return hashlib.sha256(base64.b64decode(_read(text)["key"])).hexdigest()[:16]


def check(text: str) -> list[str]:
    """Where the file does not hold or recomputing it comes to something else, in words; nothing if all is the same.

    Rejected for something that is no such file.
    """
    said = _read(text)
    found = list(_seal_faults(said))
    try:
        result = reckon(case_in(said["case"]))
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
        raise Rejected({"file": "文件内容不完整，不能重新计算"}) from None
    except Unsound as unsound:
        return found + [f"指标 {fault.code}：{fault.text}" for fault in unsound.faults]
    except Unfinished as unfinished:
        return found + [
            f"{one.judge} 没有给 {one.participant} 的 {one.indicator} 评分" for one in unfinished.missing
        ]
    return found + list(_differences(said["result"], result_out(result)))


def _read(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise Rejected({"file": "不是评估结果文件"}) from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise Rejected({"file": "不是评估结果文件，或版本不认识"})
    if missing := {"case", "result", "digest", "key", "signature"} - said.keys():
        raise Rejected({"file": f"文件缺少 {'、'.join(sorted(missing))}"})
    return said


def _digest(body: dict[str, Any]) -> str:
    plain = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _seal_faults(said: dict[str, Any]) -> Iterator[str]:
    digest = _digest({"case": said["case"], "result": said["result"]})
    if digest != said["digest"]:
        yield "内容与校验值不符：文件在签名后被改动"
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(said["key"], validate=True))
        key.verify(base64.b64decode(said["signature"], validate=True), bytes.fromhex(digest))
    except (InvalidSignature, binascii.Error, ValueError, TypeError):
        yield "签名不符"


def _differences(stated: Any, found: Any, where: str = "结果") -> Iterator[str]:
    if isinstance(stated, dict) and isinstance(found, dict):
        for name in sorted({*stated, *found}):
            yield from _differences(stated.get(name), found.get(name), f"{where} · {name}")
    elif stated != found:
        yield f"{where}：文件写的是 {_shown(stated)}，重新计算是 {_shown(found)}"


def _shown(value: Any) -> str:
    return "空" if value is None else str(value)
