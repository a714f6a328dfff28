"""Makes the tiny random chat model that the remote server's test serves.

    pip install gguf==0.19.0 numpy
    python3 ops/python/golden/remote_model.py judge-service/engine/src/test/resources/remote

The same weights twice: as a model directory (config.json, model.safetensors, tokenizer.json,
tokenizer_config.json), and as model.gguf for llama.cpp. The tokenizer has a token for each byte, a
few merges and the three control tokens of ChatML. The weights are random, but for those of tokens
that cannot be seen, which are small: the model says printable nonsense and seldom ends.
"""

import json
import pathlib
import sys

import gguf
import numpy

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import safetensors_to_gguf as converter  # noqa: E402

HIDDEN, WIDE, LAYERS, HEADS, KV_HEADS, HEAD, CONTEXT = 32, 48, 2, 2, 1, 16, 256
MERGES = ["t h", "th e", "i n", "a n"]
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content']"
    " + '<|im_end|>\\n'}}{% endfor %}{% if add_generation_prompt %}{{'<|im_start|>assistant\\n'}}"
    "{% endif %}"
)
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_letters():
    """GPT-2's letter for each byte: itself where it can be seen, else one from 256 on."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, other = {}, 256
    for byte in range(256):
        if byte in seen:
            letters[byte] = chr(byte)
        else:
            letters[byte] = chr(other)
            other += 1
    return [letters[byte] for byte in range(256)]


def weights(vocabulary):
    random = numpy.random.default_rng(7)

    def matrix(rows, columns, spread=1.2):
        values = random.normal(0, spread / numpy.sqrt(columns), (rows, columns))
        # Values of half precision, so that nothing depends on how a runtime stores them.
        return values.astype(numpy.float16).astype(numpy.float32)

    def vector(length, centre):
        return (centre + random.normal(0, 0.2, length)).astype(numpy.float32)

    embeddings = matrix(vocabulary, HIDDEN, 2.5)
    seen = [32 <= token < 127 or 256 <= token < 256 + len(MERGES) for token in range(vocabulary)]
    embeddings[~numpy.array(seen)] /= 16
    tensors = {"model.embed_tokens.weight": embeddings}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}."
        for name, rows in (("q", HEADS * HEAD), ("k", KV_HEADS * HEAD), ("v", KV_HEADS * HEAD)):
            tensors[f"{prefix}self_attn.{name}_proj.weight"] = matrix(rows, HIDDEN)
            tensors[f"{prefix}self_attn.{name}_proj.bias"] = vector(rows, 0)
        tensors[f"{prefix}self_attn.o_proj.weight"] = matrix(HIDDEN, HEADS * HEAD)
        tensors[f"{prefix}mlp.gate_proj.weight"] = matrix(WIDE, HIDDEN)
        tensors[f"{prefix}mlp.up_proj.weight"] = matrix(WIDE, HIDDEN)
        tensors[f"{prefix}mlp.down_proj.weight"] = matrix(HIDDEN, WIDE)
        tensors[f"{prefix}input_layernorm.weight"] = vector(HIDDEN, 1)
        tensors[f"{prefix}post_attention_layernorm.weight"] = vector(HIDDEN, 1)
    tensors["model.norm.weight"] = vector(HIDDEN, 1)
    return tensors


def write_directory(out, tokens, tensors):
    config = {
        "architectures": ["Qwen2ForCausalLM"],
        "model_type": "qwen2",
        "hidden_act": "silu",
        "hidden_size": HIDDEN,
        "intermediate_size": WIDE,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD,
        "vocab_size": len(tokens),
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "eos_token_id": tokens.index("<|im_end|>"),
    }
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {
                "id": tokens.index(token),
                "content": token,
                "single_word": False,
                "lstrip": False,
                "rstrip": False,
                "normalized": False,
                "special": True,
            }
            for token in CONTROL
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {
                    "type": "Split",
                    "pattern": {"Regex": SPLIT},
                    "behavior": "Isolated",
                    "invert": False,
                },
                {
                    "type": "ByteLevel",
                    "add_prefix_space": False,
                    "trim_offsets": False,
                    "use_regex": False,
                },
            ],
        },
        "post_processor": None,
        "decoder": {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": False,
            "use_regex": False,
        },
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "vocab": {token: i for i, token in enumerate(tokens) if token not in CONTROL},
            "merges": MERGES,
        },
    }
    template = {"chat_template": TEMPLATE, "eos_token": "<|im_end|>"}
    for name, content in (
        ("config.json", config),
        ("tokenizer.json", tokenizer),
        ("tokenizer_config.json", template),
    ):
        (out / name).write_text(json.dumps(content, indent=1, ensure_ascii=True) + "\n")

    header, data, offset = {"__metadata__": {"format": "pt"}}, b"", 0
    for name, values in tensors.items():
        stored = values.astype(numpy.float16) if values.ndim == 2 else values
        end = offset + stored.nbytes
        kind = "F16" if values.ndim == 2 else "F32"
        header[name] = {"dtype": kind, "shape": values.shape, "data_offsets": [offset, end]}
        data, offset = data + stored.tobytes(), end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (out / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)


def write_gguf(file, tokens, tensors):
    writer = gguf.GGUFWriter(str(file), "qwen2")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(WIDE)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [gguf.TokenType.CONTROL if t in CONTROL else gguf.TokenType.NORMAL for t in tokens]
    )
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, values in tensors.items():
        # With weights of half precision llama.cpp would round what it multiplies them with too.
        writer.add_tensor(converter.gguf_name(name), values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    tokens = [*byte_letters(), *(merge.replace(" ", "") for merge in MERGES), *CONTROL]
    tensors = weights(len(tokens))
    write_directory(out, tokens, tensors)
    write_gguf(out / "model.gguf", tokens, tensors)


if __name__ == "__main__":
    main()
