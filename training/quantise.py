"""Writes a checkpoint as an MLC folder: q4f16_1 (default) or q4f32_1, tensor-cache.json, shards, config.
Also reads such a folder back, which is what the evaluation runs on."""
import argparse
import hashlib
import json
import os

import numpy as np
import torch

from corpus.build import SYSTEM
from model import GROUP, Config, Phi3, dequantise, quantise

SHARD_CAP = 1 << 20


def pack(q):
    """q [N,K] of 0..14 -> u32 [N,K/8], k in nibble k%8 counted from the lowest."""
    q = q.numpy().astype(np.uint32).reshape(q.shape[0], -1, 8)
    return (q << (4 * np.arange(8, dtype=np.uint32))).sum(-1, dtype=np.uint32)


def unpack(words):
    return ((words[:, :, None] >> (4 * np.arange(8, dtype=np.uint32))) & 15).reshape(words.shape[0], -1)


def to_bf16(x):
    """f32 -> bf16 bits, to nearest even."""
    u = x.astype(np.float32).view(np.uint32)
    return ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype("<u2")


def tensors(model, f32):
    """(name, shape, dtype, bytes) in file order."""
    for name, (p, quantised) in model.mlc_names().items():
        if not quantised:
            x = p.detach().float().numpy()
            yield (name, x.shape, "float32", to_bf16(x).tobytes()) if f32 else (name, x.shape, "float16", x.astype("<f2").tobytes())
            continue
        if f32:  # the bf16 scale is the one that counts when rounding
            g = p.detach().float().view(p.shape[0], -1, GROUP)
            bits = to_bf16((g.abs().amax(-1) / 7).numpy())
            s = torch.from_numpy((bits.astype(np.uint32) << 16).view(np.float32)).unsqueeze(-1)
            q = torch.where(s > 0, torch.round(g / s.clamp_min(1e-30)) + 7, torch.full_like(g, 7.0)).clamp(0, 14).view(p.shape)
            scale, dtype = (bits.shape, bits.tobytes()), "float32"
        else:
            q, s = quantise(p)
            scale, dtype = (tuple(s.shape), s.numpy().astype("<f2").tobytes()), "float16"
        words = pack(q)
        yield name + ".q_weight", words.shape, "uint32", words.astype("<u4").tobytes()
        yield name + ".q_scale", scale[0], dtype, scale[1]


def write(model, out, f32=False):
    os.makedirs(out, exist_ok=True)
    for f in os.listdir(out):
        if f.startswith("params_shard_"):
            os.remove(os.path.join(out, f))
    shards, records, data = [], [], b""

    def close():
        nonlocal records, data
        if not records:
            return
        path = "params_shard_%d.bin" % len(shards)
        with open(os.path.join(out, path), "wb") as fh:
            fh.write(data)
        shards.append({"dataPath": path, "format": "raw-shard", "nbytes": len(data), "records": records,
                       "md5sum": hashlib.md5(data).hexdigest()})
        records, data = [], b""

    count = 0
    for name, shape, dtype, raw in tensors(model, f32):
        if data and len(data) + len(raw) > SHARD_CAP:
            close()
        records.append({"name": name, "shape": list(shape), "dtype": dtype, "format": "f32-to-bf16",
                        "nbytes": len(raw), "byteOffset": len(data)})
        data += raw
        count += 1
    close()
    nbytes = sum(s["nbytes"] for s in shards)
    params = sum(p.numel() for p, _ in model.mlc_names().values())
    meta = {"ParamSize": count, "ParamBytes": float(nbytes), "BitsPerParam": nbytes * 8 / params}
    with open(os.path.join(out, "tensor-cache.json"), "w") as fh:
        json.dump({"metadata": meta, "records": shards}, fh, indent=2)
        fh.write("\n")
    with open(os.path.join(out, "mlc-chat-config.json"), "w") as fh:
        json.dump(chat_config(model.c, f32, out), fh, indent=2)
        fh.write("\n")
    return nbytes, params


