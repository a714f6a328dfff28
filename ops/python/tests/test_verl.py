"""verl's reward loop with the custom reward function of urteil_rewards.py."""

import asyncio
import os
from pathlib import Path

import pytest

from conformance import Conformance, main

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"

pytestmark = pytest.mark.torch

MODULE = Path(__file__).resolve().parents[1] / "urteil_rewards.py"
PROMPT = "What is 6 times 7?"


def tokenizer(directory):
    """A tokenizer of bytes, saved where verl loads it from."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    symbols = Tokenizer(models.BPE())
    symbols.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    symbols.decoder = decoders.ByteLevel()
    symbols.train_from_iterator(
        [PROMPT],
        trainers.BpeTrainer(
            vocab_size=258,
            special_tokens=["<pad>", "<eos>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    made = PreTrainedTokenizerFast(tokenizer_object=symbols, pad_token="<pad>", eos_token="<eos>")
    made.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}"
    made.save_pretrained(directory)
    return made


def worker(directory, **reward):
    """A reward worker of verl with these settings of its section `reward`."""
    from omegaconf import OmegaConf
    from verl.experimental.reward_loop.reward_loop import RewardLoopWorker

    settings = {
        "actor_rollout_ref": {"model": {"path": directory, "tokenizer_path": directory}},
        "reward": {
            "num_workers": 1,
            "custom_reward_function": {"path": None, "name": "compute_score", "reward_kwargs": {}},
            "reward_manager": {"source": "register", "name": "naive"},
            "reward_model": {"enable": False, "model_path": "quality", "rollout": {"name": "vllm"}},
            "sandbox_fusion": {"url": None, "max_concurrent": 4, "memory_limit_mb": 64},
        },
    }
    return RewardLoopWorker(OmegaConf.merge(OmegaConf.create(settings), OmegaConf.create({"reward": reward})), None)


def data(symbols, answer):
    import numpy as np
    import torch
    from verl import DataProto

    prompt, response = symbols(PROMPT)["input_ids"], symbols(answer)["input_ids"]
    return DataProto.from_dict(
        tensors={
            "prompts": torch.tensor([prompt]),
            "responses": torch.tensor([response]),
            "attention_mask": torch.ones(1, len(prompt) + len(response), dtype=torch.long),
        },
        non_tensors={
            "raw_prompt": np.array([[{"role": "user", "content": PROMPT}], None], dtype=object)[:1],
            "data_source": np.array(["numbers"], dtype=object),
            "reward_model": np.array([{"ground_truth": "42"}], dtype=object),
            "extra_info": np.array([{"index": 0, "prompt": PROMPT}], dtype=object),
            "uid": np.array(["g0"], dtype=object),
        },
    )


def score(url, answer):
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        symbols = tokenizer(directory)

        async def run():
            function = {"path": str(MODULE), "reward_kwargs": {"url": url, "run": "quality"}}
            return await worker(directory, custom_reward_function=function).compute_score(data(symbols, answer))

        return asyncio.run(run())["reward_score"]


class TestVerlFunction(Conformance):
    def ask(self, url, answer):
        return score(url, answer)

    def assert_failed(self, ask):
        with pytest.raises(Exception, match="judge_failed|abstained"):
            ask()

    def test_is_judged_once_when_the_client_is_killed_and_retries(self, service):
        pytest.skip("a call has no identity that another process knows")

    def test_is_judged_once_when_the_gateway_is_killed(self, service):
        pytest.skip("see test_rewards.py: the function repeats its request")

    def test_takes_sixteen_members_at_once(self, service):
        pytest.skip("see test_rewards.py; a worker of verl is an event loop of its own")


if __name__ == "__main__":
    main(globals())
