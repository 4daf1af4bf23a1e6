"""Mixes the conversations, checks that nothing held out gets in, and turns them into ids the way MLC does."""
import argparse
import os
import random
import re

import numpy as np

from . import heldout, questions, smalltalk, stories

SYSTEM = "You are Phield, a small helpful model that runs on this device."
SYSTEM_PT = "Você é o Phield, um pequeno modelo prestativo que roda neste aparelho."
OTHER_SYSTEMS = [
    "You are a helpful digital assistant. Please provide safe, ethical and accurate information to the user.",
    "You are a helpful assistant.", "You tell stories.", "Be brief and kind.", "You are a friendly helper.",
    "Answer in simple English.", "You are a storyteller for children.", "You help people with Phield.",
    "Você é um assistente prestativo.", "Você conta histórias.", "Responda em português simples.",
]


def triples(lang, seed, n, avoid=frozenset()):
    """n random (noun, verb, adjective) triples: the held-out ones come from here, fixed by their seed."""
    rng, out = random.Random(seed), []
    while len(out) < n:
        t = tuple(rng.choice(words) for words in stories.WORDS[lang])
        if len(set(t)) == 3 and t not in out and t not in avoid:
            out.append(t)
    return out


TEST_TRIPLES = {lang: triples(lang, seed, 200) for lang, seed in (("en", 20001), ("pt", 20003))}
DEV_TRIPLES = {lang: triples(lang, seed, 100, frozenset(TEST_TRIPLES[lang])) for lang, seed in (("en", 20002), ("pt", 20004))}
FORBIDDEN_TRIPLES = {lang: frozenset(TEST_TRIPLES[lang]) | frozenset(DEV_TRIPLES[lang]) for lang in heldout.LANGS}


def plain(text):
    """Case and punctuation taken away: what 'the same question' means for the held-out check."""
    return " ".join(re.findall(r"[a-z0-9à-ÿ]+", text.lower()))


FORBIDDEN = {plain(q) for part in heldout.QUESTIONS.values() for qs in part.values() for q in qs.values()} | {plain(q) for qs in heldout.OUTSIDE.values() for q in qs}
LONG = [f for f in FORBIDDEN if len(f.split()) > 2]


# Words that say nothing of what is asked.
EMPTY = set("the a an to is are was of my this i do does did in it its for can could may me you your on what how which would will must please hi hello hey tell"
            " o a os as um uma de do da dos das no na nos nas e em para pra por que qual é eu me você vc seu sua meu minha isso este esta se com posso pode oi olá".split())
NEAR = [words for words in ({w for w in f.split() if w not in EMPTY} for f in FORBIDDEN) if len(words) > 1]


def near(q):
    """Whether three in five of the words that matter, of both together, are those of a held-out question."""
    words = {w for w in q.split() if w not in EMPTY}
    return any(5 * len(words & held) >= 3 * len(words | held) for held in NEAR)


def allowed(turn):
    q = plain(turn[0])
    return q not in FORBIDDEN and not any(f in q for f in LONG) and not near(q)


def question_turn(lang, rng):
    while True:
        topic = rng.choice(questions.TOPICS)
        turn = questions.ask(topic, lang, rng), questions.answer(topic, lang)
        if allowed(turn):
            return turn


def outside_turn(lang, rng):
    while True:
        turn = smalltalk.out_of_scope(lang, rng)
        if allowed(turn):
            return turn


def conversation(rng, lang=None):
    lang = lang or rng.choice(heldout.LANGS)
    r = rng.random()
    if r < 0.34:
        turns = stories.conversation(lang, rng, FORBIDDEN_TRIPLES[lang])
        if rng.random() < 0.06:
            turns = turns + [question_turn(lang, rng) if rng.random() < 0.6 else smalltalk.chat(lang, rng)]
        return turns
    if r < 0.69:
        turns = [question_turn(lang if rng.random() < 0.97 else rng.choice(heldout.LANGS), rng) for _ in range(rng.choice([1, 2, 3, 4, 5]))]
        if rng.random() < 0.25:
            turns.insert(rng.randrange(len(turns) + 1), outside_turn(lang, rng) if rng.random() < 0.8 else smalltalk.chat(lang, rng))
        if rng.random() < 0.04:
            turns += stories.conversation(lang, rng, FORBIDDEN_TRIPLES[lang])
        return turns
    if r < 0.84:
        facts = [smalltalk.fact(lang, rng)]
        if rng.random() < 0.2:
            other = smalltalk.fact(lang, rng)
            if other[1].split()[:2] != facts[0][1].split()[:2] and other[3].split()[:3] != facts[0][3].split()[:3]:
                facts.append(other)
        turns = [(f[0], f[1]) for f in facts]
        for _ in range(rng.choice([0, 0, 1, 2])):
            turns.append(rng.choice([smalltalk.chat, outside_turn, question_turn])(lang, rng))
            if turns[-1][1] == smalltalk.NAMELESS_ANSWER[lang]:
                turns.pop()
        if rng.random() < 0.06:
            turns += stories.conversation(lang, rng, FORBIDDEN_TRIPLES[lang])[:1]
        rng.shuffle(facts)
        return turns + [(f[2], f[3]) for f in facts]
    if r < 0.86:
        return [stories.words_turn(lang, rng, FORBIDDEN_TRIPLES[lang]) for _ in range(rng.choice([1, 2, 3]))]
    if r < 0.9:
        return [smalltalk.echo(lang, rng) for _ in range(rng.choice([1, 2, 3]))]
    return [smalltalk.chat(lang, rng) if rng.random() < 0.25 else outside_turn(lang, rng) for _ in range(rng.choice([1, 1, 2]))]


