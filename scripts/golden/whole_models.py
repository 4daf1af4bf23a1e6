"""Logits of tiny models by transformers' own classes in float64: see whole-models.mjs, which runs this. Weights of GGUF
files by the `gguf` package's dequantiser, Llama's rows of q and k put back from the order that its files have them in; of
MLC folders as the numbers they are, under the names that transformers has, with the configuration beside them.

    python scripts/golden/whole_models.py FOLDER OUT.json
"""
import hashlib
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import gguf
import numpy as np
import torch
from gguf.quants import dequantize
from transformers import LlamaConfig, LlamaForCausalLM, Phi3Config, Phi3ForCausalLM, Qwen2Config, Qwen2ForCausalLM

PROBES = [3, 50, 101, 159]
LENGTH, SHORT = 48, 24
KINDS = {"llama": (LlamaConfig, LlamaForCausalLM), "qwen2": (Qwen2Config, Qwen2ForCausalLM), "phi3": (Phi3Config, Phi3ForCausalLM)}


def unpermuted(w, heads):
    return w.reshape(heads, w.shape[0] // heads // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)


def of_folder(kind, config, w):
    """A configuration by MLC's names."""
    theta = config.pop("position_embedding_base", None) or config.pop("rope_theta", None)
    scaling = config.pop("rope_scaling", None)
    config_class, model_class = KINDS[kind]
    options = {"rope_theta": theta, **({"rope_scaling": scaling} if scaling else {})}
    made = config_class(**config, **options, max_position_embeddings=256, pad_token_id=0)
    made._attn_implementation = "eager"
    assert made.rope_parameters["rope_theta"] == theta and (not scaling or made.rope_parameters["rope_type"] == scaling["rope_type"])
    model = model_class(made).double().eval()
    missing, unexpected = model.load_state_dict({name: torch.from_numpy(values) for name, values in w.items()}, strict=False)
    assert not unexpected and set(missing) <= ({"lm_head.weight"} if config["tie_word_embeddings"] else set()), (missing, unexpected)
    model.tie_weights()
    return model


def build(reader):
    field = lambda name, otherwise=None: reader.fields[name].contents() if name in reader.fields else otherwise
    arch = field("general.architecture")
    get = lambda name, otherwise=None: field(f"{arch}.{name}", otherwise)
    w = {t.name: dequantize(t.data, t.tensor_type).astype(np.float64) for t in reader.tensors}
    w = {t.name: w[t.name].reshape([int(x) for x in t.shape[::-1]]) for t in reader.tensors}
    if field("golden.config"):
        return of_folder(arch, json.loads(field("golden.config")), w)
    heads, kv, hidden = get("attention.head_count"), get("attention.head_count_kv"), get("embedding_length")
    dim = hidden // heads
    options = dict(
        vocab_size=w["token_embd.weight"].shape[0], hidden_size=hidden, intermediate_size=get("feed_forward_length"),
        num_hidden_layers=get("block_count"), num_attention_heads=heads, num_key_value_heads=kv, head_dim=dim,
        rms_norm_eps=get("attention.layer_norm_rms_epsilon"), rope_theta=get("rope.freq_base"), hidden_act="silu",
        max_position_embeddings=get("context_length"), tie_word_embeddings="output.weight" not in w, pad_token_id=0)
    if "rope_factors_long.weight" in w:
        options |= dict(
            original_max_position_embeddings=get("rope.scaling.original_context_length"), sliding_window=None,
            partial_rotary_factor=get("rope.dimension_count") / dim,
            rope_scaling={"type": "longrope", "short_factor": w.pop("rope_factors_short.weight").tolist(), "long_factor": w.pop("rope_factors_long.weight").tolist()})
    config_class, model_class = KINDS[arch]
    config = config_class(**options)
    config._attn_implementation = "eager"
    model = model_class(config).double().eval()
    if "rope_freqs.weight" in w:
        model.model.rotary_emb.inv_freq = model.model.rotary_emb.inv_freq / torch.from_numpy(w.pop("rope_freqs.weight"))
    names = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight", "output.weight": "lm_head.weight"}
    inside = {
        "attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_qkv": "self_attn.qkv_proj", "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.gate_up_proj" if arch == "phi3" else "mlp.up_proj", "ffn_down": "mlp.down_proj"}
    state = {}
    for name, values in w.items():
        if name.startswith("blk."):
            _, layer, part, kind = name.split(".")
            if arch == "llama" and part in ("attn_q", "attn_k"):
                values = unpermuted(values, heads if part == "attn_q" else kv)
            names[name] = f"model.layers.{layer}.{inside[part]}.{kind}"
        state[names[name]] = torch.from_numpy(np.ascontiguousarray(values))
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and set(missing) <= {"lm_head.weight"}, (missing, unexpected)
    model.tie_weights()
    return model


@torch.no_grad()
def rows(model, ids):
    logits = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].numpy()
    return [[int(row.argmax()), *(round(float(row[i]), 9) for i in [row.argmax(), *PROBES])] for row in logits]


def main(folder, out):
    cases = []
    for i, name in enumerate(json.load(open(f"{folder}/names.json"))):
        path = f"{folder}/{i}.gguf"
        model = build(gguf.GGUFReader(path))
        ids = [(37 * k + 5 * i) % 260 for k in range(LENGTH)]
        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
        cases.append({"name": name, "sha256": digest, "ids": ids, "whole": rows(model, ids), "short": rows(model, ids[:SHORT])})
        print(name, file=sys.stderr)
    json.dump({"cases": cases}, open(out, "w"), separators=(",", ":"))
    open(out, "a").write("\n")


main(*sys.argv[1:])
