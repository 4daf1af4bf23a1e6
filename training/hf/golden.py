"""Writes golden.json: logits that transformers' own Phi3ForCausalLM gives for tiny models, in float64, so that the twin
and the engine can be held to it where no Python is. No weights are kept: they are drawn from a seed here and again in
src/model/testing/synthetic.ts, bit for bit, and a digest says whether both drew the same.

  python golden.py [--out golden.json]

Of each case: the model_config of a folder (by MLC's names, by those of Hugging Face's config.json, or as Transformers 5
writes it), the ids of a text, and of the logits of some positions: the largest one's id, it, and those of a few fixed ids.
  whole    the text in one forward call, every position
  first    the same of its first 32 and 33 tokens, where the original positions of long rope end
  grown    the last position of each of its beginnings, which is what generate() computes: `generate` has its own word
"""
import argparse
import hashlib
import inspect
import json
import logging
import math
import os
import sys
import types

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy as np
import torch
import transformers
from transformers import Phi3Config
from transformers import modeling_rope_utils as rope_utils
from transformers.models.phi3 import modeling_phi3

logging.disable(logging.WARNING)
torch.set_num_threads(2)
GROUP, VOCAB, ORIGINAL, LENGTH = 32, 160, 32, 60
PROBES = [3, 50, 101, 159]


# -- the same bytes as syntheticTensors draws

def prng(seed):
    """sfc32 as src/base/prng.ts has it: 32 random bits a time."""
    m = 0xFFFFFFFF
    a, b, c, counter = 0x9E3779B9, 0x243F6A88, (seed ^ 0xDEADBEEF) & m, 1

    def step():
        nonlocal a, b, c, counter
        total = (a + b + counter) & m
        counter = (counter + 1) & m
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & m
        c = ((((c << 21) | (c >> 11)) & m) + total) & m
        return total

    for _ in range(15):
        step()
    return step


