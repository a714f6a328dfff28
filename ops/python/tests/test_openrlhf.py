"""OpenRLHF's own executor, which posts each completion to the remote reward URL."""

import asyncio
import os

import pytest

from conformance import Conformance, main, unique

os.environ["HF_HUB_OFFLINE"] = "1"

pytestmark = pytest.mark.torch

PROMPT = "What is 6 times 7? "


class Tokenizer:
    """One token for each character."""

    def __call__(self, text, add_special_tokens=False, return_tensors=None):
        class Ids(list):
            def tolist(self):
                return list(self)

        return {"input_ids": [Ids(ord(character) for character in text)]}

    def decode(self, ids, skip_special_tokens=False):
        return "".join(chr(i) for i in ids)


class Engine:
    """Generates one text."""

    def __init__(self, text):
        class Output:
            token_ids = [ord(character) for character in text]
            finish_reason, logprobs = "stop", None

        Output.text = text
        self.output = Output()

    async def generate(self, ids, parameters, multi_modal_data=None):
        class Request:
            outputs = [self.output]

        return Request()


class Sampling:
    max_tokens, logprobs = 512, None


def number(values):
    """The one number of a list, however deep."""
    while isinstance(values, (list, tuple)):
        (values,) = values
    return float(values)


def execute(url, run, prompt, label, answer):
    from openrlhf.utils.agent import SingleTurnAgentExecutor

    executor = SingleTurnAgentExecutor(f"{url}/get_reward?run={run}")
    return executor.execute(prompt, label, Sampling(), 2048, Tokenizer(), Engine(f"{answer}<eos>"))


class TestOpenRlhf(Conformance):
    def ask(self, url, answer):
        experience = asyncio.run(execute(url, "quality", PROMPT, "42", answer))
        reward = experience["reward"]
        if reward is None:
            return None
        assert number(experience["scores"]) == number(reward)
        return number(reward)

    def assert_failed(self, ask):
        """It tries five times, logs the error and has no reward."""
        assert ask() is None

    def test_has_the_samples_of_a_prompt_judged_together(self, service):
        """By a groupwise judge, at two gateways: the answer of the majority is right."""
        prompt, answers = f"What is it? {unique()} ", {"7": 1, "7.0": 1, "8": 0, "It is 7": 1}

        async def group():
            return await asyncio.gather(
                *(execute(service.url(i % 2), "together", prompt, "", answer) for i, answer in enumerate(answers))
            )

        rewards = [number(experience["reward"]) for experience in asyncio.run(group())]
        assert rewards == pytest.approx(list(answers.values()))


if __name__ == "__main__":
    main(globals())
