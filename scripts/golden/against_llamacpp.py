"""Ids, next tokens and perplexity against llama.cpp: see scripts/check-llamacpp.mjs.

    python scripts/golden/against_llamacpp.py MODEL.gguf OURS.json REPORT.json

llama.cpp multiplies a matrix in blocks with activations rounded to 8 bits, which a float64 forward does not. What that
alone costs is told twice: by the same forward with its activations rounded so, and by llama.cpp over the same weights
written out as 32-bit numbers, which it multiplies with activations as they are.
"""
import json
import os
import sys
import urllib.request

import gguf
import numpy as np
import xllamacpp
from gguf.quants import dequantize

from gguf_forward import Model

POSITIONS = 256
MOST = 400
BLOCK = 32


class Rounded(Model):
    """Activations as ggml has them beside Q4_1: blocks of 32 in 8 bits, with a scale in half precision."""

    def into(self, x):
        blocks = x.reshape(-1, BLOCK)
        scale = np.abs(blocks).max(axis=-1, keepdims=True) / 127
        codes = np.round(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0))
        return (codes * scale.astype(np.float16).astype(np.float64)).reshape(x.shape)


def logprobs_of(model, ids):
    logits = model.run(ids, 0, every=True)
    top = logits.max(axis=-1, keepdims=True)
    return logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))


def write_floats(reader, path):
    """The same model, each weight written out as a 32-bit number."""
    writer = gguf.GGUFWriter(path, reader.fields["general.architecture"].contents())
    for field in reader.fields.values():
        if field.name.startswith("GGUF.") or field.name in ("general.architecture", "general.file_type"):
            continue
        kind = field.types[0]
        inner = field.types[-1] if kind == gguf.GGUFValueType.ARRAY else None
        writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    for tensor in reader.tensors:
        shape = [int(size) for size in tensor.shape[::-1]]
        writer.add_tensor(tensor.name, dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class LlamaCpp:
    def __init__(self, path):
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.n_ctx, params.n_parallel, params.warmup = 1024, 1, False
        params.cpuparams.n_threads = 2
        self.server = xllamacpp.Server(params)

    def post(self, name, body):
        data = json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(self.server.listening_address + name, data, headers)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def ids(self, text):
        return self.post("/tokenize", {"content": text, "add_special": False, "parse_special": False})["tokens"]

    def next_after(self, ids):
        """The likeliest tokens with their logarithms, the likeliest first."""
        body = {"prompt": ids, "n_predict": 1, "temperature": 0, "n_probs": MOST, "cache_prompt": True}
        found = self.post("/completion", body)["completion_probabilities"][0]["top_logprobs"]
        return [(entry["id"], entry["logprob"]) for entry in found]


def against(llama, prose, logprobs):
    """How the two tell the prose, token after token."""
    best = logprobs.argmax(axis=-1)
    agree, mine, theirs, counted, squares, gaps = 0, 0.0, 0.0, 0, [], []
    for i in range(POSITIONS):
        found = llama.next_after(prose[: i + 1])
        if found[0][0] == int(best[i]):
            agree += 1
        else:
            gaps.append(float(logprobs[i, best[i]] - logprobs[i, found[0][0]]))
        squares += [(value - logprobs[i, token]) ** 2 for token, value in found[:5]]
        likely = dict(found)
        # Beyond the list nobody knows: such positions count for neither.
        if prose[i + 1] in likely:
            theirs -= likely[prose[i + 1]]
            mine -= float(logprobs[i, prose[i + 1]])
            counted += 1
    return {
        "top1": agree / POSITIONS,
        "perplexityOurs": float(np.exp(mine / counted)),
        "perplexityTheirs": float(np.exp(theirs / counted)),
        "logprobRms": float(np.sqrt(np.mean(squares))),
        "widestGap": max(gaps, default=0.0),
    }


def quiet():
    """llama.cpp tells its life on both streams."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def main(path, ours_path, report_path):
    ours = json.load(open(ours_path))
    prose = ours["prose"][: POSITIONS + 1]
    assert len(prose) == POSITIONS + 1
    reader = gguf.GGUFReader(path)
    logprobs, rounded = (logprobs_of(kind(reader), prose[:-1]) for kind in (Model, Rounded))
    likeliest = np.argsort(-logprobs, axis=-1)[:, :5]
    rows = np.arange(POSITIONS)[:, None]
    floats = f"{report_path}.f32.gguf"
    write_floats(reader, floats)
    quiet()
    try:
        llama = LlamaCpp(path)
        differ = [text for text, ids in zip(ours["texts"], ours["ids"]) if llama.ids(text) != ids]
        report = {
            "model": os.path.basename(path),
            "tokenizerEqual": not differ,
            "texts": len(ours["texts"]),
            "differ": differ,
            "tokens": POSITIONS,
            **against(llama, prose, logprobs),
            "rounding": {
                "top1": float((rounded.argmax(axis=-1) == logprobs.argmax(axis=-1)).mean()),
                "logprobRms": float(np.sqrt(np.mean((rounded - logprobs)[rows, likeliest] ** 2))),
            },
            "sameWeights": against(LlamaCpp(floats), prose, logprobs),
        }
        json.dump(report, open(report_path, "w"))
    finally:
        os.remove(floats)
    # Its server ends slowly, and has nothing left to say.
    os._exit(0)


main(*sys.argv[1:])
