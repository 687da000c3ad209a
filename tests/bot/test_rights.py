"""Whether a reference may be used follows from its status and its releases, on every day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.rights import Clearance, standing_of, term_of, told
from storage.models import Reference, ReferenceStatus, Release

START = date(2026, 1, 1)
DAYS = st.integers(0, 800).map(lambda days: START + timedelta(days=days))
BARRED = {ReferenceStatus.RESTRICTED, ReferenceStatus.RETIRED}


def a_reference(status: ReferenceStatus, *, needs_release: bool, turn: int = 1) -> Reference:
    return Reference(
        workspace_id="T0", production_id="p", number=1, title="Mira", status=status,
        status_turn=turn, needs_release=needs_release, proposed_by="U0",
        proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


@st.composite
def releases(draw: st.DrawFn) -> Release:
    starts = draw(DAYS)
    length = draw(st.none() | st.integers(0, 400))
    return Release(
        id=f"{draw(st.integers(0, 10**6)):024}", workspace_id="T0", production_id="p", number=3,
        starts_on=starts, ends_on=None if length is None else starts + timedelta(days=length),
        revoked_at=draw(st.none() | st.just(datetime(2026, 6, 1, tzinfo=UTC))),
        recorded_by="U0", recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


REFERENCES = st.builds(a_reference, st.sampled_from(ReferenceStatus), needs_release=st.booleans())
SEVERAL = st.lists(releases(), max_size=4)


def runs(release: Release, day: date) -> bool:
    ends = release.ends_on or date.max
    return release.revoked_at is None and release.starts_on <= day <= ends


@given(REFERENCES, SEVERAL, DAYS)
def test_it_is_in_order_only_if_it_is_approved_and_a_release_runs_or_none_is_needed(
    reference: Reference, several: list[Release], day: date
) -> None:
    free = not several and not reference.needs_release
    covered = any(runs(each, day) for each in several)
    approved = reference.status is ReferenceStatus.APPROVED
    standing = standing_of(reference, several, day)
    assert standing.is_in_order == (approved and (free or covered))


@given(REFERENCES, SEVERAL, DAYS)
def test_whatever_holds_has_a_cause_and_nothing_else_has(
    reference: Reference, several: list[Release], day: date
) -> None:
    standing = standing_of(reference, several, day)
    assert bool(standing.cause) == standing.holds
    assert len(standing.cause) <= 64
    if reference.status in BARRED:
        assert standing.holds
    if reference.status is ReferenceStatus.PROPOSED and not several and not reference.needs_release:
        assert not standing.holds


@given(REFERENCES, SEVERAL, DAYS)
def test_neither_the_order_of_releases_nor_a_revoked_one_more_changes_what_may_be_used(
    reference: Reference, several: list[Release], day: date
) -> None:
    before = standing_of(reference, several, day)
    turned = standing_of(reference, several[::-1], day)
    assert turned.is_in_order == before.is_in_order
    revoked = Release(
        id="f" * 24, workspace_id="T0", production_id="p", number=9, starts_on=START,
        revoked_at=datetime(2026, 1, 2, tzinfo=UTC), recorded_by="U0",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    if several:
        assert standing_of(reference, [*several, revoked], day).is_in_order == before.is_in_order


@given(releases(), DAYS)
def test_the_last_day_is_still_in_order_and_the_next_is_another_cause_than_after_a_renewal(
    release: Release, day: date
) -> None:
    if release.ends_on is None or release.revoked_at:
        return
    approved = a_reference(ReferenceStatus.APPROVED, needs_release=True)
    assert standing_of(approved, [release], release.ends_on).days_left == 0
    after = standing_of(approved, [release], release.ends_on + timedelta(days=1))
    assert after.clearance is Clearance.EXPIRED
    values: dict[str, Any] = release.model_dump()
    values["ends_on"] = release.ends_on + timedelta(days=10)
    longer = Release(**values)
    again = standing_of(approved, [longer], release.ends_on + timedelta(days=11))
    assert again.cause != after.cause
    assert told(after).startswith("expired ")
    assert term_of(release, day).is_in_order == runs(release, day)
