"""Greedy ids of a Llama-shaped GGUF by a forward pass in float64 that shares nothing with the engine: weights by the
`gguf` package's own dequantiser, text by the Rust `tokenizers` library, the template by jinja2, rotation in the pairs
that the file stores. Prints JSON: per prompt its ids and the ids that follow, and how near the runner-up came.

    pip install gguf==0.19.0 tokenizers==0.23.3 jinja2
    python scripts/golden/gguf_forward.py public/models/SmolLM2-135M-Instruct.Q4_1.gguf > OUT.json
"""
import json
import sys

import gguf
import jinja2
import numpy as np
from gguf.quants import dequantize
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

PROMPTS = [
    "Why is the sky blue?",
    "Write a haiku about rain.",
    "List three fruits and their colours, one a line.",
    "Translate to French: The cat sleeps on the 3rd chair, doesn't it?",
]
NEW_TOKENS = 32
LONG_TOKENS = 515


def field(reader, name):
    return reader.fields[name].contents()


def tokenizer_of(reader):
    tokens = field(reader, "tokenizer.ggml.tokens")
    types = field(reader, "tokenizer.ggml.token_type")
    merges = [tuple(m.split(" ")) for m in field(reader, "tokenizer.ggml.merges")]
    assert field(reader, "tokenizer.ggml.pre") == "smollm"
    tokenizer = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t, kind in zip(tokens, types) if kind == 3])
    return tokenizer


class Model:
    def __init__(self, reader):
        arch = field(reader, "general.architecture")
        get = lambda name: field(reader, f"{arch}.{name}")
        self.w = {t.name: dequantize(t.data, t.tensor_type).astype(np.float64) for t in reader.tensors}
        self.layers = get("block_count")
        self.heads, self.kv_heads = get("attention.head_count"), get("attention.head_count_kv")
        self.dim = get("embedding_length") // self.heads
        self.eps = get("attention.layer_norm_rms_epsilon")
        self.theta = get("rope.freq_base")
        self.keys = [np.zeros((0, self.kv_heads, self.dim))] * self.layers
        self.values = list(self.keys)

    def into(self, x):
        """What a matrix is multiplied with: as it is."""
        return x

    def norm(self, x, name):
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + self.eps) * self.w[name]

    def rotate(self, x, position):
        """x: [rows, heads, dim]; pairs are neighbours, as the file has them."""
        angles = (position + np.arange(len(x)))[:, None] * self.theta ** (-np.arange(0, self.dim, 2) / self.dim)
        cos, sin = np.cos(angles)[:, None, :], np.sin(angles)[:, None, :]
        out = np.empty_like(x)
        out[..., 0::2] = x[..., 0::2] * cos - x[..., 1::2] * sin
        out[..., 1::2] = x[..., 1::2] * cos + x[..., 0::2] * sin
        return out

    def run(self, ids, position, every=False):
        """Logits after the last of ids, or after each."""
        w, rows = self.w, len(ids)
        x = w["token_embd.weight"][ids]
        for i in range(self.layers):
            n = self.into(self.norm(x, f"blk.{i}.attn_norm.weight"))
            split = lambda name, heads: (n @ w[f"blk.{i}.{name}.weight"].T).reshape(rows, heads, self.dim)
            q = self.rotate(split("attn_q", self.heads), position)
            k = self.rotate(split("attn_k", self.kv_heads), position)
            self.keys[i] = np.concatenate([self.keys[i][:position], k])
            self.values[i] = np.concatenate([self.values[i][:position], split("attn_v", self.kv_heads)])
            mixed = np.empty((rows, self.heads, self.dim))
            mask = np.arange(position + rows)[None, :] > (position + np.arange(rows))[:, None]
            for head in range(self.heads):
                kv = head * self.kv_heads // self.heads
                scores = q[:, head] @ self.keys[i][:, kv].T / np.sqrt(self.dim)
                scores[mask] = -np.inf
                p = np.exp(scores - scores.max(axis=-1, keepdims=True))
                mixed[:, head] = p / p.sum(axis=-1, keepdims=True) @ self.values[i][:, kv]
            x = x + self.into(mixed.reshape(rows, -1)) @ w[f"blk.{i}.attn_output.weight"].T
            n = self.into(self.norm(x, f"blk.{i}.ffn_norm.weight"))
            gate, up = n @ w[f"blk.{i}.ffn_gate.weight"].T, n @ w[f"blk.{i}.ffn_up.weight"].T
            x = x + self.into(gate / (1 + np.exp(-gate)) * up) @ w[f"blk.{i}.ffn_down.weight"].T
        last = self.into(self.norm(x if every else x[-1], "output_norm.weight"))
        return last @ w.get("output.weight", w["token_embd.weight"]).T


def greedy(model, ids):
    out, gap, position = [], float("inf"), 0
    step = list(ids)
    for _ in range(NEW_TOKENS):
        logits = model.run(step, position)
        position += len(step)
        second, first = np.partition(logits, -2)[-2:]
        gap = min(gap, float(first - second))
        step = [int(np.argmax(logits))]
        out += step
    return out, gap


def main(path):
    reader = gguf.GGUFReader(path)
    tokenizer, model = tokenizer_of(reader), Model(reader)
    template = jinja2.Environment(trim_blocks=True, lstrip_blocks=True).from_string(field(reader, "tokenizer.chat_template"))
    render = lambda text: template.render(messages=[{"role": "user", "content": text}], add_generation_prompt=True)
    count = lambda text: len(tokenizer.encode(render(text), add_special_tokens=False).ids)
    words = "The river runs past the old mill and the children count the boats that go by in the rain. ".split(" ")
    long, i = "Summarise this:", 0
    while count(long) < LONG_TOKENS:
        long, i = f"{long} {words[i % (len(words) - 1)]}", i + 1
    cases = []
    for text in [*PROMPTS, long]:
        ids = tokenizer.encode(render(text), add_special_tokens=False).ids
        out, gap = greedy(model, ids)
        print(f"{len(ids)} ids, gap {gap:.4f}: {tokenizer.decode(out)!r}", file=sys.stderr)
        cases.append({"prompt": text, "promptIds": ids, "ids": out, "leastGap": round(gap, 4)})
    json.dump({"file": path.split("/")[-1], "cases": cases}, sys.stdout)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
