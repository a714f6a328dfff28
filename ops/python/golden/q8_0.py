"""Golden vectors of eight-bit blocks: Q8_0 of the gguf package, which llama.cpp's converters quantise with.

The package keeps the scale in half precision; the integers are those of the scale before it is rounded. Usage:

    pip install gguf numpy
    python q8_0.py > ../../../judge-service/engine/src/test/resources/golden/q8_0.json
"""

import json

import gguf
import numpy as np

BLOCK = 32


def block(values):
    values = np.asarray(values, dtype=np.float32)
    quantised = gguf.quants.quantize(values.reshape(1, BLOCK), gguf.GGMLQuantizationType.Q8_0).reshape(-1)
    scale = quantised[:2].view(np.float16)[0]
    integers = quantised[2:].view(np.int8)
    return {
        "values": [float(v) for v in values],
        "scale": float(scale),
        "integers": [int(i) for i in integers],
    }


def main():
    random = np.random.default_rng(8)
    blocks = [block(np.zeros(BLOCK)), block(np.arange(BLOCK) - 7.5), block(np.full(BLOCK, -0.25))]
    for spread in [1e-3, 0.02, 0.02, 1, 30]:
        blocks.append(block(random.normal(0, spread, BLOCK)))
    print(json.dumps({"blocks": blocks}, indent=1))


if __name__ == "__main__":
    main()
