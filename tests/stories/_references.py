"""What stories about references share: pictures that are like no other, and what was logged."""

import io
import json
from typing import Any

from PIL import Image, ImageDraw
from sqlmodel import select

from storage.models import Entry
from tests.stage import Stage
from tests.workspace.seen import Seen


def a_face(seed: int, size: tuple[int, int] = (320, 240), form: str = "JPEG") -> bytes:
    """Draw a picture that is like no other of another seed, whatever its size."""
    width, height = size
    image = Image.new("RGB", size, (240, 236, 228))
    draw = ImageDraw.Draw(image)
    for count in range(6):
        place = (seed * 7919 + count * 104729) % 997 / 997
        other = (seed * 15485863 + count * 32452843) % 991 / 991
        shade = (int(250 * place), int(40 + 150 * other), (seed * 53 + count * 31) % 256)
        corner = place * width * 0.7, other * height * 0.7
        draw.ellipse((*corner, corner[0] + width * 0.4, corner[1] + height * 0.4), shade)
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def told(seen: Seen) -> str:
    """Read what one person was whispered."""
    blocks = [[each["text"], each.get("blocks")] for each in seen.ephemerals]
    return json.dumps(blocks, ensure_ascii=False)


async def entries(stage: Stage, kind: str) -> list[dict[str, Any]]:
    async with stage.studio.db.read() as session:
        found = (await session.exec(select(Entry).where(Entry.kind == kind))).all()
    return [json.loads(each.body) for each in found]
