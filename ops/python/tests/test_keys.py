"""A gateway with keys: 401, 403 and 429 as clients see them, and the key in the path."""

import asyncio
import sys

import openai
import pytest
import requests

from conformance import unique
from service import RIGHT, ROOT, Process, free_port

sys.path.insert(0, str(ROOT / "ops/python"))
import urteil_rewards  # noqa: E402

pytestmark = pytest.mark.light

PROMPT = "What is 6 times 7?"
KEY = "key-of-the-trainer-0123456789abcdef"
LIMITED = "key-of-the-limited-0123456789abcdef"
KEYS = f"""
tenants:
  trainer: {{ keys: [ {KEY} ], runs: [ "qual*" ] }}
  limited: {{ keys: [ {LIMITED} ], limits: {{ membersPerSecond: 1, bytesPerSecond: 5, burstSeconds: 100 }} }}
"""


@pytest.fixture(scope="module")
def keyed(service):
    """The address of a third gateway of the service."""
    port = free_port()
    keys = service.directory / "keys.yaml"
    keys.write_text(KEYS)
    gateway = Process(
        service.directory, "keyed", "up", "--roles", "gateway", "--http-port", port, "--http-host", "0.0.0.0",
        "--keys-file", keys, "--data-dir", service.directory / "k", "--bootstrap", service.bootstrap)
    try:
        gateway.start()
        service.await_gateway(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        gateway.kill()


def rewards(url, key=None, run="quality", group=None, members=1, wait=60):
    body = {
        "run": run,
        "groups": [{
            "id": group or unique(), "prompt": PROMPT, "reference": "42",
            "members": [{"text": f"42 {unique()}"} for _ in range(members)],
        }],
    }
    headers = {"Prefer": f"wait={wait}"} | ({"Authorization": f"Bearer {key}"} if key else {})
    return requests.post(f"{url}/v1/rewards", json=body, headers=headers, timeout=90)


def chat(url, key, run="quality", text="42"):
    client = openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0)
    completion = client.chat.completions.create(
        model=f"urteil:{run}",
        messages=[{"role": "user", "content": PROMPT}, {"role": "assistant", "content": f"{text} {unique()}"}],
        metadata={"reference": "42"})
    return float(completion.choices[0].message.content)


def assert_problem(response, status):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


def first_refused(url):
    """Uses up what the limited tenant may send. 300 bytes more are a minute at its rate."""
    for _ in range(30):
        response = rewards(url, LIMITED, wait=0)
        if response.status_code != 200 and response.status_code != 202:
            return response
    raise AssertionError("never refused")


class TestKeys:
    def test_rewards_with_a_key(self, keyed):
        (group,) = rewards(keyed, KEY).json()["groups"]
        assert group["members"][0]["reward"] == RIGHT

    def test_rejects_no_key_and_another_key(self, keyed):
        for key in (None, KEY + "x", "none"):
            response = rewards(keyed, key)
            assert_problem(response, 401)
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert_problem(rewards(f"{keyed}/k/{KEY}x"), 401)

    def test_rejects_the_runs_of_others(self, keyed):
        assert_problem(rewards(keyed, KEY, run="majority"), 403)
        listed = requests.get(f"{keyed}/v1/runs", headers={"Authorization": f"Bearer {KEY}"}, timeout=60)
        assert [run["name"] for run in listed.json()] == ["quality"]

    def test_takes_the_key_in_the_path_and_never_returns_it(self, keyed):
        name = f"in/{unique()}"
        response = rewards(f"{keyed}/k/{KEY}", group=name, wait=0)
        assert response.status_code in (200, 202), response.text
        url = f"{keyed}/k/{KEY}/v1/groups/{requests.utils.quote(name, safe='')}?run=quality"
        if response.status_code == 202:
            assert requests.compat.urljoin(response.url, response.headers["Location"]) == url
        group = requests.get(url, headers={"Prefer": "wait=60"}, timeout=90)
        assert (group.status_code, group.json()["id"]) == (200, name)
        for each in (response, group):
            assert KEY not in each.text + str(each.headers)

    def test_serves_a_trainer_that_can_set_only_the_url(self, keyed):
        body = {"query": [f"{PROMPT}42 {unique()}<eos>"], "prompts": [PROMPT], "labels": ["42"]}
        response = requests.post(f"{keyed}/k/{KEY}/get_reward?run=quality", json=body, timeout=90)
        assert response.json()["rewards"] == [RIGHT]

    def test_gives_rewards_to_the_functions_of_trainers(self, keyed, monkeypatch):
        monkeypatch.setenv("URTEIL_API_KEY", KEY)
        assert urteil_rewards.trl(keyed, "quality")([PROMPT], [f"42 {unique()}"], answer=["42"]) == [RIGHT]
        score = urteil_rewards.compute_score("", f"42 {unique()}", "42", url=keyed, run="quality")
        assert asyncio.run(score)["score"] == RIGHT
        monkeypatch.setenv("URTEIL_API_KEY", "none")
        with pytest.raises(urteil_rewards.Refused, match="401: the key is not known"):
            urteil_rewards.trl(keyed, "quality")([PROMPT], ["42"])

    def test_says_when_to_retry(self, keyed):
        refused = first_refused(keyed)
        assert_problem(refused, 429)
        assert int(refused.headers["Retry-After"]) >= 1
        assert_problem(rewards(keyed, LIMITED, members=101, wait=0), 413)

    def test_raises_the_errors_of_openai(self, keyed):
        assert chat(keyed, KEY) == RIGHT
        assert chat(f"{keyed}/k/{KEY}", "EMPTY") == RIGHT
        with pytest.raises(openai.AuthenticationError):
            chat(keyed, "none")
        with pytest.raises(openai.PermissionDeniedError, match="run: 'majority'"):
            chat(keyed, KEY, run="majority")
        first_refused(keyed)
        with pytest.raises(openai.RateLimitError):
            chat(keyed, LIMITED, text=300 * "x")
