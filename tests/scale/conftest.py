"""A PostgreSQL with a real streaming replica."""

from collections.abc import Iterator

import pytest

from tests.faults.cluster import Cluster, cluster_in
from tests.scale.nodes import Nodes, nodes_on


@pytest.fixture(scope="session")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("primary")) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def replica(primary: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster_in(tmp_path_factory.mktemp("replica"), primary) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def nodes(
    primary: Cluster, replica: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nodes]:
    """Two servers that tests share; each makes accounts of its own."""
    folder = tmp_path_factory.mktemp("nodes")
    environment = {
        "MINIBACK_ALLOW_PRIVATE_TARGETS": "on",
        "MINIBACK_PLANS": '{"FREE": {"calls": 20, "reads": true}}',
    }
    with nodes_on(primary, replica, folder, "shared", more=environment) as nodes:
        yield nodes
