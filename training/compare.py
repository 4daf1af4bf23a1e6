"""Loss over the same answers of a corpus for checkpoints of different sizes: the mean in nats a token of what an assistant says, 4-bit
weights, over the first `--batches` batches of about 2048 tokens. Prints one line of JSON a checkpoint. See `make compare`."""
import argparse
import json

import torch
import torch.nn.functional as F

from model import Config, Phi3
from train import Batches


def main():
    p = argparse.ArgumentParser()
    p.add_argument("checkpoints", nargs="+")
    p.add_argument("--data", default="runs/corpus.npz")
    p.add_argument("--batches", type=int, default=24)
    a = p.parse_args()
    for path in a.checkpoints:
        state = torch.load(path, map_location="cpu", weights_only=False)
        model = Phi3(Config(**state["config"]) if isinstance(state["config"], dict) else state["config"])
        model.load_state_dict(state["model"])
        model.fake_quant = True
        total = count = 0.0
        with torch.no_grad():
            for i, (ids, mask) in enumerate(Batches(a.data, 2048, 1).epoch()):
                if i == a.batches:
                    break
                select = mask[:, 1:].reshape(-1)
                logits = model(ids[:, :-1], select=select)
                total += F.cross_entropy(logits, ids[:, 1:].reshape(-1)[select], reduction="sum").item()
                count += int(select.sum())
        print(json.dumps({"checkpoint": path, "parameters": sum(q.numel() for q in model.parameters()), "tokens seen": int(state["seen"]),
                          "loss": round(total / count, 4), "over answer tokens": int(count)}), flush=True)


if __name__ == "__main__":
    main()
