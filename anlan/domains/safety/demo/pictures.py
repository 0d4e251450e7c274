"""Simple pictures drawn on the spot, each marked 演示, for the hazards of the demo."""

import io
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from PIL import Image, ImageDraw

from anlan.base.demo.steps import LOADER
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import create_all
from anlan.engines.files.api import Attachment, Received, face, receive
from anlan.engines.workflow.api import Step

SIZE, PLACES = (960, 720), 3
WALL, FLOOR, INK = "#DDE3E1", "#B9C2BE", "#22343B"
THINGS = {
    "fire": ("#C7372B", "消防"),
    "food": ("#D98A1F", "食堂"),
    "facility": ("#2F7F97", "设施"),
    "violence": ("#6B5AA8", "门卫"),
    "infectious": ("#3C8A58", "保健"),
}


def _drawn(code: str, place: int, done: bool) -> bytes:
    """A room with the thing in question: askew and crossed before the work, upright and ticked after it."""
    colour, word = THINGS[code]
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 470, 960, 720), fill=FLOOR)
    left = 220 + place * 130
    lean = 0 if done else 46
    draw.polygon([(left, 500), (left + 190, 500), (left + 190 + lean, 210), (left + lean, 210)], fill=colour)
    draw.line((left + 20, 540, left + 260, 540), fill=INK, width=6)
    if done:
        draw.line((640, 200, 690, 255, 790, 130), fill="#17683D", width=22, joint="curve")
    else:
        draw.line((650, 130, 780, 260), fill="#B3261E", width=22)
        draw.line((780, 130, 650, 260), fill="#B3261E", width=22)
    draw.text((40, 40), f"演示图片　{word}　{'整改后' if done else '整改前'}", font=face(44), fill=INK)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=82)
    return buffer.getvalue()


def _album() -> dict[tuple[str, int, bool], Received]:
    keys = [(code, place, done) for code in THINGS for place in range(PLACES) for done in (False, True)]
    return {key: receive([_drawn(*key)], "演示图片.jpg") for key in keys}


def hang(rng: Random, hazards: Sequence[Hazard], sent: dict[int, Step]) -> None:
    """A picture before the work with each hazard, one after it where the school sent its rectification."""
    album, rows = _album(), []
    for hazard in hazards:
        code, place = hazard.category.code, rng.randrange(PLACES)
        rows.append(_attachment(hazard, album[code, place, False], "before"))
        if step := sent.get(hazard.pk):
            shot = _attachment(hazard, album[code, place, True], "after")
            shot.created_at = shot.taken_at = step.at - timedelta(seconds=1)
            shot.created_by = step.user
            rows.append(shot)
    create_all(LOADER, rows, action="load")


def _attachment(hazard: Hazard, received: Received, slot: str) -> Attachment:
    return Attachment(
        org=hazard.org, model="safety.hazard", object_id=hazard.pk, slot=slot, file=received.file,
        name=received.name, source_sha256=received.source_sha256, created_by=hazard.created_by,
        created_at=hazard.found_at, taken_at=hazard.found_at,
    )  # fmt: skip
