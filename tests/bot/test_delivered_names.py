"""What deliverables are called, and which links anybody can open."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.exports import delivered_name
from bot.placements import link_problem
from storage.models import Scene, Sequence, Shot, Take


@given(
    name=st.text(max_size=60),
    number=st.integers(1, 10**6),
    still=st.booleans(),
    container=st.text(max_size=9),
)
def test_a_delivered_name_is_safe_everywhere(
    name: str, number: int, *, still: bool, container: str
) -> None:
    sequence = Sequence(workspace_id="T", production_id="p", number=number)
    scene = Scene.model_construct(number=number)
    take = Take.model_construct(
        number=number, sha256="ab12cd34" * 8, still=still,
        probe={"container": container, "format": container},
    )  # fmt: skip
    made = delivered_name(
        name, sequence, scene, Shot.model_construct(number=number), take, preset="master"
    )
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*\.[a-z0-9]{1,5}", made)
    assert len(made) <= 150
    assert f"_T{number}_master_ab12cd34." in made


@pytest.mark.parametrize(
    "link",
    [
        "ftp://example.com", "//example.com", "example.com", "http://", "https://a b.com",
        "https://me:pw@example.com", "https://example.com/<x>", "https://[::1", "data:,x",
        "https://example.com/" + "a" * 1000,
    ],
)  # fmt: skip
def test_a_link_that_not_everybody_could_open_is_refused(link: str) -> None:
    assert link_problem(link)
    assert not link_problem("HTTPS://example.com/launch?x=1#top")
