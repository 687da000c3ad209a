"""A folder of references and its list, imported from the command line: all of it, or nothing."""

import asyncio
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands import references as command
from storage import productions, references, rights
from storage.models import ReferenceKind, ReferenceStatus, Scene
from storage.references import Asset
from tests.factories import all_shown, scene_of
from tests.stage import TEAM, WORKSPACE, Stage
from tests.stories._references import a_face, entries, told

LIST = """code,kind,title,files,status,scenes,wardrobe,holder,media,territory,starts,ends
R1,character,Mira,faces/mira*.jpg; notes.txt,approved,{scene},red coat,Ada Agency,web,EU,2026-01-01,perpetual
R2,location,Roof,roof.png,,,,,,,,
R7,style,Dusk,roof.png,,,,,,,,
"""  # noqa: E501 - a list's lines are as long as they are
APPROVED, PROPOSED = ReferenceStatus.APPROVED, ReferenceStatus.PROPOSED


@dataclass
class Desk:
    """A folder on the operator's machine, and the command that imports it."""

    stage: Stage
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def put(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def write(self, text: str) -> None:
        self.put("list.csv", text.encode())

    async def run(self, *words: str) -> tuple[int, str]:
        """Run the command as the operator does, while the app runs; give its status and words."""
        parser = ArgumentParser()
        command.arguments(parser)
        known = [
            "import", str(self.folder), "--csv", str(self.folder / "list.csv"),
            "--production", "Aurora launch",
        ]  # fmt: skip
        options = parser.parse_args([*known, *words])
        self.capsys.readouterr()
        status = await asyncio.to_thread(command.run, options, self.stage.studio.settings)
        said = self.capsys.readouterr()
        return status, said.out + said.err

    async def assets(self) -> list[Asset]:
        async with self.stage.studio.db.read() as session:
            [production] = await productions.every(session, WORKSPACE)
            return await references.of_production(session, production, first=100)


def a_desk(stage: Stage, folder: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Fill a folder with what the list names."""
    desk = Desk(stage, folder / "board", capsys)
    desk.put("faces/mira front.jpg", a_face(1))
    desk.put("faces/mira side.jpg", a_face(2))
    desk.put("notes.txt", b"She never smiles.\n")
    desk.put("roof.png", a_face(3, form="PNG"))
    return desk


async def test_a_folder_is_imported_once_and_what_has_changed_is_the_next_version(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await stage.set_up()
    desk = a_desk(stage, tmp_path, capsys)
    scene = await scene_of(stage, await stage.open_scene())
    desk.write(LIST.format(scene=scene.code))
    maya = stage.slack.person("maya").id
    await _it_says_what_it_would_do(desk, maya)
    await _it_imports_all_of_it(desk, scene, maya)
    await _the_same_list_changes_nothing(desk, maya)
    await _it_is_listed_and_ruled_on(desk)
    await _other_bytes_are_the_next_version(desk)


async def _it_says_what_it_would_do(desk: Desk, maya: str) -> None:
    status, said = await desk.run("--approved-by", maya, "--dry-run")
    assert status == 0, said
    assert "R1  character  Mira  3 files  new" in said
    assert "this was a dry run" in said
    assert await desk.assets() == []


async def _it_imports_all_of_it(desk: Desk, scene: Scene, maya: str) -> None:
    status, said = await desk.run("--approved-by", maya)
    assert status == 0, said
    assert "3 imported into Aurora launch." in said
    mira, roof, dusk = await desk.assets()
    assert [each.reference.code for each in (mira, roof, dusk)] == ["R1", "R2", "R7"]
    assert (mira.reference.status, roof.reference.status) == (APPROVED, PROPOSED)
    assert (mira.reference.kind, mira.reference.fields) == (
        ReferenceKind.CHARACTER, {"wardrobe": "red coat"},
    )  # fmt: skip
    assert [each.name for each in mira.files] == ["mira front.jpg", "mira side.jpg", "notes.txt"]
    for each in mira.files:
        assert each.sha256
        assert await desk.stage.studio.files.has(each.sha256)
    assert roof.files[0].sha256 == dusk.files[0].sha256
    async with desk.stage.studio.db.read() as session:
        [cast] = await references.cast_in(session, scene)
        covering = await rights.covering(session, WORKSPACE, [mira.reference.id])
    assert cast.reference.id == mira.reference.id
    [release] = covering[mira.reference.id]
    assert (release.holder, release.ends_on) == ("Ada Agency", None)
    [entry] = await entries(desk.stage, "reference.approved")
    assert entry["facts"]["by"] == "import"
    assert len(entry["facts"]["sha256s"]) == 3
    await all_shown(desk.stage)
    posted = str([each.blocks for each in desk.stage.messages(TEAM)])
    assert "3 references were imported from a list" in posted


async def _the_same_list_changes_nothing(desk: Desk, maya: str) -> None:
    before = len(await entries(desk.stage, "reference.proposed"))
    status, said = await desk.run("--approved-by", maya)
    assert (status, "0 imported into Aurora launch; 3 are as they were." in said) == (0, True), said
    assert len(await entries(desk.stage, "reference.proposed")) == before
    assert len(await entries(desk.stage, "release.recorded")) == 1


async def _it_is_listed_and_ruled_on(desk: Desk) -> None:
    slack = desk.stage.slack
    seen = await slack.command("/scene", "ref", user="jonas", channel=TEAM, wait=2)
    assert "L1 without end" in told(seen)
    assert "1 to 3 of 3" in told(seen)
    await slack.command("/scene", "ref R2 approve", user="jonas", channel=TEAM, wait=2)
    await slack.command("/scene", "ref R7 restrict not ours", user="maya", channel=TEAM, wait=2)
    seen = await slack.command("/scene", "ref R7", user="jonas", channel=TEAM, wait=5)
    assert "This is the very file of" not in told(seen)
    assert "not ours" in told(seen)
    await desk.stage.settled()
    states = [each.reference.status for each in await desk.assets()]
    assert states == [APPROVED, APPROVED, ReferenceStatus.RESTRICTED]


async def _other_bytes_are_the_next_version(desk: Desk) -> None:
    desk.put("faces/mira side.jpg", a_face(9))
    status, said = await desk.run("--approved-by", "Sam")
    assert "Sam is no producer of it" in said, said
    status, said = await desk.run("--approved-by", "maya")
    assert status == 0, said
    assert "R1  character  Mira  3 files  version 2" in said
    mira = (await desk.assets())[0]
    assert (mira.reference.version, mira.reference.status) == (2, APPROVED)
    async with desk.stage.studio.db.read() as session:
        first = await references.asset(session, mira.reference, number=1)
    assert first.files[1].sha256 != mira.files[1].sha256
    assert first.files[0].sha256 == mira.files[0].sha256


BAD = """code,kind,title,files,status,scenes,starts,ends,holder
R1,character,Mira,faces/nobody.jpg,,,,,
R1,person,Mira again,roof.png,,,,,
R2,location,Roof,../list.csv,,,,,
R3,location,Harbour,roof.png,approved,SC990,,,
R4,style,Dusk,broken.jpg,,,30.11.2026,2027-01-01,Ada
here,style,,roof.png,someday,,,,
"""


@pytest.mark.asyncio(loop_scope="module")
async def test_every_problem_is_named_with_its_line_and_nothing_is_imported(
    long_stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = a_desk(long_stage, tmp_path, capsys)
    desk.put("broken.jpg", a_face(4)[:300])
    desk.write(BAD)
    status, said = await desk.run()
    assert status == 1
    for problem in (
        "line 3: kind is person: say character, location, object, brand or style.",
        "line 3: R1 is in line 2 already.",
        "line 4: ../list.csv is not within the folder.",
        "line 6: starts is 30.11.2026: Write the day as year, month and day: 2026-11-30.",
        "line 7: code is here: a code is R1, R2 and so on.",
        "line 7: title is empty.",
        "line 7: status is someday: say proposed or approved.",
        "Nothing was imported: 7 problems in ",
    ):
        assert problem in said, said
    assert await desk.assets() == []


@pytest.mark.asyncio(loop_scope="module")
async def test_what_only_the_folder_and_the_records_know_is_named_too(
    long_stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = a_desk(long_stage, tmp_path, capsys)
    (desk.folder / "secret.jpg").symlink_to("/etc/hostname")
    desk.put("broken.jpg", a_face(4)[:300])
    desk.put("page.jpg", b"<!doctype html><html>sign in</html>")
    desk.write(
        "code,kind,title,files,status,scenes\n"
        "R1,character,Mira,faces/nobody.jpg; secret.jpg,,\n"
        "R2,location,Roof,roof.png,approved,SC990\n"
        "R3,style,Dusk,broken.jpg,,\n"
        "R4,style,Dawn,page.jpg,,\n"
    )
    status, said = await desk.run()
    assert status == 1
    for problem in (
        "line 2: there is no file faces/nobody.jpg.",
        "line 2: secret.jpg is a link out of the folder.",
        "line 3: there is no scene SC990 in this production.",
        "line 3: only a producer approves: name one with --approved-by.",
        "line 4: broken.jpg: ",
        "line 5: page.jpg: This is a web page (HTML)",
    ):
        assert problem in said, said
    assert await desk.assets() == []
    status, said = await desk.run("--approved-by", long_stage.slack.person("lin").id)
    assert "is no producer of it" in said
    with pytest.raises(SystemExit):
        await desk.run("--channel", "C1")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_code_that_is_taken_by_something_else_is_left_alone(
    long_stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = a_desk(long_stage, tmp_path, capsys)
    desk.write("code,kind,title,files\nR1,location,Roof,roof.png\n")
    assert (await desk.run())[0] == 0
    desk.write("code,kind,title,files\nR1,character,Mira,faces/*\nR2,style,Dusk,roof.png\n")
    status, said = await desk.run()
    assert status == 1
    assert "line 2: R1 is the location Roof already; take another code." in said
    assert len(await desk.assets()) == 1
