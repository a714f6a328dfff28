"""`urteil models` against the client of huggingface_hub: one hub, the same cache."""

import hashlib
import json
import os
import struct
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download
from huggingface_hub.errors import GatedRepoError

from hub import COMMIT, NAME, OTHER, Hub
from service import urteil

pytestmark = pytest.mark.light

NEEDED = ["config.json", "generation_config.json", "tokenizer.json", "chat_template.jinja", "*.safetensors*"]


def model():
    """The files of a tiny llama with two shards, beside files that are of no use here."""
    shapes = {"model.embed_tokens.weight": [260, 32], "model.norm.weight": [32]}
    for kind, shape in {
        "input_layernorm": [32], "post_attention_layernorm": [32], "self_attn.q_proj": [32, 32],
        "self_attn.k_proj": [32, 32], "self_attn.v_proj": [32, 32], "self_attn.o_proj": [32, 32],
        "mlp.gate_proj": [64, 32], "mlp.up_proj": [64, 32], "mlp.down_proj": [32, 64],
    }.items():
        shapes[f"model.layers.0.{kind}.weight"] = shape
    names = sorted(shapes)
    shards = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", "vocab_size": 260,
        "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2,
        "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 512, "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0, "tie_word_embeddings": True, "eos_token_id": 256,
    }
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    letters = [chr(byte if byte in visible else next(others)) for byte in range(256)]
    vocabulary = {letter: byte for byte, letter in enumerate(letters)}
    added = [
        {"id": 256 + i, "content": f"<|{i}|>", "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True} for i in range(4)]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    tokenizer = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": added, "normalizer": None,
        "pre_tokenizer": level, "post_processor": None, "decoder": level,
        "model": {
            "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": vocabulary, "merges": []},
    }
    return {
        "config.json": json.dumps(config).encode(),
        "generation_config.json": b'{"eos_token_id": 256}',
        "tokenizer.json": json.dumps(tokenizer).encode(),
        "chat_template.jinja": b"{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}",
        **{name: safetensors({tensor: shapes[tensor] for tensor in held}) for name, held in shards.items()},
        "model.safetensors.index.json": json.dumps(
            {"metadata": {}, "weight_map": {tensor: name for name, held in shards.items() for tensor in held}}
        ).encode(),
        "README.md": b"# tiny",
        "pytorch_model.bin": b"pickle",
        "tiny.gguf": b"GGUF",
        "onnx/model.onnx": b"onnx",
    }


def safetensors(shapes):
    header, body = {}, b""
    for name, shape in shapes.items():
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        values = struct.pack(f"<{count}f", *(((i * 37) % 101 - 50) / 500 for i in range(count)))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(body), len(body) + len(values)]}
        body += values
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


@pytest.fixture
def hub():
    running = Hub(model())
    yield running
    running.close()


