"""Ids, next tokens and perplexity against llama.cpp: see scripts/check-llamacpp.mjs.

    python scripts/golden/against_llamacpp.py MODEL.gguf OURS.json LOGITS.f32 REPORT.json

LOGITS: the engine's, f32 [tokens, vocabulary], after each token of the prose but the last.

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

MOST = 400
BLOCK = 32


class Rounded(Model):
    """Activations as ggml has them beside Q4_1: blocks of 32 in 8 bits, with a scale in half precision."""

    def into(self, x):
        blocks = x.reshape(-1, BLOCK)
        scale = np.abs(blocks).max(axis=-1, keepdims=True) / 127
        codes = np.round(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0))
        return (codes * scale.astype(np.float16).astype(np.float64)).reshape(x.shape)


def normalised(logits):
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
    def __init__(self, path, tokens):
        params = xllamacpp.CommonParams()
        params.model.path = path
        params.n_ctx, params.n_parallel, params.warmup = tokens + 64, 1, False
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


def told(llama, prose):
    return [llama.next_after(prose[: i + 1]) for i in range(len(prose) - 1)]


def against(found, prose, logprobs):
    """How the two tell the prose, token after token."""
    best = logprobs.argmax(axis=-1)
    agree, mine, theirs, counted, squares = 0, 0.0, 0.0, 0, []
    for i, likeliest in enumerate(found):
        agree += likeliest[0][0] == int(best[i])
        squares += [(value - logprobs[i, token]) ** 2 for token, value in likeliest[:5]]
        likely = dict(likeliest)
        # Beyond the list nobody knows: such positions count for neither.
        if prose[i + 1] in likely:
            theirs -= likely[prose[i + 1]]
            mine -= float(logprobs[i, prose[i + 1]])
            counted += 1
    return {
        "top1": agree / len(found),
        "perplexityOurs": float(np.exp(mine / counted)),
        "perplexityTheirs": float(np.exp(theirs / counted)),
        "logprobRms": float(np.sqrt(np.mean(squares))),
    }


def margins(theirs, exact):
    """By how much float64 has its best ahead of its second, where another chooses otherwise: position and nats."""
    best = exact.argmax(axis=-1)
    first_two = np.partition(exact, -2, axis=-1)[:, -2:]
    return [[i, float(first_two[i, 1] - first_two[i, 0])] for i, token in enumerate(theirs) if token != best[i]]


def quiet():
    """llama.cpp tells its life on both streams."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def main(path, ours_path, logits_path, report_path):
    ours = json.load(open(ours_path))
    prose = ours["prose"]
    tokens = len(prose) - 1
    reader = gguf.GGUFReader(path)
    exact, rounded = (normalised(kind(reader).run(prose[:-1], 0, every=True)) for kind in (Model, Rounded))
    engine = normalised(np.fromfile(logits_path, dtype="<f4").reshape(exact.shape).astype(np.float64))
    likeliest = np.argpartition(-exact, 5, axis=-1)[:, :5]
    rows = np.arange(tokens)[:, None]

    def beside_exact(logprobs):
        chosen = logprobs.argmax(axis=-1)
        return {
            "top1": float((chosen == exact.argmax(axis=-1)).mean()),
            "logprobRms": float(np.sqrt(np.mean((logprobs - exact)[rows, likeliest] ** 2))),
            "margins": margins(chosen, exact),
        }

    floats = f"{report_path}.f32.gguf"
    write_floats(reader, floats)
    quiet()
    try:
        llama = LlamaCpp(path, tokens)
        differ = [text for text, ids in zip(ours["texts"], ours["ids"]) if llama.ids(text) != ids]
        splittings = [
            {"pre": one["pre"], "differ": [text for text, ids in zip(ours["texts"], one["ids"]) if small.ids(text) != ids]}
            for one in ours["splittings"]
            for small in [LlamaCpp(one["path"], 256)]
        ]
        found, same = told(llama, prose), told(LlamaCpp(floats, tokens), prose)
        report = {
            "model": os.path.basename(path),
            "tokenizerEqual": not differ,
            "texts": len(ours["texts"]),
            "differ": differ,
            "splittings": splittings,
            "tokens": tokens,
            "file": {
                "exact": against(found, prose, exact),
                "engine": against(found, prose, engine),
                "margins": margins([likely[0][0] for likely in found], exact),
            },
            "engine": beside_exact(engine),
            "rounding": beside_exact(rounded),
            "sameWeights": {"exact": against(same, prose, exact), "engine": against(same, prose, engine)},
        }
        json.dump(report, open(report_path, "w"))
    finally:
        os.remove(floats)
    # Its server ends slowly, and has nothing left to say.
    os._exit(0)


main(*sys.argv[1:])