def chat_config(c, f32, out):
    with open(os.path.join(out, "tokenizer.json"), encoding="utf-8") as fh:
        vocab = json.load(fh)["model"]["vocab"]
    return {
        "version": "0.1.0", "model_type": "phi3", "quantization": "q4f32_1" if f32 else "q4f16_1",
        "model_config": {
            "model_type": "phi3", "hidden_size": c.hidden, "vocab_size": c.vocab, "num_hidden_layers": c.layers,
            "num_attention_heads": c.heads, "intermediate_size": c.ffn, "rms_norm_eps": c.eps,
            "num_key_value_heads": c.heads, "max_position_embeddings": c.context, "position_embedding_base": int(c.theta),
            "rope_scaling": None, "original_max_position_embeddings": c.context, "partial_rotary_factor": 1.0,
            "tie_word_embeddings": False, "context_window_size": c.context, "prefill_chunk_size": 128,
            "head_dim": c.head_dim, "tensor_parallel_shards": 1, "max_batch_size": 1,
        },
        "vocab_size": c.vocab, "context_window_size": c.context, "sliding_window_size": -1, "prefill_chunk_size": 128,
        "attention_sink_size": -1, "tensor_parallel_shards": 1, "pipeline_parallel_stages": 1, "active_vocab_size": c.vocab,
        "temperature": 0.5, "presence_penalty": 0.0, "frequency_penalty": 0.0, "repetition_penalty": 1.0, "top_p": 0.95,
        "tokenizer_files": ["tokenizer.json", "tokenizer_config.json"],
        "tokenizer_info": {"token_postproc_method": "byte_fallback", "prepend_space_in_encode": True, "strip_space_in_decode": True},
        "conv_template": {
            "name": "phi-3", "system_template": "<|system|>\n{system_message}", "system_message": SYSTEM,
            "system_prefix_token_ids": [1], "add_role_after_system_message": True,
            "roles": {"user": "<|user|>", "assistant": "<|assistant|>"},
            "role_templates": {"user": "{user_message}", "assistant": "{assistant_message}", "tool": "{tool_message}"},
            "messages": [], "seps": ["<|end|>\n"], "role_content_sep": "\n", "role_empty_sep": "\n",
            "stop_str": ["<|endoftext|>"], "stop_token_ids": [2, vocab["<|endoftext|>"], vocab["<|assistant|>"], vocab["<|end|>"]],
            "function_string": "", "use_function_calling": False,
        },
        "pad_token_id": vocab["<|endoftext|>"], "bos_token_id": 1, "eos_token_id": [vocab["<|end|>"], vocab["<|endoftext|>"]],
    }


def read(folder):
    """An MLC folder -> Phi3 with dequantised f32 weights."""
    with open(os.path.join(folder, "mlc-chat-config.json")) as fh:
        m = json.load(fh)["model_config"]
    c = Config(hidden=m["hidden_size"], heads=m["num_attention_heads"], head_dim=m["head_dim"], ffn=m["intermediate_size"],
               layers=m["num_hidden_layers"], vocab=m["vocab_size"], eps=m["rms_norm_eps"],
               theta=float(m["position_embedding_base"]), context=m["context_window_size"])
    raw = {}
    with open(os.path.join(folder, "tensor-cache.json")) as fh:
        manifest = json.load(fh)
    for shard in manifest["records"]:
        with open(os.path.join(folder, shard["dataPath"]), "rb") as fh:
            data = fh.read()
        assert len(data) == shard["nbytes"] and hashlib.md5(data).hexdigest() == shard["md5sum"], shard["dataPath"]
        for r in shard["records"]:
            part = data[r["byteOffset"]:r["byteOffset"] + r["nbytes"]]
            if r["dtype"] == "uint32":
                x = np.frombuffer(part, "<u4")
            elif r["dtype"] == "float16":
                x = np.frombuffer(part, "<f2").astype(np.float32)
            else:
                x = (np.frombuffer(part, "<u2").astype(np.uint32) << 16).view(np.float32)
            raw[r["name"]] = x.reshape(r["shape"])
    model = Phi3(c)
    model.merged = True
    with torch.no_grad():
        for name, (p, quantised) in model.mlc_names().items():
            if quantised:
                q = torch.from_numpy(unpack(raw[name + ".q_weight"]).astype(np.float32)) - 7
                s = torch.from_numpy(raw[name + ".q_scale"])
                p.copy_((q.view(q.shape[0], -1, GROUP) * s.unsqueeze(-1)).view(q.shape))
            else:
                p.copy_(torch.from_numpy(raw[name].copy()))
    return model.eval()


def rounded(checkpoint):
    """A checkpoint as what its 4-bit weights would be."""
    state = torch.load(checkpoint, map_location="cpu")
    trained = Phi3(Config(**state["config"]))
    trained.load_state_dict({k: v.float() for k, v in state["model"].items()})
    model = Phi3(Config(**state["config"]))
    model.merged = True
    with torch.no_grad():
        for (p, quantised), (t, _) in zip(model.mlc_names().values(), trained.mlc_names().values()):
            p.copy_(dequantise(*quantise(t)) if quantised else t)
    return model.eval()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--checkpoint", default="runs/last.pt", help="'random' writes untrained weights")
    p.add_argument("--out", default="../public/models/phield-tiny")
    p.add_argument("--f32", action="store_true", help="q4f32_1 instead of q4f16_1")
    a = p.parse_args()
    if a.checkpoint == "random":
        torch.manual_seed(0)
        model = Phi3(Config())
    else:
        state = torch.load(a.checkpoint, map_location="cpu")
        model = Phi3(Config(**state["config"]))
        model.load_state_dict({k: v.float() for k, v in state["model"].items()})
    nbytes, params = write(model, a.out, a.f32)
    back = read(a.out)
    model.fake_quant = True
    ids = torch.arange(300, 340).unsqueeze(0)
    with torch.no_grad():
        diff = (model(ids) - back(ids)).abs().max().item()
    print(f"{params} parameters, {nbytes} bytes of weights; read back, largest logit difference {diff:.2g}")


if __name__ == "__main__":
    main()