def models(hub, home, *arguments, **environment):
    """Runs `urteil models` and returns its exit status and output."""
    variables = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    variables |= {"HF_ENDPOINT": hub.url, "HF_HOME": str(home), **environment}
    done = subprocess.run(
        urteil("models", *arguments), env=variables, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stdout + done.stderr


def tree(cache):
    """Each file of a cache by its path: the target of a link, or the hash of its content."""
    found = {}
    for directory, _, files in os.walk(cache):
        for file in files:
            path = os.path.join(directory, file)
            relative = os.path.relpath(path, cache)
            if relative.split(os.sep)[0] == ".locks" or "/trees/" in relative or file == "CACHEDIR.TAG":
                continue
            with open(path, "rb") as content:
                found[relative] = (
                    os.readlink(path) if os.path.islink(path) else hashlib.sha256(content.read()).hexdigest())
    return found


def test_both_write_the_same_cache(hub, tmp_path):
    revisions = ["main", "v1", "refs/pr/1", OTHER]
    theirs = [
        snapshot_download(
            NAME, revision=revision, endpoint=hub.url, cache_dir=tmp_path / "theirs/hub", allow_patterns=NEEDED)
        for revision in revisions]

    status, output = models(hub, tmp_path / "ours", "fetch", *(f"{NAME}@{revision}" for revision in revisions))

    assert status == 0, output
    assert tree(tmp_path / "ours/hub") == tree(tmp_path / "theirs/hub")
    assert [line for line in output.splitlines() if line.startswith("/")] == [
        path.replace("/theirs/", "/ours/") for path in theirs]


def test_each_uses_the_cache_of_the_other_offline(hub, tmp_path):
    theirs = snapshot_download(NAME, endpoint=hub.url, cache_dir=tmp_path / "theirs/hub", allow_patterns=NEEDED)
    assert models(hub, tmp_path / "ours", "fetch", NAME)[0] == 0
    before = len(hub.requests)

    status, output = models(hub, tmp_path / "theirs", "show", NAME, HF_HUB_OFFLINE="1")
    assert status == 0, output
    assert theirs in output and "served         yes" in output

    ours = snapshot_download(NAME, cache_dir=tmp_path / "ours/hub", local_files_only=True)
    assert ours == str(tmp_path / f"ours/hub/models--org--tiny/snapshots/{COMMIT}")
    for file in ("config.json", "model-00001-of-00002.safetensors"):
        path = hf_hub_download(NAME, file, cache_dir=tmp_path / "ours/hub", local_files_only=True)
        with open(path, "rb") as content:
            assert content.read() == hub.files[file]
    scanned = scan_cache_dir(tmp_path / "ours/hub")
    assert not scanned.warnings
    assert [repo.repo_id for repo in scanned.repos] == [NAME]
    assert len(hub.requests) == before


def test_a_cut_download_is_resumed_and_completed_by_either(hub, tmp_path):
    hub.cuts = [3000, 2000]

    status, output = models(hub, tmp_path, "fetch", NAME)

    assert status == 0, output
    ranges = [int(request[4][6:-1]) for request in hub.requests if request[2] and request[4]]
    assert ranges and ranges == sorted(set(ranges))
    after = len(hub.requests)
    snapshot_download(NAME, endpoint=hub.url, cache_dir=tmp_path / "hub", allow_patterns=NEEDED)
    assert not [request for request in hub.requests[after:] if request[2]]


def test_two_processes_download_a_model_once(hub, tmp_path):
    hub.delay = 2

    with ThreadPoolExecutor() as pool:
        both = [pool.submit(models, hub, tmp_path, "fetch", NAME) for _ in range(2)]
        results = [one.result() for one in both]

    assert [status for status, _ in results] == [0, 0], results
    assert len([request for request in hub.requests if request[2]]) == 2, "one for each shard"


def test_a_gated_model_needs_a_token_that_stays_with_the_hub(hub, tmp_path):
    hub.gated = True
    with pytest.raises(GatedRepoError):
        hf_hub_download(NAME, "config.json", endpoint=hub.url, cache_dir=tmp_path / "theirs", token=False)

    status, output = models(hub, tmp_path / "ours", "fetch", NAME)
    assert status == 2
    assert "is gated (expected: HF_TOKEN with the token of an account" in output
    status, output = models(hub, tmp_path / "ours", "fetch", NAME, HF_TOKEN="hf_other")
    assert status == 2
    assert "is gated and the account of the token has no access" in output and "hf_other" not in output

    status, output = models(hub, tmp_path / "ours", "fetch", NAME, HF_TOKEN="hf_accepted")
    assert status == 0, output
    assert {request[3] for request in hub.requests if request[2]} == {None}


def test_a_name_that_does_not_exist_is_one_sentence(hub, tmp_path):
    status, output = models(hub, tmp_path, "fetch", "org/other")
    assert status == 2
    assert output.splitlines()[-1] == (
        f"urteil: model 'org/other' is not on {hub.url}"
        " (expected: the name of a model; a private one needs HF_TOKEN)")
