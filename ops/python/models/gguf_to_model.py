"""Writes a Llama-shaped GGUF file as a Hugging Face model directory.

    pip install gguf numpy safetensors
    python3 ops/python/models/gguf_to_model.py MODEL.gguf DIRECTORY [--dtype f32|f16]

Quantised tensors become the numbers that they stand for, so the directory is exactly the model of
the file. llama.cpp pairs the halves of each query and key head differently; the rows are put back
in the order of the original. The tokenizer is written from the lists in the file.
"""

import argparse
import json
import pathlib
import sys

import gguf
import numpy
from gguf.quants import dequantize
from safetensors.numpy import save_file

TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
FORMATS = {"f32": (numpy.float32, "float32"), "f16": (numpy.float16, "float16")}
CONTROL, USER_DEFINED = 3, 4


class Fields:
    """The metadata of a file, by key."""

    def __init__(self, reader):
        self.fields = reader.fields

    def get(self, key, default=None):
        field = self.fields.get(key)
        return default if field is None else field.contents()


def original_rows(weight, heads):
    """Undoes the order of rows that llama.cpp needs for its rotary positions."""
    pairs = weight.shape[0] // heads // 2
    return weight.reshape(heads, pairs, 2, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def weights(reader, heads, key_value_heads, number):
    """Every tensor by its Hugging Face name."""
    result = {}
    for tensor in reader.tensors:
        values = numpy.ascontiguousarray(
            dequantize(tensor.data, tensor.tensor_type), dtype=numpy.float32
        )
        name = TOP.get(tensor.name)
        if name is None:
            _, layer, kind, _ = tensor.name.split(".")
            if kind == "attn_q":
                values = original_rows(values, heads)
            elif kind == "attn_k":
                values = original_rows(values, key_value_heads)
            name = f"model.layers.{layer}.{LAYER[kind]}.weight"
        result[name] = numpy.ascontiguousarray(values.astype(number))
    return result


def pre_tokenizer(kind):
    """The splitter before the merges; only those below are known to be the same."""
    byte_level = {
        "type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True,
    }
    if kind in ("smollm", "starcoder", "refact", "command-r"):
        digits = {"type": "Digits", "individual_digits": True}
        return {"type": "Sequence", "pretokenizers": [digits, byte_level]}
    if kind in ("gpt-2", "default", None):
        return byte_level
    sys.exit(f"tokenizer.ggml.pre: {kind!r} (expected: smollm or gpt-2)")


def tokenizer(fields, added):
    tokens = fields.get("tokenizer.ggml.tokens")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": pre_tokenizer(fields.get("tokenizer.ggml.pre")),
        "post_processor": None,
        "decoder": {
            "type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True,
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: number for number, token in enumerate(tokens)},
            "merges": [merge.split(" ") for merge in fields.get("tokenizer.ggml.merges")],
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gguf", type=pathlib.Path)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--dtype", choices=sorted(FORMATS), default="f32")
    arguments = parser.parse_args()
    number, dtype = FORMATS[arguments.dtype]

    reader = gguf.GGUFReader(arguments.gguf)
    fields = Fields(reader)
    architecture = fields.get("general.architecture")
    if architecture != "llama":
        sys.exit(f"general.architecture: {architecture!r} (expected: llama)")

    def shape(key, default=None):
        return fields.get("llama." + key, default)

    heads = shape("attention.head_count")
    key_value_heads = shape("attention.head_count_kv", heads)
    tensors = weights(reader, heads, key_value_heads, number)
    tokens = fields.get("tokenizer.ggml.tokens")
    vocabulary = tensors["model.embed_tokens.weight"].shape[0]
    if len(tokens) != vocabulary:
        sys.exit(f"tokens: {len(tokens)} (expected: {vocabulary}, the rows of the embedding)")

    begin = fields.get("tokenizer.ggml.bos_token_id")
    end = fields.get("tokenizer.ggml.eos_token_id")
    padding = fields.get("tokenizer.ggml.padding_token_id", end)
    kinds = fields.get("tokenizer.ggml.token_type")
    added = [
        {
            "id": number, "content": token, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": kinds[number] == CONTROL,
        }
        for number, token in enumerate(tokens)
        if kinds[number] in (CONTROL, USER_DEFINED)
    ]
    hidden = shape("embedding_length")
    files = {
        "config.json": {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "hidden_act": "silu",
            "vocab_size": vocabulary,
            "hidden_size": hidden,
            "intermediate_size": shape("feed_forward_length"),
            "num_hidden_layers": shape("block_count"),
            "num_attention_heads": heads,
            "num_key_value_heads": key_value_heads,
            "head_dim": hidden // heads,
            "max_position_embeddings": shape("context_length"),
            "rms_norm_eps": round(float(shape("attention.layer_norm_rms_epsilon")), 9),
            "rope_theta": float(shape("rope.freq_base", 10000.0)),
            "tie_word_embeddings": "lm_head.weight" not in tensors,
            "attention_bias": False,
            "mlp_bias": False,
            "bos_token_id": begin,
            "eos_token_id": end,
            "pad_token_id": padding,
            "torch_dtype": dtype,
        },
        "generation_config.json": {
            "bos_token_id": begin, "eos_token_id": end, "pad_token_id": padding,
        },
        "tokenizer.json": tokenizer(fields, added),
        "tokenizer_config.json": {
            # With GPT2Tokenizer transformers 5 makes a tokenizer of its own, which splits digits
            # differently.
            "tokenizer_class": "PreTrainedTokenizerFast",
            "add_prefix_space": False,
            "bos_token": tokens[begin],
            "eos_token": tokens[end],
            "pad_token": tokens[padding],
            "unk_token": tokens[0],
            "model_max_length": shape("context_length"),
            "clean_up_tokenization_spaces": False,
            "chat_template": fields.get("tokenizer.chat_template"),
        },
    }
    arguments.directory.mkdir(parents=True, exist_ok=True)
    save_file(tensors, arguments.directory / "model.safetensors", metadata={"format": "pt"})
    for name, content in files.items():
        with open(arguments.directory / name, "w", encoding="utf-8") as out:
            json.dump(content, out, ensure_ascii=False)
    print(f"{sum(tensor.size for tensor in tensors.values()):,} parameters in {arguments.directory}")


if __name__ == "__main__":
    main()
