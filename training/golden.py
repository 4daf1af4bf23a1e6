"""Writes golden.json: prompt ids and the first 64 greedy ids, computed here in float64 from the 4-bit weights,
so that another implementation of the same forward pass can be checked against an independent one."""
import argparse
import hashlib
import json
import os

import torch

from corpus import build
from generate import Writer

CASES = [
    (build.SYSTEM, [("Tell me a short story with the words fox, jump and brave.", None)]),
    (build.SYSTEM, [("Does my data leave this device?", None)]),
    (build.SYSTEM, [("My name is Ana.", "Nice to meet you, Ana!"), ("What is my name?", None)]),
    ("", [("a story about a caf\u00e9 \U0001f600\nplease", None)]),
    ("You are a storyteller for children.", [("Write a story about a lantern.", None)]),
]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--folder", default="../public/models/phield-tiny")
    p.add_argument("--out", default="golden.json")
    a = p.parse_args()
    w = Writer(a.folder)
    c = w.model.c
    w.model.double()
    inv = c.theta ** (-torch.arange(0, c.head_dim, 2, dtype=torch.float64) / c.head_dim)
    ang = torch.outer(torch.arange(c.context, dtype=torch.float64), inv)
    w.model.cos, w.model.sin = ang.cos(), ang.sin()
    cases = []
    for system, turns in CASES:
        prompt, gaps = w.prompt(turns, system), []
        with torch.no_grad():
            top = w.model(torch.tensor([prompt]))[0, -1].topk(5)
        ids, ended = w.ids(prompt, limit=64, gaps=gaps)
        cases.append({
            "system": system, "turns": turns, "pieces": build.pieces(system, turns), "promptIds": prompt, "greedyIds": ids,
            "stopped": ended, "text": w.tok.decode(ids), "smallestTop2Gap": min(gaps),
            "firstTop5": [[int(i), round(float(v), 9)] for i, v in zip(top.indices, top.values)],
        })
        print(cases[-1]["text"], "| smallest gap %.4f" % min(gaps))
    with open(os.path.join(a.folder, "tensor-cache.json"), "rb") as f:
        digest = hashlib.sha256(f.read()).hexdigest()
    with open(a.out, "w", encoding="utf-8") as f:
        json.dump({"model": "phield-tiny", "tensorCacheSha256": digest, "precision": "float64", "cases": cases}, f, indent=1, ensure_ascii=False)
        f.write("\n")


if __name__ == "__main__":
    main()
