import importlib.util

import pytest

from service import Service

#: The files that import their client, which only the environment of their group has.
CLIENTS = {
    "test_hub.py": "huggingface_hub",
    "test_keys.py": "openai",
    "test_openai.py": "openai",
    "test_openapi.py": "schemathesis",
    "test_openreward.py": "openreward",
    "test_requests.py": "requests",
}
collect_ignore = [file for file, client in CLIENTS.items() if importlib.util.find_spec(client) is None]


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """One service for all clients of a group."""
    running = Service(tmp_path_factory.mktemp("urteil"))
    try:
        yield running.start()
    finally:
        running.close()
