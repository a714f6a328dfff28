"""The reward functions of ops/python/urteil_rewards.py, called as TRL and verl call them."""

import asyncio
import pickle
import sys
import types
from pathlib import Path

import pytest

from conformance import Conformance, main, unique
from service import RIGHT, WRONG

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import urteil_rewards  # noqa: E402

pytestmark = pytest.mark.light

PROMPT = [{"role": "user", "content": "What is 6 times 7?"}]


def spoken(text):
    return [{"role": "assistant", "content": text}]


class TestVerl(Conformance):
    failure = urteil_rewards.NotJudged

    def ask(self, url, answer):
        score = urteil_rewards.compute_score(
            "data", answer, "42", {"prompt": PROMPT, "index": 0}, url=url, run="quality", reward_router_address=None
        )
        return asyncio.run(score)["score"]

    def test_is_judged_once_when_the_client_is_killed_and_retries(self, service):
        pytest.skip("a call has no identity that another process knows")

    def test_is_judged_once_when_the_gateway_is_killed(self, service):
        """The call itself is repeated, and ends when the gateway is back."""
        mark = unique()
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(self.ask, service.url(), f"42 [hold {mark}]")
            service.stub.await_asked(mark)
            service.second.kill()
            service.stub.release(mark)
            service.restart_second_gateway()
            assert waiting.result(90) == pytest.approx(RIGHT)
        assert service.stub.count(mark) == 1

    def test_refuses_runs_that_compare_members(self, service):
        with pytest.raises(urteil_rewards.Refused, match="compares the members of a group"):
            asyncio.run(urteil_rewards.compute_score("data", "42", "42", url=service.url(), run="majority"))

    def test_has_the_answers_to_a_prompt_judged_together(self, service):
        """Also two equal answers, at two gateways: each call has a key of its own."""

        async def scores():
            calls = [
                urteil_rewards.compute_score(
                    "data", answer, "42", {"prompt": prompt}, url=service.url(i % 2), run="together"
                )
                for i, answer in enumerate(["7", "7", "8", "It is 7"])
            ]
            return [result["score"] for result in await asyncio.gather(*calls)]

        prompt = f"What is it? {unique()}"
        assert asyncio.run(scores()) == pytest.approx([1, 1, 0, 1])

    def test_needs_the_prompt_to_judge_answers_together(self, service):
        with pytest.raises(urteil_rewards.Refused, match="has no prompt"):
            asyncio.run(urteil_rewards.compute_score("data", "7", None, url=service.url(), run="together"))


class TestTrl:
    def rewards(self, service, texts, run="quality", prompts=None, **columns):
        function = pickle.loads(pickle.dumps(urteil_rewards.trl(service.url(), run)))
        return function(
            prompts or [PROMPT] * len(texts), [spoken(text) for text in texts], answer=["42"] * len(texts), **columns
        )

    def test_has_none_where_the_verdict_failed_and_counts_it(self, service):
        metrics = {}
        mark = unique()
        rewards = self.rewards(
            service,
            [f"42 {mark}", f"41 {mark}", f"42 {mark} [fail]", f"42 b {mark}"],
            trainer_state=types.SimpleNamespace(global_step=3),
            log_metric=metrics.__setitem__,
            completion_ids=[[1]] * 4,
            log_extra=None,
        )
        assert rewards[2] is None
        assert [rewards[i] for i in (0, 1, 3)] == pytest.approx([RIGHT, WRONG, RIGHT])
        assert metrics == {"urteil/unjudged": 0.25}
        assert service.stub.count(mark) == 4

    def test_groups_rows_of_one_prompt(self, service):
        prompts = ["What is 6 times 7?"] * 4 + ["What is 3 times 3?"] * 4
        rewards = self.rewards(service, ["42", "42", "41", "42", "8", "9", "9", "9"], "majority", prompts)
        assert rewards == [1, 1, 0, 1, 0, 1, 1, 1]

    def test_says_what_is_refused(self, service):
        with pytest.raises(urteil_rewards.Refused, match="404: .*'nothing'"):
            self.rewards(service, ["42"], "nothing")

    def test_gives_up_after_its_timeout(self, service):
        mark = unique()
        group = [{"prompt": "p", "members": [{"text": f"42 [hold {mark}]"}]}]
        try:
            with pytest.raises(TimeoutError):
                urteil_rewards.rewards(service.url(), "quality", group, timeout=0.5)
            with pytest.raises(TimeoutError, match="refused"):
                urteil_rewards.rewards("http://127.0.0.1:9", "quality", group, timeout=1)
        finally:
            service.stub.release(mark)


if __name__ == "__main__":
    main(globals())
