"""OpenRLHF's own executor, which posts each completion to the remote reward URL."""

import asyncio
import os

import pytest

from conformance import Conformance, main

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


class TestOpenRlhf(Conformance):
    def ask(self, url, answer):
        from openrlhf.utils.agent import SingleTurnAgentExecutor

        executor = SingleTurnAgentExecutor(f"{url}/get_reward?run=quality")
        experience = asyncio.run(
            executor.execute(PROMPT, "42", Sampling(), 2048, Tokenizer(), Engine(f"{answer}<eos>"))
        )
        reward = experience["reward"]
        if reward is None:
            return None
        assert number(experience["scores"]) == number(reward)
        return number(reward)

    def assert_failed(self, ask):
        """It tries five times, logs the error and has no reward."""
        assert ask() is None


if __name__ == "__main__":
    main(globals())
