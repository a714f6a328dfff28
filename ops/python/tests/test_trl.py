"""TRL's GRPOTrainer on a tiny random model, with the reward function of urteil_rewards.py."""

import os
import sys
import threading
from pathlib import Path

import pytest

from conformance import unique
from service import RIGHT, WRONG

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import urteil_rewards  # noqa: E402

pytestmark = pytest.mark.torch

GENERATIONS = 4


class Reward:
    """The reward function, for completions with a word that says how the judge behaves."""

    def __init__(self, url, words):
        self.function, self.words = urteil_rewards.trl(url, "quality"), words
        self.__name__ = self.function.__name__
        self.mark, self.answers = unique(), []

    def __call__(self, prompts, completions, **columns):
        texts = [
            f"{42 if i % 2 else 41} {self.mark} {len(self.answers)} {self.words[i % len(self.words)]}"
            for i in range(len(completions))
        ]
        rewards = self.function(prompts, texts, **columns)
        self.answers.append(rewards)
        return rewards


def train(reward, directory, steps=2):
    """Steps of eight completions, four for each prompt; the log of the trainer."""
    import torch
    from datasets import Dataset
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from trl import GRPOConfig, GRPOTrainer

    torch.set_num_threads(1)
    symbols = Tokenizer(models.BPE())
    symbols.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    symbols.decoder = decoders.ByteLevel()
    symbols.train_from_iterator(
        ["what is one plus two ? three four five"] * 5,
        trainers.BpeTrainer(
            vocab_size=300,
            special_tokens=["<pad>", "<eos>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=symbols, pad_token="<pad>", eos_token="<eos>")
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1,
            num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=128,
            pad_token_id=0, eos_token_id=1, bos_token_id=1,
        )
    )
    data = Dataset.from_dict(
        {"prompt": ["what is one plus two ?", "what is two plus two ?"] * 4, "answer": ["42"] * 8}
    )
    settings = GRPOConfig(
        output_dir=str(directory), per_device_train_batch_size=8, num_generations=GENERATIONS,
        max_completion_length=8, max_steps=steps, logging_steps=1, report_to=[], use_cpu=True,
        save_strategy="no", bf16=False, learning_rate=1e-3,
    )
    trainer = GRPOTrainer(
        model=model, processing_class=tokenizer, args=settings, train_dataset=data, reward_funcs=[reward]
    )
    trainer.train()
    return [entry for entry in trainer.state.log_history if "reward" in entry]


class TestTrl:
    def test_trains_on_the_rewards(self, service, tmp_path):
        reward = Reward(service.url(), [""])
        log = train(reward, tmp_path)
        assert [sorted(set(answers)) for answers in reward.answers] == [[WRONG, RIGHT]] * 2
        assert [entry["reward"] for entry in log] == pytest.approx([(RIGHT + WRONG) / 2] * 2)
        assert all(entry["grad_norm"] > 0 for entry in log)
        assert service.stub.count(reward.mark) == 16

    def test_leaves_failed_verdicts_out_of_the_mean(self, service, tmp_path):
        reward = Reward(service.url(), ["", "", "", "[fail]"])
        log = train(reward, tmp_path)
        assert [answers.count(None) for answers in reward.answers] == [2, 2]
        assert [entry["urteil/unjudged"] for entry in log] == pytest.approx([0.25] * 2)
        # 41, 42 and 41 of each group are left.
        assert [entry["reward"] for entry in log] == pytest.approx([(RIGHT + 2 * WRONG) / 3] * 2)

    def test_waits_for_a_slow_judge(self, service, tmp_path):
        reward = Reward(service.url(), ["[slow 3]"])
        train(reward, tmp_path, steps=1)
        assert service.stub.count(reward.mark) == 8

    @pytest.mark.parametrize("victim", ["second", "topology"])
    def test_does_not_notice_that_a_process_is_killed(self, service, tmp_path, victim):
        reward = Reward(service.url(), [""])
        reward.words = [f"[hold {reward.mark}]"]

        def kill():
            service.stub.await_asked(reward.mark)
            getattr(service, victim).kill()
            service.stub.release(reward.mark)
            if victim == "second":
                service.restart_second_gateway()
            else:
                service.topology.start()

        killing = threading.Thread(target=kill)
        killing.start()
        log = train(reward, tmp_path)
        killing.join()
        assert [entry["reward"] for entry in log] == pytest.approx([(RIGHT + WRONG) / 2] * 2)
        assert service.stub.count(reward.mark) == 16
