"""Trains phield-tiny on the CPU: Muon for the matrices, AdamW for the rest, answers only in the loss, 4-bit fake quantisation
for the last part of the run. One pass over the corpus in an order that the seed fixes. Safe to interrupt: runs/last.pt holds
everything, and --resume goes on with the next batch. The rate is flat until the last part of --tokens, so that a run may be
made longer or shorter until then."""
import argparse
import json
import math
import os
import random
import time

os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F

from tokenizers import Tokenizer

from corpus.kin import kin
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
        self.stages = data["stages"]  # how many conversations come first, then, and last
        self.lengths, self.size, self.rng = lengths, size, random.Random(seed)
        self.rank, self.workers = rank, workers

    def epoch(self, skip=0):
        order, made = [], 0
        for count in self.stages:
            stage = list(range(len(order), len(order) + count))
            self.rng.shuffle(stage)
            order += stage
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
                made += 1
                if made > skip:
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
    torch.set_num_threads(a.threads)
    if a.workers > 1:
        dist.init_process_group("gloo", init_method="file://" + os.path.abspath(a.out) + ".sync", rank=rank, world_size=a.workers)
    torch.manual_seed(a.seed)
    tokenizer = Tokenizer.from_file(a.tokenizer)
    c = Config(hidden=a.hidden, heads=a.hidden // 96, layers=a.layers, ffn=a.ffn, vocab=tokenizer.get_vocab_size())
    model = Phi3(c, kin(tokenizer))
    muon = Muon(groups(model), a.workers)
    norms = [w for w in model.parameters() if w.dim() == 1]
    # the head's own part moves slowly: Adam would blow up the faint gradients of rare words and drown what `tie` knows
    adam = torch.optim.AdamW([{"params": [model.embd], "f": 1.0}, {"params": norms, "f": 1.0},
                              {"params": [model.lm_head], "f": 0.25, "betas": (0.9, 0.999), "weight_decay": 0.8}],
                             lr=a.adam, betas=(0.9, 0.99), eps=1e-10, weight_decay=0.0, fused=True)
    step = seen = since = 0
    spent = 0.0
    if a.resume and os.path.exists(a.out):
        state = torch.load(a.out)
        model.load_state_dict(state["model"])
        adam.load_state_dict(state["adam"])
        for buffers, saved in zip(muon.buffers, state["muon"]):
            for b, s in zip(buffers, saved):
                b.copy_(s)
        step, seen, spent = state["step"], state["seen"], state["spent"]
        # A corpus that is new to the run is begun at its beginning.
        since = state.get("since", 0) if state.get("data", a.data) == a.data else step
    first = step
    batches = Batches(a.data, a.batch // a.workers, a.seed, rank, a.workers)
    began = time.time() - spent
    saved = shown = time.time()
    sums, last_seen, params = [0.0, 0], seen, list(model.parameters())
    mark = seen // a.keep

    def save():
        """Worker 0 writes; the momentum that other workers own comes to it first."""
        if a.workers > 1:
            for n, buffers in enumerate(muon.buffers):
                for b in buffers:
                    dist.broadcast(b, n % a.workers)
        if rank:
            return
        torch.save({"config": c.dict(), "model": model.state_dict(), "adam": adam.state_dict(), "muon": muon.buffers, "step": step,
                    "seen": seen, "spent": time.time() - began, "loss": loss_now, "data": a.data, "since": since}, a.out + ".tmp")
        os.replace(a.out + ".tmp", a.out)

    loss_now = clock = 0.0
    for ids, mask in batches.epoch(skip=step - since):
        done = seen / a.tokens if not a.minutes else clock
        if done >= 1:
            break
        rate = min(1.0, (step - first + 1) / 40) * max(0.0, min(1.0, (1 - done) / a.decay))
        model.fake_quant = done >= a.quant_from
        select = mask[:, 1:].reshape(-1)
        logits = model(ids[:, :-1], select=select)
        loss = F.cross_entropy(logits, ids[:, 1:].reshape(-1)[select])
        loss.backward()
        n = int(select.sum())
        # gradients and the sums for the log travel in one vector
        extra = torch.tensor([loss.item() * n, n, float((ids != 0).sum()), (time.time() - began) / 60 / (a.minutes or 1) if rank == 0 else 0.0])
        if a.workers > 1:
            flat = torch.cat([p.grad.view(-1) for p in params] + [extra])
            dist.all_reduce(flat)
            flat[:-4] /= a.workers
            for p, g in zip(params, flat[:-4].split([p.numel() for p in params])):
                p.grad = g.view(p.shape)
            extra = flat[-4:]
        total, count, tokens, clock = extra.tolist()
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
            now, loss_now = time.time(), sums[0] / sums[1]
            if rank == 0:
                line = {"step": step, "tokens": seen, "loss": round(loss_now, 4), "minutes": round((now - began) / 60, 2),
                        "tokens/s": round((seen - last_seen) / (now - shown)), "rate": round(rate, 3), "4 bits": model.fake_quant}
                print(json.dumps(line), flush=True)
            sums, shown, last_seen = [0.0, 0], now, seen
        if step % 100 == 0 or seen // a.keep > mark:
            save()
        if seen // a.keep > mark:
            mark = seen // a.keep
            if rank == 0:  # what the learning curve is measured on
                torch.save({"config": c.dict(), "model": {k: v.half() for k, v in model.state_dict().items()}, "seen": seen, "step": step,
                            "spent": time.time() - began, "loss": loss_now}, os.path.join(os.path.dirname(a.out), "at-%05.1fM.pt" % (seen / 1e6)))
    save()
    if rank == 0:
        print(f"finished: {step} steps, {seen} tokens, {(time.time() - began) / 60:.1f} minutes", flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="runs/corpus.npz")
    p.add_argument("--tokenizer", default="../public/models/phield-tiny/tokenizer.json")
    p.add_argument("--out", default="runs/last.pt")
    p.add_argument("--tokens", type=float, default=15.5e6, help="length of the run")
    p.add_argument("--minutes", type=float, default=0, help="let the clock and not the tokens end the run; to compare sizes")
    p.add_argument("--batch", type=int, default=2048, help="tokens per step, all workers together")
    p.add_argument("--muon", type=float, default=0.02)
    p.add_argument("--adam", type=float, default=0.004)
    p.add_argument("--decay", type=float, default=0.5, help="share of the run in which the rate falls to zero")
    p.add_argument("--quant-from", type=float, default=0.8, help="share of the run after which weights are 4-bit")
    p.add_argument("--keep", type=int, default=1_000_000, help="weights are kept every so many tokens, for the learning curve")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--workers", type=int, default=2, help="processes; they share a batch")
    p.add_argument("--threads", type=int, default=1, help="of each process")
    p.add_argument("--hidden", type=int, default=Config.hidden)
    p.add_argument("--layers", type=int, default=Config.layers)
    p.add_argument("--ffn", type=int, default=Config.ffn)
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
