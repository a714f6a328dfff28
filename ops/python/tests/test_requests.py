"""The native API with requests, and each contract of a trainer as its client sends it."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from conformance import Conformance, main, unique
from service import RIGHT, WRONG

pytestmark = pytest.mark.light

PROMPT = "What is 6 times 7?"


def native(url, answer):
    body = {
        "run": "quality",
        "groups": [{"id": f"requests-{answer}", "prompt": PROMPT, "reference": "42", "members": [{"text": answer}]}],
    }
    response = requests.post(f"{url}/v1/rewards", json=body, headers={"Prefer": "wait=60"}, timeout=70)
    response.raise_for_status()
    (group,) = response.json()["groups"]
    return group["members"][0]["reward"]


class TestRequests(Conformance):
    def ask(self, url, answer):
        return native(url, answer)

    def assert_failed(self, ask):
        assert ask() is None


def post(service, path, body, run="quality", **headers):
    return requests.post(f"{service.url()}{path}?run={run}", json=body, headers=headers, timeout=60)


CONTRACTS = {
    "openrlhf": (
        "/get_reward",
        lambda answer: {"query": [f"{PROMPT}{answer}<eos>"], "prompts": [PROMPT], "labels": ["42"]},
        lambda body: body["rewards"][0],
        502,
    ),
    "slime": (
        "/remote_rm",
        lambda answer: {"prompt": [{"role": "user", "content": PROMPT}], "response": answer, "label": "42"},
        lambda body: body,
        502,
    ),
    "vllm classify": (
        "/classify",
        lambda answer: {"model": "quality", "input": PROMPT + answer, "use_activation": False},
        lambda body: body["data"][-1]["probs"][-1],
        422,
    ),
    "sglang embeddings": (
        "/v1/embeddings",
        lambda answer: {"model": "quality", "input": PROMPT + answer},
        lambda body: body["data"][-1]["embedding"][-1],
        422,
    ),
    "vllm score": (
        "/score",
        lambda answer: {"model": "quality", "text_1": PROMPT, "text_2": [answer]},
        lambda body: body["data"][0]["score"],
        422,
    ),
    "weave": (
        "/weave/score",
        lambda answer: {
            "schema_version": 2,
            "scoring_target": {
                "type": "agent_turn",
                "schema_version": 1,
                "payload": {
                    "messages": [{"role": "user", "content": PROMPT}, {"role": "assistant", "content": answer}]
                },
            },
        },
        lambda body: body["result"]["value"],
        422,
    ),
    "nemo gym compare": (
        "/compare",
        lambda answer: {
            "conversation_history": [{"role": "user", "content": PROMPT}],
            "response_objs": [response_object(answer)],
        },
        lambda body: body["rewards"][0],
        422,
    ),
}


def response_object(text):
    return {
        "id": "r",
        "object": "response",
        "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}],
    }


@pytest.mark.parametrize("contract", CONTRACTS)
class TestContracts:
    def test_returns_the_reward(self, service, contract):
        path, body, reward, _ = CONTRACTS[contract]
        for text, expected in ((f"42 {unique()}", RIGHT), (f"7 {unique()}", WRONG)):
            # The prompt of contracts without one contains no 42.
            response = post(service, path, body(text))
            assert response.status_code == 200, response.text
            assert reward(response.json()) == pytest.approx(expected)

    def test_returns_an_error_and_no_number_when_the_verdict_fails(self, service, contract):
        path, body, _, status = CONTRACTS[contract]
        response = post(service, path, body(f"42 {unique()} [fail]"))
        assert response.status_code == status, response.text
        assert "judge_failed" in response.text

    def test_is_judged_once_however_often_it_is_sent(self, service, contract):
        path, body, _, _ = CONTRACTS[contract]
        mark = unique()
        for _ in range(3):
            assert post(service, path, body(f"42 {mark}")).status_code == 200
        assert service.stub.count(mark) == 1

    def test_names_the_contract_that_submits_groups(self, service, contract):
        path, body, _, _ = CONTRACTS[contract]
        if path == "/compare":
            pytest.skip("it submits groups")
        response = post(service, path, body("42").copy() | {"model": "majority"}, run="majority")
        assert response.status_code == 422
        assert "judges the members of a group together" in response.text
        assert "POST /v1/rewards" in response.text
        assert ("samples: by-prompt" in response.text) == (path != "/weave/score")

    def test_rejects_a_body_that_is_none(self, service, contract):
        path = CONTRACTS[contract][0]
        for body in ([], {}, "text", None):
            response = post(service, path, body)
            assert response.status_code == 422, (body, response.text)


class TestCohorts:
    """Single samples of a prompt, which a groupwise judge judges together."""

    ANSWERS = {"7": 1, "7.0": 1, "8": 0, "It is 7": 1}

    CONTRACTS = {
        "/get_reward": (
            lambda prompt, answer: {"query": [f"{prompt}{answer}<eos>"], "prompts": [prompt], "labels": [""]},
            lambda body: body["rewards"][0],
        ),
        "/remote_rm": (
            lambda prompt, answer: {"prompt": [{"role": "user", "content": prompt}], "response": answer, "label": None},
            lambda body: body,
        ),
        "/score": (
            lambda prompt, answer: {"model": "together", "text_1": prompt, "text_2": [answer]},
            lambda body: body["data"][0]["score"],
        ),
        "/verify": (
            lambda prompt, answer: {
                "responses_create_params": {"input": prompt},
                "response": response_object(answer),
            },
            lambda body: body["reward"],
        ),
    }

    def ask(self, service, path, prompt, answer, gateway):
        body, reward = self.CONTRACTS[path]
        response = requests.post(
            f"{service.url(gateway)}{path}?run=together&step=1", json=body(prompt, answer), timeout=90
        )
        assert response.status_code == 200, response.text
        return reward(response.json())

    @pytest.mark.parametrize("path", CONTRACTS)
    def test_are_judged_together_whichever_gateways_they_come_to(self, service, path):
        prompt = f"What is it? {unique()}"
        with ThreadPoolExecutor(4) as pool:
            waiting = [
                pool.submit(self.ask, service, path, prompt, answer, i % 2) for i, answer in enumerate(self.ANSWERS)
            ]
            assert [each.result(90) for each in waiting] == pytest.approx(list(self.ANSWERS.values()))
        # A repetition has the reward of its cohort.
        assert self.ask(service, path, prompt, "8", 0) == pytest.approx(0)
        assert self.ask(service, path, prompt, "7", 1) == pytest.approx(1)

    def test_are_judged_once_when_the_gateway_is_killed(self, service):
        prompt, path = f"What is it? {unique()}", "/remote_rm"
        with ThreadPoolExecutor(6) as pool:
            lost = [pool.submit(self.ask, service, path, prompt, answer, 1) for answer in ("7", "8")]
            time.sleep(1)
            service.second.kill()
            try:
                waiting = [pool.submit(self.ask, service, path, prompt, answer, 0) for answer in self.ANSWERS]
                assert [each.result(90) for each in waiting] == pytest.approx(list(self.ANSWERS.values()))
            finally:
                service.restart_second_gateway()
            assert all(each.exception(90) is not None for each in lost)

    def test_without_a_prompt_are_refused(self, service):
        response = post(service, "/classify", {"model": "together", "input": "7"}, "together")
        assert response.status_code == 422
        assert "has no prompt" in response.text


class TestNemoGym:
    def verify(self, service, answer, run="quality", size=None, **identity):
        path = "/verify" if size is None else f"/verify?size={size}&run={run}"
        body = {
            "responses_create_params": {"input": [{"role": "user", "content": PROMPT}]},
            "response": response_object(answer),
            "expected_answer": "42",
            **identity,
        }
        url = f"{service.url()}{path}" + ("" if size else f"?run={run}")
        return requests.post(url, json=body, timeout=60)

    def test_returns_its_request_with_the_reward(self, service):
        response = self.verify(service, f"42 {unique()}", other=[1])
        assert response.status_code == 200, response.text
        assert response.json()["reward"] == pytest.approx(RIGHT)
        assert response.json()["other"] == [1]

    def test_masks_a_failed_verdict(self, service):
        body = self.verify(service, f"42 {unique()} [fail]").json()
        assert body["reward"] == 0.0
        assert body["_ng_failure_class"] == "judge_failed"
        assert "judge_failed" in body["_ng_failure_judge_error"]
        assert body["instance_config"]["mask_sample"] is True

    def test_judges_a_group_when_all_of_its_members_have_come(self, service):
        group = unique()
        with ThreadPoolExecutor(5) as pool:
            answers = list(
                pool.map(
                    lambda index: self.verify(
                        service, "41" if index == 3 else "42", "majority", 4, _ng_group_id=group, _ng_rollout_index=index
                    ),
                    # The last request repeats one of the others.
                    [0, 1, 2, 3, 0],
                )
            )
        assert [answer.status_code for answer in answers] == [200] * 5, [answer.text for answer in answers]
        assert [answer.json()["reward"] for answer in answers] == [1, 1, 1, 0, 1]


if __name__ == "__main__":
    main(globals())
