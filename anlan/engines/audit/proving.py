"""A copy of the trail proves itself: every line, and its place after the one before (MLPS.11)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder

from anlan.engines.audit.entries import keyed_digest


def faults_in(path: Path) -> Iterator[int]:
    """Positions of a copy whose content or place does not hold; needs the audit key, not the database."""
    previous = None
    with gzip.open(path, "rt", encoding="utf-8") as kept:
        for text in kept:
            said = json.loads(text)
            content = json.dumps(
                said["content"], cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True
            ).encode()
            place = f"{said['previous']}:{said['position']}:{said['entry']}:{said['mac']}:".encode()
            broken = previous is not None and said["previous"] != previous
            if (
                broken
                or keyed_digest(content) != said["mac"]
                or keyed_digest(place + content) != said["digest"]
            ):
                yield said["position"]
            previous = said["digest"]
