"""Ids, next tokens and perplexity against llama.cpp: see scripts/check-llamacpp.mjs.

    python scripts/golden/against_llamacpp.py MODEL.gguf OURS.json REPORT.json
"""
import json
import os
import sys
import urllib.request

import gguf
import numpy as np
import xllamacpp

from gguf_forward import Model

POSITIONS = 256
MOST = 400


def quiet():
    """llama.cpp tells its life on both streams."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


def main(path, ours_path, report_path):
    ours = json.load(open(ours_path))
    prose = ours["prose"][: POSITIONS + 1]
    assert len(prose) == POSITIONS + 1
    logits = Model(gguf.GGUFReader(path)).run(prose[:-1], 0, every=True)
    top = logits.max(axis=-1, keepdims=True)
    logprobs = logits - top - np.log(np.exp(logits - top).sum(axis=-1, keepdims=True))

    quiet()
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx, params.n_parallel, params.warmup = 1024, 1, False
    params.cpuparams.n_threads = 2
    server = xllamacpp.Server(params)

    def post(name, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(server.listening_address + name, data, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    ids = [post("/tokenize", {"content": text, "add_special": False, "parse_special": False})["tokens"] for text in ours["texts"]]
    differ = [text for text, a, b in zip(ours["texts"], ours["ids"], ids) if a != b]

    agree, mine, theirs, counted = 0, 0.0, 0.0, 0
    for i in range(POSITIONS):
        body = {"prompt": prose[: i + 1], "n_predict": 1, "temperature": 0, "n_probs": MOST, "cache_prompt": True}
        found = post("/completion", body)["completion_probabilities"][0]["top_logprobs"]
        agree += found[0]["id"] == int(logits[i].argmax())
        likely = {entry["id"]: entry["logprob"] for entry in found}
        # Beyond the list nobody knows: such positions count for neither.
        if prose[i + 1] in likely:
            theirs -= likely[prose[i + 1]]
            mine -= float(logprobs[i, prose[i + 1]])
            counted += 1
    report = {
        "texts": len(ids),
        "differ": differ,
        "positions": POSITIONS,
        "agreement": agree / POSITIONS,
        "counted": counted,
        "perplexity": float(np.exp(mine / counted)),
        "theirs": float(np.exp(theirs / counted)),
    }
    json.dump(report, open(report_path, "w"))
    # Its server ends slowly, and has nothing left to say.
    os._exit(0)


main(*sys.argv[1:])
