"""A small siege: what `make siege` does with hundreds of orders, done with forty."""

import sys
from pathlib import Path

import pytest

from tests.conftest import IN_CI
from tests.databases import postgres_copy
from tests.stories.siege import Assault, laid

_SMALL = Assault(40, replicas=2, lease=3.0, least_kills=3, lives=(2.0, 5.0), rest_within=120)


@pytest.mark.postgres
@pytest.mark.timeout(240)  # 103 s on two cores that fifteen others wanted too
async def test_forty_orders_survive_the_loss_of_a_replica_and_kills_of_the_other(
    tmp_path: Path,
    postgres_ready: tuple[str, str] | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if postgres_ready is None:
        assert not IN_CI, "In CI the PostgreSQL tests may not be skipped."
        pytest.skip("no PostgreSQL server answers on 127.0.0.1")
    with postgres_copy(*postgres_ready) as url:
        problems = await laid(_SMALL, url, tmp_path)
    table = capsys.readouterr().out
    print(table, file=sys.stderr)
    assert problems == []
    assert "one of them for good" in table
    assert "taken over (lease 3 s)" in table
