"""A sequence's page as it may look one afternoon, one of nothing, and one that means harm."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime

from PIL import Image, ImageDraw

from bot.page_view import (
    PageApproval,
    PageCircle,
    PageConstraint,
    PageExport,
    PageHold,
    PagePicture,
    PagePlacement,
    PagePrompt,
    PageReference,
    PageScene,
    PageShot,
    PageView,
    Pictures,
)

AS_OF = datetime(2026, 11, 23, 8, 40, tzinfo=UTC)
EMPTY = PageView("Northlight", "SQ020", "", AS_OF, "Europe/Berlin")
HOSTILE = (
    '<script>alert("x")</script> & \'quotes\' {{ 7 * 7 }} #panic("out") $x$ `raw` '
    "*b* _i_ [l](http://x)"
    " | cell\n# heading\n<!channel> <@U123> </style> \u202edesrever\u202c"
    " שלום עולם مرحبا 👩\u200d🚀🎬 \x00\x07"
)


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def drawn(seed: int, size: tuple[int, int]) -> bytes:
    """Draw a dawn with a sun, framed, so that a cut edge would be seen."""
    width, height = size
    image = Image.new("RGB", size)
    paint = ImageDraw.Draw(image)
    for row in range(height):
        glow = row / height
        warm = (int(40 + 190 * glow), int(50 + 90 * glow + 7 * seed), int(96 + 8 * seed))
        paint.line((0, row, width, row), fill=warm)
    x, y, r = width * (seed % 5 + 1) // 6, height * 2 // 3, min(size) // 7
    paint.ellipse((x - r, y - r, x + r, y + r), fill=(255, 214, 150))
    paint.rectangle((0, height * 3 // 4, width, height), fill=(24, 30, 44))
    paint.rectangle((0, 0, width - 1, height - 1), outline=(242, 184, 75), width=4)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=85)
    return kept.getvalue()


class Album:
    """Draws pictures and keeps them as a page is given them."""

    def __init__(self) -> None:
        self.pictures: dict[str, tuple[str, bytes]] = {}

    def picture(self, alt: str, size: tuple[int, int] = (960, 540)) -> PagePicture:
        made = drawn(len(self.pictures), size)
        sha256 = hashlib.sha256(made).hexdigest()
        self.pictures[sha256] = ("image/jpeg", made)
        return PagePicture(sha256, alt)


def digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()


def rich() -> tuple[PageView, Pictures]:
    """Give a page with something in each of its places."""
    album = Album()
    view = PageView(
        production="Northlight: the winter campaign",
        code="SQ010",
        title="The harbour wakes",
        as_of=AS_OF,
        zone="Europe/Berlin",
        story_job="Mira decides to stay. By the last frame the town she wanted to leave is the "
        "one place where her light is needed.",
        visual_rules="Natural light only, sun below 10 degrees.\nCool shadows; warmth comes from "
        "the lamp alone.\nThe camera never moves faster than she does.",
        feeling="Relief, then quiet pride",
        must_carry="The brass lamp, lit, in every exterior",
        must_not_show="Other brands' boats; faces of passers-by",
        constraints=CONSTRAINTS,
        scenes=scenes(album),
        references=references(album),
        approvals=APPROVALS,
        holds=(PageHold("SC020 SH010 T4", "R4 Old pier", "the licence L2 ran out on 20 Nov 2026",
                        at(21)),),
        exports=EXPORTS,
    )  # fmt: skip
    return view, album.pictures


def hostile() -> PageView:
    """Give the rich page with harm wherever people write."""
    view, _ = rich()
    long = "Donaudampfschifffahrtsgesellschaftskapitän" * 9
    scene = replace(
        view.scenes[0],
        title=HOSTILE,
        purpose=long,
        change=HOSTILE,
        prompts=(replace(view.scenes[0].prompts[0], prompt=(HOSTILE + " ") * 16),),
        shots=(replace(view.scenes[0].shots[0], action=HOSTILE, framing=long),),
    )
    export = replace(
        view.exports[0],
        path=long + ".mov",
        placements=(PagePlacement(HOSTILE, HOSTILE, "javascript:alert(1)", date(2026, 11, 1)),),
    )
    return replace(
        view,
        production=HOSTILE,
        title=HOSTILE,
        story_job=HOSTILE,
        visual_rules=HOSTILE,
        constraints=(PageConstraint("rights", "block", HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        scenes=(scene,),
        references=(replace(view.references[0], title=HOSTILE, rights=HOSTILE),),
        approvals=(PageApproval("T1", HOSTILE, at(3), HOSTILE, HOSTILE),),
        exports=(export,),
    )


CONSTRAINTS = (
    PageConstraint("rights", "block", "No face of Mira in paid media after 30 November 2027",
                   "Release L3", "Production"),
    PageConstraint("brand", "inform", "The wordmark keeps clear space of its own height",
                   "Brand book 4.1, page 12", "Production"),
    PageConstraint("disclosure", "ask", "Label as made with generative AI wherever it is shown "
                   "publicly", "Northlight's AI guidance", "SQ010"),
    PageConstraint("safety", "block", "Nobody near the edge of the pier without a rail", "Insurer",
                   "SC020", "Waived by Maya Ito: the rail is in the plate"),
)  # fmt: skip

APPROVALS = (
    PageApproval("SC030 SH010 T2", "Helena Brandt", at(22, 16), "Client", "Lovely. Keep the gull."),
    PageApproval("SC030 SH010 T2", "Lin Okafor", at(22), "Team"),
    PageApproval("SC010 SH020 T1", "Helena Brandt", at(19), "Client"),
    PageApproval("SC010 SH010 T3", "Lin Okafor", at(18), "Team", "Trim the first 6 frames"),
)

EXPORTS = (
    PageExport(
        "X1", "SC010 SH010 T3", "master", "NL_SQ010_SC010_SH010_T3_master.mov", digest("x1"),
        at(20),
        (
            PagePlacement("Landing-page hero", "Winter landing page",
                          "https://www.example.com/winter", date(2026, 11, 21)),
            PagePlacement("Social cutdown", "Teaser, first week",
                          "https://www.example.com/video/wake", date(2026, 11, 20),
                          date(2026, 11, 23)),
        ),
    ),
    PageExport("X2", "SC030 SH010 T2", "master", "NL_SQ010_SC030_SH010_T2_master.mov",
               digest("x2"), at(22, 18)),
)  # fmt: skip


def circled(album: Album, take: str, day: int, size: tuple[int, int] = (960, 540)) -> PageCircle:
    return PageCircle(take, digest(take), ("Lin Okafor", "Helena Brandt"), at(day),
                      album.picture(f"A frame of the circle take {take}", size),
                      "https://aurora.slack.com/archives/C1/p17")  # fmt: skip


def scenes(album: Album) -> tuple[PageScene, ...]:
    """Give three: one done, one on its way and on hold, one for a telephone's screen."""
    prompt = (
        "Wide, low: a fishing harbour before sunrise, blue hour, wet cobbles. A woman of forty in "
        "a yellow oilskin lifts a lit brass lamp onto its hook. Slow push in, 35 mm, natural light."
    )
    return (
        PageScene(
            "SC010", "The lamp", "Show what she keeps alive", "From going through the motions to "
            "noticing that somebody counts on her", "Recognition", "The brass lamp", "",
            (
                PageShot("SH010", "Mira lifts the lamp to its hook; the first boat answers with "
                         "its own.", "Wide, low, lamp in the upper third",
                         "Slow push in", 6, "16:9", "",
                         circled(album, "T3", 18)),
                PageShot("SH020", "Her hand stays on the brass a moment too long.",
                         "Close on the hand", "Locked off", 3.5, "16:9", "",
                         circled(album, "T1", 19)),
            ),
            (
                PagePrompt("SH010 T3", "Runway", "gen4.5", at(17), "circle take", prompt,
                           ("R1 v3", "R3 v1")),
                PagePrompt("SH010 T2", "Luma", "ray-3", at(16), "rejected", prompt, ("R1 v2",)),
                PagePrompt("SH010 T1", "Animatic", "", at(15), "retake", prompt),
            ),
        ),
        PageScene(
            "SC020", "The pier", "Make leaving look easy", "She turns round before the ferry does",
            "Doubt", "", "The ferry line's livery",
            (
                PageShot("SH010", "Mira walks the length of the pier against the light.",
                         "Long lens, from behind", "Handheld, at her pace", 8, "16:9",
                         "T4 is held: its reference R4 has no licence that holds."),
                PageShot("SH020", "The ferry's rope slackens.", "Insert", "", 2, "16:9",
                         "No take is ordered yet."),
            ),
            (PagePrompt("SH010 T4", "Google Veo", "veo-3.1", at(20), "waiting for the team", prompt,
                        ("R1 v3", "R4 v1")),),
        ),
        PageScene(
            "SC030", "Morning", "Pay off the story job", "The town lights up after her", "Quiet "
            "pride", "The brass lamp; at least five lit windows", "Readable faces in windows",
            (
                PageShot("SH010", "Windows light up one by one up the hill, ending on her own.",
                         "Upright, the hill fills the frame", "Tilt up", 7, "9:16", "",
                         circled(album, "T2", 22, (540, 960))),
            ),
        ),
    )  # fmt: skip


def references(album: Album) -> tuple[PageReference, ...]:
    return (
        PageReference("R1", "Mira", "character", "approved", 3, "Release L3, until 30 Nov 2027",
                      album.picture("Mira in the yellow oilskin, three-quarter view", (600, 800))),
        PageReference("R2", "The harbour at dawn", "location", "approved", 1, "No release needed",
                      album.picture("The harbour from the east mole")),
        PageReference("R3", "The brass lamp", "object", "proposed", 2, "",
                      album.picture("The lamp, lit, on grey", (700, 700))),
        PageReference("R4", "Old pier", "location", "restricted", 1, "Licence L2, ran out on "
                      "20 Nov 2026", album.picture("The pier with its broken rail", (1200, 500))),
        PageReference("R5", "Wordmark", "brand", "approved", 4, "Until 30 Nov 2026"),
    )  # fmt: skip
