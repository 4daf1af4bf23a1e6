"""Mixes the conversations, checks that nothing held out gets in, and turns them into ids the way MLC does."""
import argparse
import random
import re

import numpy as np

from . import heldout, questions, smalltalk, stories
from .lexicon import ADJECTIVES, NOUN_INFO, VERBS

SYSTEM = "You are Phield, a small helpful model that runs on this device."
OTHER_SYSTEMS = [
    "You are a helpful digital assistant. Please provide safe, ethical and accurate information to the user.",
    "You are a helpful assistant.", "You tell stories.", "Be brief and kind.", "You are a friendly helper.",
    "Answer in simple English.", "You are a storyteller for children.", "You help people with Phield.",
]


def triples(seed, n, avoid=frozenset()):
    """n random (noun, verb, adjective) triples: the held-out ones come from here, fixed by their seed."""
    rng, out = random.Random(seed), []
    while len(out) < n:
        t = (rng.choice(sorted(NOUN_INFO)), rng.choice(sorted(VERBS)), rng.choice(sorted(ADJECTIVES)))
        if len(set(t)) == 3 and t not in out and t not in avoid:
            out.append(t)
    return out


TEST_TRIPLES = triples(20001, 100)
DEV_TRIPLES = triples(20002, 100, frozenset(TEST_TRIPLES))
FORBIDDEN_TRIPLES = frozenset(TEST_TRIPLES) | frozenset(DEV_TRIPLES)


def plain(text):
    """Case and punctuation taken away: what 'the same question' means for the held-out check."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


FORBIDDEN_QUESTIONS = {plain(q) for s in (heldout.TEST, heldout.DEV) for q in s.values()}


def question_turn(rng, topic=None):
    topic = topic or rng.choice(TOPIC_LIST)
    while True:
        q = questions.ask(topic, rng)
        if not any(f in plain(q) for f in FORBIDDEN_QUESTIONS if len(f.split()) > 2) and plain(q) not in FORBIDDEN_QUESTIONS:
            return q, questions.answer(topic)


TOPIC_LIST = sorted(questions.TOPICS)


def conversation(rng):
    r = rng.random()
    if r < 0.40:
        turns = stories.conversation(rng, FORBIDDEN_TRIPLES)
        if rng.random() < 0.08:
            turns = turns + [question_turn(rng) if rng.random() < 0.6 else smalltalk.chat(rng)]
        return turns
    if r < 0.80:
        turns = [question_turn(rng) for _ in range(rng.choice([1, 2, 3, 4]))]
        if rng.random() < 0.12:
            turns.insert(rng.randrange(len(turns) + 1), smalltalk.out_of_scope(rng) if rng.random() < 0.6 else smalltalk.chat(rng))
        if rng.random() < 0.05:
            turns += stories.conversation(rng, FORBIDDEN_TRIPLES)
        return turns
    if r < 0.88:
        facts = [smalltalk.fact(rng)]
        if rng.random() < 0.25:
            other = smalltalk.fact(rng)
            if other[2].split()[:2] != facts[0][2].split()[:2] and other[3].split()[1] != facts[0][3].split()[1]:
                facts.append(other)
        turns = [(f[0], f[1]) for f in facts]
        for _ in range(rng.choice([0, 0, 1, 2])):
            turns.append(rng.choice([smalltalk.chat, smalltalk.out_of_scope, question_turn])(rng))
            if turns[-1][1] == smalltalk.NAMELESS_A:
                turns.pop()
        if rng.random() < 0.08:
            turns += stories.conversation(rng, FORBIDDEN_TRIPLES)[:1]
        rng.shuffle(facts)
        return turns + [(f[2], f[3]) for f in facts]
    if r < 0.97:
        return [smalltalk.echo(rng) for _ in range(rng.choice([1, 2, 3]))]
    return [smalltalk.chat(rng) if rng.random() < 0.5 else smalltalk.out_of_scope(rng) for _ in range(rng.choice([1, 1, 2]))]


def system(rng):
    r = rng.random()
    return SYSTEM if r < 0.8 else "" if r < 0.87 else None if r < 0.9 else rng.choice(OTHER_SYSTEMS)


def pieces(system_text, turns):
    """The strings MLC tokenises one by one (no <|end|> after the system text); the last answer may be None."""
    out = [] if system_text is None else ["<|system|>\n" + system_text]
    for user, assistant in turns:
        out.append("<|user|>\n%s<|end|>\n" % user)
        out.append("<|assistant|>\n" if assistant is None else "<|assistant|>\n%s<|end|>\n" % assistant)
    return out


def encode(tok, system_text, turns):
    """(ids, mask): mask is 1 where the token belongs to an answer and is to be predicted."""
    ids, mask = [1], [0]
    for text in pieces(system_text, turns):
        part = tok.encode(text, add_special_tokens=False).ids
        ids += part
        mask += [0] + [1] * (len(part) - 1) if text.startswith("<|assistant|>") else [0] * len(part)
    return ids, mask


def build(tok, seed, tokens, max_len=640):
    rng, all_ids, all_mask, lengths, total = random.Random(seed), [], [], [], 0
    while total < tokens:
        ids, mask = encode(tok, system(rng), conversation(rng))
        if len(ids) > max_len:
            continue
        all_ids += ids
        all_mask += mask
        lengths.append(len(ids))
        total += len(ids)
    return np.array(all_ids, np.uint16), np.array(all_mask, np.uint8), np.array(lengths, np.int32)


def main():
    from tokenizers import Tokenizer
    p = argparse.ArgumentParser()
    p.add_argument("--tokenizer", default="../public/models/phield-tiny/tokenizer.json")
    p.add_argument("--out", default="build/corpus.npz")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--tokens", type=int, default=12_000_000)
    a = p.parse_args()
    ids, mask, lengths = build(Tokenizer.from_file(a.tokenizer), a.seed, a.tokens)
    np.savez(a.out, ids=ids, mask=mask, lengths=lengths)
    print(f"{len(lengths)} conversations, {len(ids)} tokens, {mask.mean():.2f} of them answers, longest {lengths.max()}")


if __name__ == "__main__":
    main()
