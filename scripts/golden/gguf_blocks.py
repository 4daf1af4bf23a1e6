"""Random blocks of every GGUF type that the engine reads, extreme scales among them, and the numbers that the `gguf`
package reads in them. Prints JSON of base64: {type: {blocks, values (f32)}}.

    pip install gguf==0.19.0
    python scripts/golden/gguf_blocks.py > src/formats/gguf/testing/blocks-golden.json
"""
import base64
import json

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T
from gguf.quants import dequantize

TYPES = [T.F32, T.F16, T.BF16, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q8_0, T.Q4_K, T.Q5_K, T.Q6_K]
# Where a block has numbers in f16.
HALVES = {T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208]}
# Usual, negative, largest, smallest normal, smallest subnormal, zero and its negative.
SCALES = [0.0123, -0.37, 65504.0, 2.0**-14, 2.0**-24, 0.0, -0.0, 1.5]

random = np.random.default_rng(15)
out = {}
for kind in TYPES:
    weights, size = GGML_QUANT_SIZES[kind]
    if kind in HALVES:
        data = random.integers(0, 256, (len(SCALES), size), dtype=np.uint8)
        for i, scale in enumerate(SCALES):
            for j, at in enumerate(HALVES[kind]):
                half = np.float16(SCALES[(i + 3 * j) % len(SCALES)] if j else scale)
                data[i, at : at + 2] = np.frombuffer(half.tobytes(), np.uint8)
    else:
        numbers = np.float32([*SCALES[:2], *SCALES[3:], 3.1415927, 65504.0])
        width = {T.F32: np.float32, T.F16: np.float16}.get(kind)
        data = numbers.astype(width).view(np.uint8) if width else (numbers.view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
        data = data.reshape(-1)
    values = dequantize(data.view(np.float16) if kind == T.F16 else data.view(np.float32) if kind == T.F32 else data, kind)
    assert np.isfinite(values).all()
    encode = lambda a: base64.b64encode(a.tobytes()).decode()
    out[kind.name.lower()] = {"blocks": encode(data), "values": encode(values.astype(np.float32))}
print(json.dumps(out, indent=1))
