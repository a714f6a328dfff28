"""Golden decoders: tiny random models of each shape, run by transformers on the CPU in single precision.

Each model becomes a Hugging Face directory as save_pretrained writes it, and a file golden.json with token
ids and what transformers computed for them: for language models the logits at the end of the prompt and
after each of some further tokens (read one by one with a cache); for models that score, the scores of
several sequences at once, padded on the right.

Weights are multiples of 2^-9, rounded to the type they are stored in; the reference always computes in f32.
Needs PyPI's torch, transformers and safetensors. Usage:

    python decoders.py ../../../judge-service/engine/src/test/resources/decoders
"""

import json
import pathlib
import shutil
import sys

import torch
import transformers
from transformers import LlamaConfig, Qwen2Config, Qwen3Config
from transformers.models.llama.modeling_llama import LlamaForCausalLM, LlamaForSequenceClassification
from transformers.models.qwen2.modeling_qwen2 import Qwen2ForCausalLM, Qwen2ForSequenceClassification
from transformers.models.qwen3.modeling_qwen3 import Qwen3ForCausalLM, Qwen3ForSequenceClassification

SHAPE = {"vocab_size": 97, "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
         "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 256,
         "bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0, "rms_norm_eps": 1e-6}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
THETA = {"rope_type": "default", "rope_theta": 1000000.0}

MODELS = {
    "qwen2-tied": (Qwen2ForCausalLM, Qwen2Config, {"tie_word_embeddings": True, "rope_parameters": THETA}),
    "qwen2-untied": (Qwen2ForCausalLM, Qwen2Config, {"tie_word_embeddings": False}),
    "qwen3": (Qwen3ForCausalLM, Qwen3Config, {"head_dim": 32, "tie_word_embeddings": True, "rope_parameters": THETA}),
    "llama": (LlamaForCausalLM, LlamaConfig, {"num_key_value_heads": 2, "tie_word_embeddings": False}),
    "llama3": (LlamaForCausalLM, LlamaConfig, {"head_dim": 32, "tie_word_embeddings": True, "rope_parameters": LLAMA3}),
    "qwen2-bf16": (Qwen2ForCausalLM, Qwen2Config, {"tie_word_embeddings": True}),
    "llama-f16-sharded": (LlamaForCausalLM, LlamaConfig, {"tie_word_embeddings": False}),
    "qwen2-scalar": (Qwen2ForSequenceClassification, Qwen2Config, {"num_labels": 1}),
    "qwen3-scalar": (Qwen3ForSequenceClassification, Qwen3Config, {"head_dim": 32, "num_labels": 1}),
    "llama-scalar-bf16": (LlamaForSequenceClassification, LlamaConfig,
                          {"num_labels": 3, "rope_parameters": LLAMA3}),
}
STORED = {"qwen2-bf16": torch.bfloat16, "llama-f16-sharded": torch.float16, "llama-scalar-bf16": torch.bfloat16}


def randomise(model, seed, stored):
    """Sets the parameters alone: model.to(stored) would round the rotary frequencies too."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randint(-127, 128, parameter.shape, generator=generator) / 512
            parameter.copy_((1 + noise if "norm" in name else noise).to(stored).float())


def language_model(model, generator):
    prompt = torch.randint(2, SHAPE["vocab_size"], (1, 83), generator=generator)
    further = torch.randint(2, SHAPE["vocab_size"], (1, 6), generator=generator)
    output = model(prompt, use_cache=True)
    logits = [output.logits[0, -1].tolist()]
    cache = output.past_key_values
    for i in range(further.shape[1]):
        output = model(further[:, i:i + 1], past_key_values=cache, use_cache=True)
        cache = output.past_key_values
        logits.append(output.logits[0, -1].tolist())
    return {"prompt": prompt[0].tolist(), "further": further[0].tolist(), "logits": logits}


def scalar_model(model, generator):
    lengths = [5, 40, 23, 1, 90]
    sequences = [torch.randint(2, SHAPE["vocab_size"], (n,), generator=generator).tolist() for n in lengths]
    sequences.append(sequences[0] + [0, 0])
    longest = max(len(s) for s in sequences)
    ids = torch.tensor([s + [0] * (longest - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (longest - len(s)) for s in sequences])
    return {"sequences": sequences, "scores": model(ids, attention_mask=mask).logits.tolist()}


def main(folder):
    torch.set_num_threads(1)
    for number, (name, (model_class, config_class, settings)) in enumerate(MODELS.items()):
        target = folder / name
        shutil.rmtree(target, ignore_errors=True)
        config = config_class(**{**SHAPE, **settings})
        config.num_labels = settings.get("num_labels", 2)
        model = model_class(config).float().eval()
        randomise(model, 17 + number, STORED.get(name, torch.float32))
        generator = torch.Generator().manual_seed(1000 + number)
        with torch.no_grad():
            golden = (scalar_model if "scalar" in name else language_model)(model, generator)
        model.to(STORED.get(name, torch.float32)).save_pretrained(
            target, max_shard_size="20KB" if "sharded" in name else "1GB")
        golden["versions"] = {"torch": torch.__version__, "transformers": transformers.__version__}
        (target / "golden.json").write_text(json.dumps(golden))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
