"""Trains phield-tiny on the CPU against the clock: Muon for the matrices, AdamW for the rest, answers only in the
loss, 4-bit fake quantisation for the last part of the run. Resumable: build/last.pt holds everything."""
import argparse
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

from model import Config, Phi3


def newton_schulz(g, steps=5):
    """Orthogonalises a stack of matrices [B,N,K] (Muon)."""
    x = g / (g.norm(dim=(1, 2), keepdim=True) + 1e-7)
    flip = x.shape[1] > x.shape[2]
    if flip:
        x = x.transpose(1, 2)
    for _ in range(steps):
        a = torch.bmm(x, x.transpose(1, 2))
        x = 3.4445 * x + torch.bmm(-4.7750 * a + 2.0315 * torch.bmm(a, a), x)
    return x.transpose(1, 2) if flip else x


class Muon:
    """Matrices that share a shape are stepped as one stack; fused ones are split first (`parts`)."""

    def __init__(self, groups, momentum=0.95):
        self.groups, self.momentum = groups, momentum
        self.buffers = [[torch.zeros_like(p) for p, _ in g] for g in groups]

    @torch.no_grad()
    def step(self, lr, decay):
        for group, buffers in zip(self.groups, self.buffers):
            stack = []
            for (p, parts), b in zip(group, buffers):
                b.mul_(self.momentum).add_(p.grad)
                stack.append((p.grad + self.momentum * b).view(parts, p.shape[0] // parts, p.shape[1]))
            update = newton_schulz(torch.cat(stack))
            scale = lr * max(1.0, update.shape[1] / update.shape[2]) ** 0.5
            at = 0
            for p, parts in group:
                p.mul_(1 - lr * decay).add_(update[at:at + parts].reshape(p.shape), alpha=-scale)
                at += parts


class Batches:
    """Conversations of like length in one batch, padded to the longest; about `size` tokens each."""

    def __init__(self, path, size, seed):
        data = np.load(path)
        self.ids, self.mask, lengths = data["ids"], data["mask"], data["lengths"]
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.lengths, self.size, self.rng = lengths, size, random.Random(seed)

    def epoch(self):
        order = list(range(len(self.lengths)))
        self.rng.shuffle(order)
        for at in range(0, len(order), 2048):  # sort by length inside a window, then cut
            window = sorted(order[at:at + 2048], key=lambda i: self.lengths[i])
            cuts, batch = [], []
            for i in window:
                if batch and self.lengths[i] * (len(batch) + 1) > self.size:
                    cuts.append(batch)
                    batch = []
                batch.append(i)
            cuts.append(batch)
            self.rng.shuffle(cuts)
            for c in cuts:
                yield self.tensor(c)

    def tensor(self, batch):
        longest = max(self.lengths[i] for i in batch)
        ids, mask = np.zeros((len(batch), longest), np.int64), np.zeros((len(batch), longest), bool)
        for row, i in enumerate(batch):
            s, n = self.start[i], self.lengths[i]
            ids[row, :n], mask[row, :n] = self.ids[s:s + n], self.mask[s:s + n]
        return torch.from_numpy(ids), torch.from_numpy(mask)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="build/corpus.npz")
    p.add_argument("--out", default="build/last.pt")
    p.add_argument("--minutes", type=float, default=80)
    p.add_argument("--batch", type=int, default=4096, help="tokens per step")
    p.add_argument("--muon", type=float, default=0.02)
    p.add_argument("--adam", type=float, default=0.004)
    p.add_argument("--quant-from", type=float, default=0.75, help="share of the run after which weights are 4-bit")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--layers", type=int, default=Config.layers)
    p.add_argument("--resume", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    c = Config(layers=a.layers)
    model = Phi3(c)
    muon = Muon([[(w, 3) for w in model.qkv] + [(w, 1) for w in model.out], [(w, 2) for w in model.gate_up], [(w, 1) for w in model.down]])
    norms = [w for w in model.parameters() if w.dim() == 1]
    adam = torch.optim.AdamW([{"params": [model.embd, model.lm_head], "f": 1.0}, {"params": norms, "f": 1.0}],
                             lr=a.adam, betas=(0.9, 0.98), eps=1e-10, weight_decay=0.0)
    step = seen = 0
    spent = 0.0
    if a.resume and os.path.exists(a.out):
        state = torch.load(a.out)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        muon.buffers = state["muon"]
        step, seen, spent = state["step"], state["seen"], state["spent"]
    batches = Batches(a.data, a.batch, a.seed + step)
    began, saved, shown, sums = time.time() - spent, time.time(), time.time(), [0.0, 0]
    last_seen = seen

    def save():
        tmp = a.out + ".tmp"
        torch.save({"config": c.dict(), "model": model.state_dict(), "adam": adam.state_dict(), "muon": muon.buffers, "step": step,
                    "seen": seen, "spent": time.time() - began, "loss": sums[0] / max(1, sums[1])}, tmp)
        os.replace(tmp, a.out)

    while True:
        for ids, mask in batches.epoch():
            done = (time.time() - began) / (a.minutes * 60)
            if done >= 1:
                save()
                print(f"finished: {step} steps, {seen} tokens, {(time.time() - began) / 60:.1f} minutes", flush=True)
                return
            rate = min(1.0, (step + 1) / 60) * min(1.0, (1 - done) / 0.65)
            model.fake_quant = done >= a.quant_from
            select = mask[:, 1:].reshape(-1)
            logits = model(ids[:, :-1], select=select)
            loss = F.cross_entropy(logits, ids[:, 1:].reshape(-1)[select])
            loss.backward()
            for g in adam.param_groups:
                g["lr"] = a.adam * rate * g["f"]
            muon.step(a.muon * rate, 0.05)
            adam.step()
            model.zero_grad(set_to_none=True)
            step += 1
            seen += int((ids != 0).sum())
            sums[0] += loss.item() * int(select.sum())
            sums[1] += int(select.sum())
            if not math.isfinite(loss.item()):
                raise SystemExit("loss is not finite")
            if step % 20 == 0:
                now = time.time()
                print(f"{done:6.1%} step {step} tokens {seen} loss {sums[0] / sums[1]:.4f} {(seen - last_seen) / (now - shown):.0f} tok/s"
                      f"{' q4' if model.fake_quant else ''}", flush=True)
                sums, shown, last_seen = [0.0, 0], now, seen
            if time.time() - saved > 180:
                save()
                saved = time.time()


if __name__ == "__main__":
    main()
