"""The DecisionJudge of verifiers, which speaks System One. It does not retry."""

import asyncio
import os

import pytest

from conformance import Conformance, main

pytestmark = pytest.mark.verifiers
os.environ.setdefault("PRIME_API_KEY", "none")
os.environ.setdefault("OPENAI_API_KEY", "none")


def judge(url, answer):
    from verifiers.v1.judges.decision import DecisionJudge, DecisionJudgeConfig

    config = DecisionJudgeConfig(base_url=f"{url}/v1/systemone", model="urteil:quality")
    response = asyncio.run(
        DecisionJudge(config).evaluate(question="What is 6 times 7?", response=answer, answer="42"))
    return response.parsed


class TestDecisionJudge(Conformance):
    def ask(self, url, answer):
        return judge(url, answer)


if __name__ == "__main__":
    main(globals())
