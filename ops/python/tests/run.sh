#!/usr/bin/env bash
# Runs the conformance tests of the gateway with the clients of its users.
#
#   ops/python/tests/run.sh [PYTEST ARGUMENTS]
#
# Each group of clients has its own virtual environment, made once under ops/python/target. Clients
# that need torch (6 GB) run if theirs was made before, or with URTEIL_TORCH_CLIENTS=1.
#
# URTEIL_SLIME       a checkout of slime, which has no package
# Exit status 77: nothing ran, because no Python or no package index is available.
set -euo pipefail

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
environments=$(dirname "$tests")/target/clients
readonly tests environments SKIPPED=77

skip() {
  printf '\nSKIPPED: conformance tests of the gateway: %s\n\n' "$*" >&2
  exit "$SKIPPED"
}

# Makes the environment of the requirements file $1, unless it exists with the same content.
environment() {
  local name=$1 file=$tests/requirements-$1.txt directory=$environments/$1
  if [ ! -f "$file" ]; then
    printf 'no file %s (expected: the requirements of the clients)\n' "$file" >&2
    exit 1
  fi
  if ! cmp -s "$file" "$directory/requirements.txt"; then
    rm -rf "$directory"
    "$python" -m venv "$directory" >&2 || skip "no virtual environment for $name"
    "$directory/bin/pip" install -q --disable-pip-version-check -r "$file" >&2 \
      || skip "no package index for $file"
    # Packages whose own requirements need a graphics card, and are not used here.
    if [ -f "$tests/requirements-$name-alone.txt" ]; then
      "$directory/bin/pip" install -q --disable-pip-version-check --no-deps \
        -r "$tests/requirements-$name-alone.txt" >&2 || skip "no package index for $name"
    fi
    cp "$file" "$directory/requirements.txt"
  fi
}

# A name on the PATH may be a shim without an interpreter behind it.
python=
for candidate in python3.12 python3.11 python3.13 python3; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || skip "no Python 3.11 or newer on the PATH"

groups=(light verifiers schema)
if [ "${URTEIL_TORCH_CLIENTS:-}" = 1 ] \
  || cmp -s "$tests/requirements-torch.txt" "$environments/torch/requirements.txt"; then
  groups+=(torch)
else
  printf 'SKIPPED: clients that need torch (URTEIL_TORCH_CLIENTS=1 installs 6 GB and runs them)\n' >&2
fi
for group in "${groups[@]}"; do
  environment "$group"
done
status=0
for group in "${groups[@]}"; do
  "$environments/$group/bin/python" -m pytest -q -p no:cacheprovider "$tests" -m "$group" "$@" \
    || status=$?
done
exit "$status"
