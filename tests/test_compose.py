"""compose.yml describes the topology of docs/operations.md, with settings that there are."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import read, variables

ROOT = Path(__file__).parents[1]
APPS = ("app-1", "app-2", "migration")


@pytest.fixture
def compose() -> Any:
    return yaml.safe_load((ROOT / "compose.yml").read_text())


def test_two_replicas_wait_for_one_migration_and_for_their_stores(compose: Any) -> None:
    services = compose["services"]
    assert set(services) == {*APPS, "postgres", "files"}
    for name in APPS[:2]:
        waits = {each: how["condition"] for each, how in services[name]["depends_on"].items()}
        assert waits == {
            "migration": "service_completed_successfully",
            "files": "service_healthy",
        }
    assert services["migration"]["command"] == ["db", "upgrade"]
    assert services["migration"]["restart"] == "no"
    assert services["migration"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_whatever_goes_on_is_looked_at_and_started_again(compose: Any) -> None:
    for name, service in compose["services"].items():
        if name != "migration":
            assert service["healthcheck"]["test"][0] == "CMD", name
            assert service["restart"] == "unless-stopped", name
    for name in APPS[:2]:
        assert "/readyz" in compose["services"][name]["healthcheck"]["test"][-1]


def test_each_replica_has_a_folder_of_its_own_and_a_named_volume(compose: Any) -> None:
    mounts = [
        each for service in compose["services"].values() for each in service.get("volumes", [])
    ]
    names = [mount.partition(":")[0] for mount in mounts]
    assert sorted(names) == sorted(compose["volumes"])


def test_every_variable_is_a_setting_of_ours_or_the_store_reads_it(compose: Any) -> None:
    for name in APPS:
        given: dict[str, str] = compose["services"][name]["environment"]
        ours = {each for each in given if not each.startswith("AWS_")}
        assert ours <= set(variables())
        filled = {
            key: re.sub(r"\$\{\w+:\?[^}]*\}", "invented", text) for key, text in given.items()
        }
        settings = read(filled)
        assert settings.work_store == "postgresql://circletake:invented@postgres/circletake"
        assert settings.files == "s3://circletake"


def test_no_secret_stands_in_the_file(compose: Any) -> None:
    secret = re.compile("PASSWORD|TOKEN|SECRET|ACCESS_KEY")
    for service in compose["services"].values():
        for key, text in service.get("environment", {}).items():
            if secret.search(key):
                assert re.fullmatch(r"\$\{\w+:\?.+\}", text), key
    assert not re.search(r"xox[bap]-|xapp-", (ROOT / "compose.yml").read_text())
