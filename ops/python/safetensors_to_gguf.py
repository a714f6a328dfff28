"""Writes a Qwen2- or Llama-shaped model directory as GGUF for llama.cpp.

    pip install gguf numpy
    python3 ops/python/safetensors_to_gguf.py MODEL_DIRECTORY OUT.gguf [--type f32|q8_0]

The vocabulary is that of a byte-level tokenizer.json with the splitter of SmolLM or GPT-2. Without
a tokenizer the file has no vocabulary: llama.cpp's benchmark programs feed random token ids, but
its server does not load such a file.
"""

import argparse
import json
import pathlib

import gguf
import numpy

NAMES = {
    "self_attn.q_proj.weight": "attn_q.weight",
    "self_attn.k_proj.weight": "attn_k.weight",
    "self_attn.v_proj.weight": "attn_v.weight",
    "self_attn.q_proj.bias": "attn_q.bias",
    "self_attn.k_proj.bias": "attn_k.bias",
    "self_attn.v_proj.bias": "attn_v.bias",
    "self_attn.o_proj.weight": "attn_output.weight",
    "mlp.gate_proj.weight": "ffn_gate.weight",
    "mlp.up_proj.weight": "ffn_up.weight",
    "mlp.down_proj.weight": "ffn_down.weight",
    "input_layernorm.weight": "attn_norm.weight",
    "post_attention_layernorm.weight": "ffn_norm.weight",
}
TOP = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def tensors(file):
    """Name and f32 array of each tensor of a safetensors file."""
    with open(file, "rb") as source:
        length = int.from_bytes(source.read(8), "little")
        header = json.loads(source.read(length))
    data = numpy.memmap(file, dtype=numpy.uint8, mode="r", offset=8 + length)
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        if entry["dtype"] != "F32":
            raise SystemExit(f"{name}: {entry['dtype']} (expected: F32)")
        begin, end = entry["data_offsets"]
        yield name, data[begin:end].view(numpy.float32).reshape(entry["shape"])


def gguf_name(name):
    if name in TOP:
        return TOP[name]
    _, _, layer, rest = name.split(".", 3)
    return f"blk.{layer}.{NAMES[rest]}"


def paired_rows(weight, heads):
    """Rows of queries or keys in the order that llama.cpp's rotary positions need for Llama."""
    half = weight.shape[0] // heads // 2
    return weight.reshape(heads, 2, half, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def splitter(tokenizer):
    """llama.cpp's name of the splitter before the merges."""
    pre = tokenizer["pre_tokenizer"]
    parts = [part["type"] for part in pre.get("pretokenizers", [pre])]
    known = {("Digits", "ByteLevel"): "smollm", ("ByteLevel",): "gpt-2"}
    if tuple(parts) not in known:
        expected = ", ".join(known.values())
        raise SystemExit(f"tokenizer.json: splitter {parts} (expected: that of {expected})")
    return known[tuple(parts)]


def add_vocabulary(writer, model, config):
    file = model / "tokenizer.json"
    if not file.exists():
        writer.add_tokenizer_model("no_vocab")
        return
    tokenizer = json.loads(file.read_text())
    vocabulary = dict(tokenizer["model"]["vocab"])
    control = {added["content"]: added["id"] for added in tokenizer["added_tokens"]}
    vocabulary.update(control)
    texts = {number: text for text, number in vocabulary.items()}
    numbers = range(config["vocab_size"])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(splitter(tokenizer))
    writer.add_token_list([texts.get(number, f"[UNUSED{number}]") for number in numbers])
    kinds = [
        gguf.TokenType.CONTROL
        if texts.get(number) in control
        else gguf.TokenType.NORMAL if number in texts else gguf.TokenType.UNUSED
        for number in numbers
    ]
    writer.add_token_types(kinds)
    merges = tokenizer["model"]["merges"]
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    writer.add_add_bos_token(False)
    settings = json.loads((model / "tokenizer_config.json").read_text())
    if isinstance(settings.get("chat_template"), str):
        writer.add_chat_template(settings["chat_template"])
    end = config.get("eos_token_id")
    if end is not None:
        writer.add_eos_token_id(end[0] if isinstance(end, list) else end)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--type", choices=["f32", "q8_0"], default="f32")
    arguments = parser.parse_args()
    config = json.loads((arguments.model / "config.json").read_text())
    heads = config["num_attention_heads"]
    key_value_heads = config["num_key_value_heads"]
    head = config.get("head_dim") or config["hidden_size"] // heads
    kind = config["model_type"]
    if kind not in ("qwen2", "llama"):
        raise SystemExit(f"model_type: {kind} (expected: qwen2 or llama)")

    writer = gguf.GGUFWriter(str(arguments.out), kind)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(key_value_heads)
    writer.add_key_length(head)
    writer.add_value_length(head)
    writer.add_rope_dimension_count(head)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    add_vocabulary(writer, arguments.model, config)
    for name, values in tensors(arguments.model / "model.safetensors"):
        if kind == "llama" and name.endswith("q_proj.weight"):
            values = paired_rows(values, heads)
        elif kind == "llama" and name.endswith("k_proj.weight"):
            values = paired_rows(values, key_value_heads)
        if arguments.type == "q8_0" and values.ndim == 2:
            q8_0 = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(
                gguf_name(name), gguf.quants.quantize(values, q8_0), raw_dtype=q8_0
            )
        else:
            writer.add_tensor(gguf_name(name), numpy.array(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
