"""The client of OpenReward, which scores groups over the Open Reward Standard."""

import asyncio

import pytest

from conformance import Conformance, main, unique
from service import RIGHT, WRONG

pytestmark = pytest.mark.light

PROMPT = "What is 6 times 7?"


def score(url, answers, run="quality"):
    from openreward import AsyncOpenReward, GroupCandidate, Message
    from openreward.api.environments.types import TextBlock

    def message(role, text):
        return Message(role=role, blocks=[TextBlock(text=text)])

    async def scores():
        client = AsyncOpenReward(base_url=url, api_key="none")
        environment = client.environments.get(run, base_url=url)
        async with environment.session(task=None, split="train", index=0) as session:
            assert await session.supports_score_group()
            candidates = [
                GroupCandidate(
                    messages=[message("user", PROMPT), message("assistant", answer)],
                    metadata={"reference": "42"},
                )
                for answer in answers
            ]
            return [scored.reward for scored in await session.score_group(candidates)]

    return asyncio.run(scores())


def alone(url, answer):
    return score(url, [answer])[0]


class TestScoreGroup(Conformance):
    def ask(self, url, answer):
        return alone(url, answer)

    def assert_failed(self, ask):
        from openreward import ScoreGroupFailed

        with pytest.raises(ScoreGroupFailed, match="judge_failed|abstained"):
            ask()

    def test_scores_a_group_in_its_order(self, service):
        mark = unique()
        assert score(service.url(), [f"42 {mark}", f"7 {mark}", f"42 again {mark}"]) == pytest.approx(
            [RIGHT, WRONG, RIGHT])

    def test_scores_by_a_judge_of_groups(self, service):
        mark = unique()
        assert score(service.url(), [f"{mark}: 42", f"{mark}: 42", f"{mark}: 41"], "majority") == [1, 1, 0]


if __name__ == "__main__":
    main(globals())
