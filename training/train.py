"""Trains phield-tiny on the CPU against the clock: Muon for the matrices, AdamW for the rest, answers only in the
loss, 4-bit fake quantisation for the last part of the run. Resumable: build/last.pt holds everything."""
import argparse
import math
import os
import random
import time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F

from model import Config, Phi3, batched


def newton_schulz(g, steps=5):
    """Orthogonalises a stack of matrices [B,N,K] (Muon)."""
    x = g / (g.norm(dim=(1, 2), keepdim=True) + 1e-7)
    flip = x.shape[1] > x.shape[2]
    if flip:
        x = x.transpose(1, 2)
    for _ in range(steps):
        a = batched(x, x.transpose(1, 2))
        x = x.mul(3.4445).add_(batched(batched(a, a).mul_(2.0315).add_(a, alpha=-4.7750), x))
    return x.transpose(1, 2) if flip else x


class Muon:
    """Matrices that share a shape are stepped as one stack; fused ones are split first (`parts`).
    Each worker steps its own groups and hands the result to the others."""

    def __init__(self, groups, workers, momentum=0.95):
        self.groups, self.workers, self.momentum = groups, workers, momentum
        self.buffers = [[torch.zeros_like(p) for p, _ in g] for g in groups]

    @torch.no_grad()
    def step(self, lr, decay, rank):
        for n, (group, buffers) in enumerate(zip(self.groups, self.buffers)):
            if not group or n % self.workers != rank:
                continue
            stack = []
            for (p, parts), b in zip(group, buffers):
                b.mul_(self.momentum).add_(p.grad)
                stack.append((p.grad + self.momentum * b).view(parts, p.shape[0] // parts, p.shape[1]))
            update = newton_schulz(torch.cat(stack))
            scale = lr * max(1.0, update.shape[1] / update.shape[2]) ** 0.5 * (0.25 if n == 2 else 1.0)
            at = 0
            for p, parts in group:
                p.mul_(1 - lr * decay).add_(update[at:at + parts].reshape(p.shape), alpha=-scale)
                at += parts
        if self.workers > 1:
            for n, group in enumerate(self.groups):
                if not group:
                    continue
                flat = torch.cat([p.view(-1) for p, _ in group])
                dist.broadcast(flat, n % self.workers)
                if n % self.workers != rank:
                    for (p, _), new in zip(group, flat.split([p.numel() for p, _ in group])):
                        p.view(-1).copy_(new)


class Batches:
    """Conversations of like length in one batch, padded to the longest; about `size` tokens each."""

    def __init__(self, path, size, seed, rank=0, workers=1):
        data = np.load(path)
        self.ids, self.mask, lengths = data["ids"], data["mask"], data["lengths"]
        self.start = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.lengths, self.size, self.rng = lengths, size, random.Random(seed)
        self.rank, self.workers = rank, workers

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
            cuts = cuts[:len(cuts) // self.workers * self.workers]
            for c in cuts[self.rank::self.workers]:
                yield self.tensor(c)

    def tensor(self, batch):
        longest = max(self.lengths[i] for i in batch)
        ids, mask = np.zeros((len(batch), longest), np.int64), np.zeros((len(batch), longest), bool)
        for row, i in enumerate(batch):
            s, n = self.start[i], self.lengths[i]
            ids[row, :n], mask[row, :n] = self.ids[s:s + n], self.mask[s:s + n]
        return torch.from_numpy(ids), torch.from_numpy(mask)


def groups(model):
    attention = [(w, 3) for w in model.qkv] + [(w, 1) for w in model.out]
    return [attention, [(w, 2) for w in model.gate_up], [(model.tie, 1)], [(w, 1) for w in model.down]]


def work(rank, a):
    torch.set_num_threads(1)
    if a.workers > 1:
        dist.init_process_group("gloo", init_method="file://" + os.path.abspath(a.out) + ".sync", rank=rank, world_size=a.workers)
    torch.manual_seed(a.seed)
    c = Config(layers=a.layers)
    model = Phi3(c)
    muon = Muon(groups(model), a.workers)
    norms = [w for w in model.parameters() if w.dim() == 1]
    # the head's own part moves slowly: Adam would blow up the faint gradients of rare words and drown what `tie` knows
    adam = torch.optim.AdamW([{"params": [model.embd], "f": 1.0}, {"params": norms, "f": 1.0},
                              {"params": [model.lm_head], "f": 0.25, "betas": (0.9, 0.999), "weight_decay": 0.8}],
                             lr=a.adam, betas=(0.9, 0.99), eps=1e-10, weight_decay=0.0)
    step = seen = 0
    spent = 0.0
    if a.resume and os.path.exists(a.out):
        state = torch.load(a.out)
        model.load_state_dict(state["model"], strict=False)
        if len(state["adam"]["param_groups"]) == len(adam.param_groups):
            adam.load_state_dict(state["adam"])
        step, seen, spent = state["step"], state["seen"], state["spent"]
    first = step
    batches = Batches(a.data, a.batch // a.workers, a.seed + step, rank, a.workers)
    began = time.time() - spent
    saved = shown = time.time()
    done, sums, last_seen, params = spent / (a.minutes * 60), [0.0, 0], seen, list(model.parameters())

    def save():
        torch.save({"config": c.dict(), "model": model.state_dict(), "adam": adam.state_dict(), "step": step, "seen": seen,
                    "spent": time.time() - began, "loss": sums[0] / max(1, sums[1])}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)

    while True:
        for ids, mask in batches.epoch():
            if done >= 1:
                if rank == 0:
                    save()
                    print(f"finished: {step} steps, {seen} tokens, {(time.time() - began) / 60:.1f} minutes", flush=True)
                return
            rate = min(1.0, (step - first + 1) / 60) * max(0.0, min(1.0, (1 - done) / a.decay))
            model.fake_quant = done >= a.quant_from
            select = mask[:, 1:].reshape(-1)
            logits = model(ids[:, :-1], select=select)
            loss = F.cross_entropy(logits, ids[:, 1:].reshape(-1)[select])
            loss.backward()
            n = int(select.sum())
            # gradients, the sums for the log and the clock of worker 0 travel in one vector
            extra = torch.tensor([(time.time() - began) / (a.minutes * 60) if rank == 0 else 0.0, loss.item() * n, n, int((ids != 0).sum())])
            flat = torch.cat([p.grad.view(-1) for p in params] + [extra])
            if a.workers > 1:
                dist.all_reduce(flat)
                flat[:-4] /= a.workers
                for p, g in zip(params, flat[:-4].split([p.numel() for p in params])):
                    p.grad = g.view(p.shape)
            done, total, count, tokens = flat[-4:].tolist()
            if not math.isfinite(total):
                raise SystemExit("loss is not finite")
            for g in adam.param_groups:
                g["lr"] = a.adam * rate * g["f"]
            muon.step(a.muon * rate, 0.05, rank)
            adam.step()
            model.zero_grad(set_to_none=True)
            step, seen = step + 1, seen + int(tokens)
            sums = [sums[0] + total, sums[1] + count]
            if step % 20 == 0:
                now = time.time()
                if rank == 0:
                    print(f"{done:6.1%} step {step} tokens {seen} loss {sums[0] / sums[1]:.4f} {(seen - last_seen) / (now - shown):.0f} tok/s"
                          f"{' q4' if model.fake_quant else ''}", flush=True)
                sums, shown, last_seen = [0.0, 0], now, seen
            if rank == 0 and time.time() - saved > 180:
                save()
                saved = time.time()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="build/corpus.npz")
    p.add_argument("--out", default="build/last.pt")
    p.add_argument("--minutes", type=float, default=80)
    p.add_argument("--batch", type=int, default=4096, help="tokens per step, all workers together")
    p.add_argument("--muon", type=float, default=0.02)
    p.add_argument("--adam", type=float, default=0.004)
    p.add_argument("--decay", type=float, default=0.6, help="share of the run in which the rate falls to zero")
    p.add_argument("--quant-from", type=float, default=0.75, help="share of the run after which weights are 4-bit")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=2, help="processes of one thread each: faster than threads, which wait for each other")
    p.add_argument("--layers", type=int, default=Config.layers)
    p.add_argument("--resume", action="store_true")
    a = p.parse_args()
    if os.path.exists(a.out + ".sync"):
        os.remove(a.out + ".sync")
    if a.workers > 1:
        torch.multiprocessing.spawn(work, (a,), a.workers)
    else:
        work(0, a)


if __name__ == "__main__":
    main()
