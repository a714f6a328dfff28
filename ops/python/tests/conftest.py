import pytest

from service import Service


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """One service for all clients of a group."""
    running = Service(tmp_path_factory.mktemp("urteil"))
    try:
        yield running.start()
    finally:
        running.close()