def lesson(rng):
    """What the run begins with: conversations whose answers are nearly all copied, so that copying is learnt in the first
    minutes. Left to the stories, where one token in ten is a copy, it takes millions of tokens."""
    lang, r = rng.choice(heldout.LANGS), rng.random()
    if r < 0.45:
        return [stories.words_turn(lang, rng, FORBIDDEN_TRIPLES[lang]) for _ in range(rng.choice([1, 2, 3]))]
    if r < 0.8:
        return [smalltalk.echo(lang, rng) for _ in range(rng.choice([1, 2, 3, 4]))]
    fact = smalltalk.fact(lang, rng)
    return [fact[:2], fact[2:]]


def half(rng):
    """Then half and half, lest what was learnt about copying is lost among everything else that is new."""
    return lesson(rng) if rng.random() < 0.6 else conversation(rng)


def system(rng):
    r = rng.random()
    return SYSTEM if r < 0.74 else SYSTEM_PT if r < 0.8 else "" if r < 0.87 else None if r < 0.9 else rng.choice(OTHER_SYSTEMS)


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


def build(tok, seed, tokens, source=conversation, max_len=640):
    rng, all_ids, all_mask, lengths, total = random.Random(seed), [], [], [], 0
    while total < tokens:
        ids, mask = encode(tok, system(rng), source(rng))
        if len(ids) > max_len:
            continue
        all_ids += ids
        all_mask += mask
        lengths.append(len(ids))
        total += len(ids)
    return np.array(all_ids, np.uint16), np.array(all_mask, np.uint8), np.array(lengths, np.int32)


def part(job):
    from tokenizers import Tokenizer
    path, seed, tokens, source = job
    return build(Tokenizer.from_file(path), seed, tokens, source)


def main():
    from concurrent.futures import ProcessPoolExecutor
    p = argparse.ArgumentParser()
    p.add_argument("--tokenizer", default="../public/models/phield-tiny/tokenizer.json")
    p.add_argument("--out", default="runs/corpus.npz")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--tokens", type=int, default=15_500_000)
    p.add_argument("--lessons", type=int, default=400_000, help="tokens of lessons in copying before everything else")
    p.add_argument("--half", type=int, default=1_600_000, help="tokens of lessons and conversations after them")
    p.add_argument("--parts", type=int, default=16, help="pieces with seeds of their own, made side by side: fixed, so that every machine makes the same corpus")
    p.add_argument("--workers", type=int, default=2)
    a = p.parse_args()
    os.makedirs(os.path.dirname(a.out) or ".", exist_ok=True)
    jobs = [(a.tokenizer, 1000 * a.seed + 999, a.lessons, lesson)]
    jobs += [(a.tokenizer, 1000 * a.seed + 998, a.half, half)]
    rest = a.tokens - a.lessons - a.half
    jobs += [(a.tokenizer, 1000 * a.seed + i, rest // a.parts, conversation) for i in range(a.parts)]
    with ProcessPoolExecutor(a.workers) as pool:
        made = list(pool.map(part, jobs))
    ids, mask, lengths = (np.concatenate(x) for x in zip(*made))
    stages = [len(made[0][2]), len(made[1][2]), len(lengths) - len(made[0][2]) - len(made[1][2])]
    with open(a.out + ".part", "wb") as f:  # under its name only when it is whole: what is there is not made again
        np.savez(f, ids=ids, mask=mask, lengths=lengths, stages=stages)
    os.replace(a.out + ".part", a.out)
    print(f"{len(lengths)} conversations, {len(ids)} tokens, {mask.mean():.2f} of them answers, longest {lengths.max()}")


if __name__ == "__main__":
    main()
