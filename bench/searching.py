"""Searching 2,000 documents as a person does against the bare query of the same index; p95 of many words."""

import random
from time import perf_counter

from django.db import connection
from django.http import QueryDict

from anlan.engines.library.api import (
    Document,
    DocumentKind,
    Passage,
    Piece,
    Search,
    Topic,
    index,
    store_all,
)
from bench.harness import Result, told
from bench.province import Province

DOCUMENTS, PASSAGES, SIGNS = 2_000, 5, 400
TEXT = "校园安全消防通道巡查整改学生宿舍食堂教室灯电气设备值班门卫应急预案演练疏散器材检查记录制度责任"
ROUNDS, GOAL = 60, 12


def filed(unit: object) -> None:
    """2,000 documents of five passages, made by arithmetic; made once."""
    if Document.unguarded.filter(title="检索文件 0").exists():
        return
    rng = random.Random(11)
    kind = DocumentKind.unguarded.create(org=unit, title="检索类型")
    topic = Topic.unguarded.create(org=unit, title="检索主题")
    for first in range(0, DOCUMENTS, 200):
        rows = Document.unguarded.bulk_create(
            Document(org=unit, kind=kind, topic=topic, title=f"检索文件 {number}")
            for number in range(first, first + 200)
        )
        store_all((row, [_piece(rng, number) for number in range(1, PASSAGES + 1)]) for row in rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _piece(rng: random.Random, number: int) -> Piece:
    return Piece("paragraph", number, "".join(rng.choices(TEXT, k=SIGNS)))


def run(province: Province) -> list[Result]:
    """Count, first page and snippets, for words of one to four signs."""
    filed(province.units["province"][0])
    officer, rng = province.officer("province"), random.Random(3)
    words = ["".join(rng.choices(TEXT, k=rng.randint(1, 4))) for _ in range(ROUNDS)]
    took, bare = [], []
    for word in words:
        began = perf_counter()
        search = Search(officer, QueryDict(f"q={word}"))
        found = (search.total, len(search.hits))
        took.append((perf_counter() - began) * 1000)
        assert (found[0] > 0) == (found[1] > 0)
        began = perf_counter()
        list(index().narrow(Passage.objects.order_by(), [word]).values_list("pk", flat=True))
        bare.append((perf_counter() - began) * 1000)
    work, floor = (sorted(times)[int(len(times) * 0.95)] for times in (took, bare))
    ratio = work / floor
    facts = {"work_ms": round(work, 2), "floor_ms": round(floor, 2), "ratio": round(ratio, 2), "goal": GOAL}
    said = {"percentile": 95, "words": ROUNDS, "documents": DOCUMENTS, "passages": DOCUMENTS * PASSAGES}
    return [told(Result("searching", ratio <= GOAL, facts | said))]