def tensors(hf, seed):
    """-> name (transformers') -> float64 values, digest of all bytes in manifest order"""
    hidden, heads, kv = hf["hidden_size"], hf["num_attention_heads"], hf["num_key_value_heads"]
    dim, wide, tied = hf["head_dim"], hf["intermediate_size"], hf["tie_word_embeddings"]
    digest, index, values = hashlib.sha256(), 0, {}

    def halves(count, middle, step):
        drawn = np.array([middle * (0.7 + 0.6 * (step() / 2**32)) for _ in range(count)])
        stored = drawn.astype("<f2")
        digest.update(stored.tobytes())
        return stored.astype(np.float64)

    def norm(name):
        nonlocal index
        values[name] = halves(hidden, 1, prng(seed * 7919 + index))
        index += 1

    def matrix(name, rows, cols):
        nonlocal index
        step = prng(seed * 7919 + index)
        words = np.array([step() for _ in range(rows * cols // 8)], dtype=np.uint32)
        fifteen = words & (words >> 1) & (words >> 2) & (words >> 3) & np.uint32(0x11111111)
        words = (words ^ (fifteen << np.uint32(3))).astype("<u4")
        digest.update(words.tobytes())
        scales = halves(rows * cols // GROUP, 1 / (4.2 * math.sqrt(cols)), prng(seed * 7919 + index + 1))
        index += 2
        codes = (words[:, None] >> (4 * np.arange(8, dtype=np.uint32))) & 15
        values[name] = ((codes.reshape(-1, GROUP).astype(np.float64) - 7) * scales[:, None]).reshape(rows, cols)

    matrix("model.embed_tokens", VOCAB, hidden)
    for i in range(hf["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        norm(layer + "input_layernorm")
        matrix(layer + "self_attn.qkv_proj", (heads + 2 * kv) * dim, hidden)
        matrix(layer + "self_attn.o_proj", hidden, heads * dim)
        norm(layer + "post_attention_layernorm")
        matrix(layer + "mlp.gate_up_proj", 2 * wide, hidden)
        matrix(layer + "mlp.down_proj", hidden, wide)
    norm("model.norm")
    if not tied:
        matrix("lm_head", VOCAB, hidden)
    return values, digest.hexdigest()


# -- transformers, its float32 literals read as float64 and nothing else changed

def widened():
    def widen(text):
        for narrow, wide in (("torch.float32", "torch.float64"), (".float()", ".double()"), ("dtype=torch.float)", "dtype=torch.float64)")):
            text = text.replace(narrow, wide)
        return text

    module = types.ModuleType("transformers.models.phi3.modeling_phi3_wide")
    module.__package__, module.__file__ = "transformers.models.phi3", modeling_phi3.__file__
    sys.modules[module.__name__] = module
    exec(compile(widen(inspect.getsource(modeling_phi3)), module.__file__, "exec"), module.__dict__)
    names = dict(rope_utils.__dict__)
    exec(widen(inspect.getsource(rope_utils._compute_longrope_parameters)), names)
    # Both places where it is looked up.
    rope_utils.ROPE_INIT_FUNCTIONS["longrope"] = names["_compute_longrope_parameters"]
    return module


def build(hf, values):
    config = Phi3Config(**json.loads(json.dumps(hf)))
    config._attn_implementation = "eager"
    torch.set_default_dtype(torch.float64)
    model = widened().Phi3ForCausalLM(config).double().eval()
    torch.set_default_dtype(torch.float32)
    filled = set()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            key = name[: -len(".weight")]
            assert parameter.shape == values[key].shape, (name, parameter.shape)
            parameter.copy_(torch.from_numpy(values[key]))
            filled.add(key)
    assert filled == set(values), filled ^ set(values)
    return model, config


# -- cases

def base(**changes):
    return dict(
        hidden_size=128, intermediate_size=160, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=4, head_dim=32,
        vocab_size=VOCAB, max_position_embeddings=128, original_max_position_embeddings=128, rms_norm_eps=1e-5, rope_theta=10000.0,
        hidden_act="silu", attention_bias=False, tie_word_embeddings=False, sliding_window=None, pad_token_id=0, bos_token_id=1,
        eos_token_id=2) | changes


def long(pairs, seed, **more):
    r = np.random.default_rng(seed)
    short = [round(float(x), 4) for x in np.sort(1 + 0.5 * r.random(pairs))]
    far = [round(float(x), 4) for x in np.sort(1 + 12 * r.random(pairs) ** 2)]
    return {"max_position_embeddings": 128, "original_max_position_embeddings": ORIGINAL,
            "rope_scaling": {"type": "longrope", "short_factor": short, "long_factor": far, **more}}


grouped = dict(num_key_value_heads=2)
partial = dict(hidden_size=96, num_attention_heads=3, num_key_value_heads=1, partial_rotary_factor=0.75, tie_word_embeddings=True)
phi3_head = dict(hidden_size=192, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, head_dim=96)
CASES = {
    "plain": (base(), "mlc"),
    "window of 8": (base(sliding_window=8), "hf4"),
    "window of 30": (base(sliding_window=30), "hf4"),
    "window of 8, heads of 96": (base(**phi3_head, sliding_window=8), "hf5"),
    "window of 8, 4 heads over 2": (base(**grouped, sliding_window=8), "hf5"),
    "window of 8, partial rotary, 3 heads over 1": (base(**partial, sliding_window=8), "hf4"),
    "long rope": (base(**long(16, 1)), "mlc"),
    "long rope, 4 heads over 2": (base(**grouped, **long(16, 2)), "mlc"),
    "long rope, partial rotary, 3 heads over 1": (base(**partial, **long(12, 3)), "mlc"),
    "long rope, window of 30": (base(**grouped, **long(16, 4), sliding_window=30), "hf4"),
    "long rope as Transformers 5 has it": (base(**partial, **long(12, 5), rope_theta=250000.0), "hf5"),
    "attention_factor": (base(**long(16, 6, attention_factor=1.5)), "hf4"),
    "factor": (base(**long(16, 7, factor=16.0)), "hf4"),
    "rope_theta within": (base(**long(16, 8, rope_theta=50000.0)), "hf4"),
    "5 heads over 1, rope_parameters": (base(hidden_size=160, num_attention_heads=5, num_key_value_heads=1, rope_theta=250000.0), "hf5"),
}


def model_config(hf, config, names):
    if names == "hf5":
        written = json.loads(config.to_json_string(use_diff=False))
        keep = set(hf) | {"rope_parameters", "model_type"}
        return {k: v for k, v in written.items() if k in keep}
    if names == "hf4":
        return {"model_type": "phi3", **hf}
    scaling = hf.get("rope_scaling")
    lengths = {k: hf[k] for k in ("max_position_embeddings", "original_max_position_embeddings")}
    left_out = ("rope_theta", "rope_scaling", "hidden_act", "attention_bias", "sliding_window", "pad_token_id", "bos_token_id", "eos_token_id")
    return {"model_type": "phi3", **{k: v for k, v in hf.items() if k not in left_out}, "position_embedding_base": hf["rope_theta"],
            "rope_scaling": scaling and {**scaling, "rope_type": scaling["type"], **lengths}, "tensor_parallel_shards": 1}


@torch.no_grad()
def forward(model, ids):
    return model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].double().numpy()


@torch.no_grad()
def generated(model, prompt, count):
    """generate()'s greedy ids and the logits that it chose them by"""
    out = model.generate(torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long), max_new_tokens=count,
                         do_sample=False, eos_token_id=None, pad_token_id=0, output_logits=True, return_dict_in_generate=True)
    return out.sequences[0].tolist(), torch.stack(out.logits)[:, 0].double().numpy()


def rows(logits):
    """[id of the largest, it, the probes]"""
    return [[int(row.argmax()), *(float(f"{x:.10g}") for x in (row.max(), *row[PROBES]))] for row in logits]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json"))
    a = p.parse_args()
    cases = []
    for seed, (name, (hf, names)) in enumerate(CASES.items(), 31):
        values, digest = tensors(hf, seed)
        model, config = build(hf, values)
        ids = [int(x) for x in np.random.default_rng(seed).integers(3, VOCAB, LENGTH)]
        case = {"name": name, "seed": seed, "modelConfig": model_config(hf, config, names), "sha256": digest, "ids": ids,
                "whole": rows(forward(model, ids))}
        note = ""
        if "rope_scaling" in hf:
            case["first"] = [rows(forward(model, ids[:n])) for n in (ORIGINAL, ORIGINAL + 1)]
            grown = np.stack([forward(model, ids[:n])[-1] for n in range(1, LENGTH + 1)])
            case["grown"] = rows(grown)
            sequence, chosen = generated(model, ids[:20], 24)
            own = np.stack([forward(model, sequence[:n])[-1] for n in range(20, len(sequence))])
            worst = float(np.abs(own - chosen).max())
            # generate() hands its logits on in float32.
            assert worst < 1e-6, worst
            top = np.sort(chosen, -1)
            case["generated"] = {"prompt": 20, "ids": sequence[20:], "leastGap": float(f"{(top[:, -1] - top[:, -2]).min():.3g}")}
            note = f"generate() differs from a forward of each beginning by {worst:.1e}"
        cases.append(case)
        print(name, "|", note, flush=True)
    text = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    head = {"transformers": transformers.__version__, "torch": torch.__version__, "precision": "float64", "probes": PROBES}
    with open(a.out, "w", encoding="utf-8") as f:
        f.write(json.dumps(head)[:-1] + ',"cases":[\n' + text + "\n]}\n")


if __name__ == "__main__":
    main()
