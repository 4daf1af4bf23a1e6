"""Text from an MLC folder, one sequence at a time: greedy, or temperature and top-p with a seed."""
import os

import torch
from tokenizers import Tokenizer

import quantise
from corpus import build


class Writer:
    def __init__(self, folder, checkpoint=None):
        self.tok = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.model = quantise.rounded(checkpoint) if checkpoint else quantise.read(folder)
        self.stop = {2} | {self.tok.token_to_id(t) for t in ("<|endoftext|>", "<|assistant|>", "<|end|>")}

    def prompt(self, turns, system=build.SYSTEM):
        """[(user, answer), ..., (user, None)] -> ids, exactly as MLC's template makes them."""
        return build.encode(self.tok, system, turns)[0]

    @torch.no_grad()
    def ids(self, prompt, limit=256, temperature=0.0, top_p=0.95, seed=0, gaps=None):
        """New ids without the stop id, and whether a stop id came."""
        c = self.model.c
        limit = min(limit, c.context - len(prompt))
        cache, rng, out = [None] * c.layers, torch.Generator().manual_seed(seed), []
        step = torch.tensor([prompt])
        while len(out) < limit:
            logits = self.model(step, cache=cache)[0, -1]
            if gaps is not None:
                top = logits.topk(2).values
                gaps.append(float(top[0] - top[1]))
            if temperature <= 0:
                token = int(logits.argmax())
            else:
                token = self.draw(logits, temperature, top_p, rng)
            if token in self.stop:
                return out, True
            out.append(token)
            step = torch.tensor([[token]])
        return out, False

    @torch.no_grad()
    def texts(self, conversations, system=build.SYSTEM, limit=256, temperature=0.0, top_p=0.95, seeds=None, rows=32):
        """Many conversations side by side: (text, ended, tokens) for each. Shorter prompts are padded at the beginning,
        which changes nothing: only distances between positions count."""
        out = [None] * len(conversations)
        prompts = [self.prompt(turns, system) for turns in conversations]
        order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
        for at in range(0, len(order), rows):
            live = order[at:at + rows]
            longest = max(len(prompts[i]) for i in live)
            step = torch.tensor([[0] * (longest - len(prompts[i])) + prompts[i] for i in live])
            pad = torch.tensor([longest - len(prompts[i]) for i in live])
            new, ended = [[] for _ in live], [False] * len(live)
            rngs = [torch.Generator().manual_seed(seeds[i] if seeds else 0) for i in live]
            cache = [None] * self.model.c.layers
            for _ in range(min(limit, self.model.c.context - longest)):
                logits = self.model(step, cache=cache, pad=pad)[:, -1]
                tokens = logits.argmax(-1).tolist() if temperature <= 0 else [self.draw(l, temperature, top_p, r) for l, r in zip(logits, rngs)]
                for k, token in enumerate(tokens):
                    if not ended[k] and token in self.stop:
                        ended[k] = True
                    elif not ended[k]:
                        new[k].append(token)
                if all(ended):
                    break
                step = torch.tensor(tokens).unsqueeze(1)
            for k, i in enumerate(live):
                out[i] = (self.tok.decode(new[k]), ended[k], len(new[k]))
        return out

    @staticmethod
    def draw(logits, temperature, top_p, rng):
        p, order = torch.softmax(logits / temperature, -1).sort(descending=True)
        p[p.cumsum(-1) - p > top_p] = 0
        return int(order[torch.multinomial(p / p.sum(), 1, generator=rng)])

    def text(self, turns, system=build.SYSTEM, **how):
        ids, ended = self.ids(self.prompt(turns, system), **how)
        return self.tok.decode(ids), ended, len(ids)


if __name__ == "__main__":
    import sys
    w, turns = Writer(*(sys.argv[1:] or ["../public/models/phield-tiny"])), []
    for line in sys.stdin:
        answer = w.text(turns + [(line.strip(), None)])[0]
        turns.append((line.strip(), answer))
        print(answer, flush=True)
