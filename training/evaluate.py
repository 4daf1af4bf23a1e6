"""Held-out evaluation of a written MLC folder (4-bit weights, read back from the shards), or of a checkpoint.
Writes report.json and report.md; `--set dev` looks at the development set, prints what went wrong and writes nothing;
`--baseline FOLDER` measures another folder by the same rules; `--curve` measures the weights kept while training."""
import argparse
import glob
import json
import os
import re
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"

import torch

from corpus import build, consistency, heldout, questions
from generate import Writer

HERE = os.path.dirname(os.path.abspath(__file__))
LANGS = {"en": "English", "pt": "Portuguese"}
GOALS = {"words": {"en": 0.92, "pt": 0.88}, "ended": {"en": 0.98, "pt": 0.98}, "repeat": {"en": 0.98, "pt": 0.98},
         "consistent": {"en": 0.90, "pt": 0.90}, "questions": {"en": 50 / 53, "pt": 45 / 53}, "outside": {"en": 0.9, "pt": 0.9},
         "memory": {"en": 0.9, "pt": 0.9}, "continued": {"en": 0.95, "pt": 0.95}, "leaks": {"en": 1, "pt": 1}, "language": {"en": 0.98, "pt": 0.98}}
LABELS = {"words": "stories with all three words", "ended": "stories that end by themselves within 320 tokens", "repeat": "stories with no 4-gram more than 3 times",
          "consistent": "stories without a contradiction (corpus/consistency.py)", "language": "stories in the language of the request",
          "leaks": "stories without a template tag", "questions": "right answers to unseen paraphrases",
          "outside": "says that it does not know, of questions outside its knowledge", "memory": "a name told and asked for later",
          "continued": "\"What happened next?\" keeps the characters"}
NEXT = {"en": "What happened next?", "pt": "O que aconteceu depois?"}
TOLD = {"en": ("My name is %s.", "What is my name?", "Do I need an account?"), "pt": ("Meu nome é %s.", "Qual é o meu nome?", "Preciso de uma conta?")}
UNKNOWN = {"en": r"\bdo not know\b|\bdon't know\b", "pt": r"\bnão sei\b"}
OTHER_WORDS = {"en": {"uma", "não", "disse", "então", "chamado", "chamada"}, "pt": {"the", "was", "said", "and", "named"}}


def story_rows(writer, lang, triples, **how):
    rows, wordings = [], heldout.WORDINGS[lang]
    asks = [wordings[i % len(wordings)].format(n=n, v=v, a=a) for i, (n, v, a) in enumerate(triples)]
    told = writer.texts([[(ask, None)] for ask in asks], limit=320, seeds=range(1000, 1000 + len(asks)), **how)
    for i, ((n, v, a), ask, (text, ended, tokens)) in enumerate(zip(triples, asks, told)):
        w = consistency.words(text)
        rows.append({"wording": i % len(wordings), "request": ask, "story": text, "tokens": tokens, "ended": ended,
                     "missing": consistency.missing(text, lang, n, v, a), "repeat": consistency.worst_repeat(text),
                     "problems": consistency.problems(text, lang), "leak": "<|" in text,
                     "foreign": sum(x in OTHER_WORDS[lang] for x in w) > 1, "is story": len(w) > 30})
    return rows


def shares(rows):
    n = len(rows)
    return {"words": [sum(not r["missing"] for r in rows), n], "ended": [sum(r["ended"] for r in rows), n], "repeat": [sum(r["repeat"] <= 3 for r in rows), n],
            "consistent": [sum(r["is story"] and not r["problems"] for r in rows), n], "language": [sum(not r["foreign"] for r in rows), n],
            "leaks": [sum(not r["leak"] for r in rows), n]}


def answers(writer, lang, asked, **how):
    asked = sorted(asked.items())
    said = writer.texts([[(q, None)] for _, q in asked], limit=128, seeds=range(2000, 2000 + len(asked)), **how)
    return [{"topic": topic, "question": q, "answer": text, "right": bool(ended and questions.judge(topic, lang, text))}
            for (topic, q), (text, ended, _) in zip(asked, said)]


def outside(writer, lang, asked, **how):
    said = writer.texts([[(q, None)] for q in asked], limit=128, seeds=range(3000, 3000 + len(asked)), **how)
    return [{"question": q, "answer": text, "right": bool(ended and re.search(UNKNOWN[lang], text) and "Phi-3" in text)} for q, (text, ended, _) in zip(asked, said)]


def memory(writer, lang, **how):
    """A name that no training text holds, told in the first turn and asked for in a later one."""
    tell, ask, between = TOLD[lang]
    names = heldout.NAMES[lang]
    seeds = range(4000, 4000 + len(names))
    talks = [[(tell % name, None)] for name in names]
    for question in (between, ask):
        said = writer.texts(talks, seeds=seeds, **how)
        for i, (talk, (text, _, _)) in enumerate(zip(talks, said)):
            if question == ask or i % 2:  # every other time something else is asked in between
                talk[-1] = (talk[-1][0], text)
                talk.append((question, None))
    said = writer.texts(talks, seeds=seeds, **how)
    return [{"name": name, "answer": text, "right": name in text} for name, (text, _, _) in zip(names, said)]


def continuations(writer, lang, rows, **how):
    """'What happened next?' must go on with a known character, bring in no other by a known name, and not tell the story again."""
    out = []
    said = writer.texts([[(r["request"], r["story"]), (NEXT[lang], None)] for r in rows], seeds=range(5000, 5000 + len(rows)), **how)
    for r, (text, ended, _) in zip(rows, said):
        names = {w for w in re.findall(r"\b[A-ZÁÉÍÓÚ][\wà-ÿ]+\b", r["story"]) if w in consistency.NAMES[lang]}
        now = Counter(w for w in re.findall(r"\b[A-ZÁÉÍÓÚ][\wà-ÿ]+\b", text) if w in consistency.NAMES[lang])
        out.append({"story": r["story"], "continuation": text, "right": bool(ended and any(n in names for n in now) and not any(
            n not in names for n in now) and text[:60] not in r["story"])})
    return out


def one(job):
    """One language in one mode: figures and rows."""
    source, lang, part, temperature, top_p, n = job
    torch.set_num_threads(1)
    w = Writer(*source)
    triples = (build.TEST_TRIPLES if part == "test" else build.DEV_TRIPLES)[lang][:n]
    how = {"temperature": temperature, "top_p": top_p}
    rows = {"stories": story_rows(w, lang, triples, **how), "questions": answers(w, lang, heldout.QUESTIONS[part][lang], **how),
            "outside": outside(w, lang, heldout.OUTSIDE[lang], **how), "memory": memory(w, lang, **how)}
    rows["continued"] = continuations(w, lang, rows["stories"][:20], **how)
    figures = shares(rows["stories"])
    for key in ("questions", "outside", "memory", "continued"):
        figures[key] = [sum(r["right"] for r in rows[key]), len(rows[key])]
    return figures, rows


def measure(source, part, temperatures, top_p, n, langs=("en", "pt"), workers=2):
    jobs = [(source, lang, part, t, top_p, n) for lang in langs for t in temperatures]
    with ProcessPoolExecutor(workers) as pool:
        done = list(pool.map(one, jobs))
    figures, rows = {}, {}
    for (_, lang, _, t, _, _), (f, r) in zip(jobs, done):
        mode = "greedy" if t == 0 else "sampled"
        figures.setdefault(lang, {})[mode], rows.setdefault(lang, {})[mode] = f, r
    return figures, rows


def show(figures):
    for lang, modes in figures.items():
        for mode, f in modes.items():
            print(lang, mode, " ".join("%s %d/%d" % (k, *v) for k, v in f.items()), flush=True)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--folder", default="../public/models/phield-tiny")
    p.add_argument("--checkpoint", default="", help="measure these weights, as 4 bits, instead of the folder's; with the folder's tokenizer")
    p.add_argument("--run", default="runs/last.pt", help="only for the numbers of the run: tokens, loss, time")
    p.add_argument("--set", choices=["test", "dev"], default="test")
    p.add_argument("--temperature", type=float, default=0.5)
    p.add_argument("--top-p", type=float, default=0.95)
    p.add_argument("--n", type=int, default=200)
    p.add_argument("--greedy", action="store_true", help="only greedy")
    p.add_argument("--baseline", default="", help="a folder with earlier weights: baseline.json gets its figures")
    p.add_argument("--curve", action="store_true", help="curve.json: figures of the weights kept in runs/, on part of the development set")
    p.add_argument("--render", action="store_true", help="write report.md again from the JSON files, measuring nothing")
    a = p.parse_args()
    path = lambda name: os.path.join(HERE, name)

    def dump(name, value):
        with open(path(name), "w", encoding="utf-8") as f:
            json.dump(value, f, indent=1, ensure_ascii=False)
            f.write("\n")

    if not a.render:
        temperatures = [0.0] if a.greedy or a.curve else [0.0, a.temperature]
        if a.curve:
            points = []
            for kept in sorted(glob.glob(path("runs/at-*.pt"))):
                figures, _ = measure((a.folder, kept), "dev", temperatures, a.top_p, min(a.n, 40))
                state = torch.load(kept, map_location="cpu")
                points.append({"tokens": state["seen"], "loss": state["loss"], "figures": {lang: f["greedy"] for lang, f in figures.items()}})
                print(kept)
                show(figures)
                dump("curve.json", points)
            return
        if a.baseline:
            figures, _ = measure((a.baseline,), a.set, temperatures, a.top_p, a.n, ("en",))
            show(figures)
            return dump("baseline.json", figures)
        source = (a.folder, a.checkpoint) if a.checkpoint else (a.folder,)
        figures, rows = measure(source, a.set, temperatures, a.top_p, a.n)
        show(figures)
        if a.set == "dev" or a.checkpoint:
            for lang, modes in rows.items():
                for key, part in modes["greedy"].items():
                    for r in part:
                        if r.get("right") is False or r.get("missing") or r.get("problems") or r.get("ended") is False:
                            print(lang, key, json.dumps(r, ensure_ascii=False))
            return
        shipped = os.path.realpath(a.folder) == os.path.realpath(path("../public/models/phield-tiny"))
        dump("report.json", {"shipped": shipped, "figures": figures, "rows": rows, "model": describe(a)})
    import report
    report.write(HERE)


def describe(a):
    with open(os.path.join(a.folder, "tensor-cache.json")) as f:
        shards = json.load(f)["records"]
    with open(os.path.join(a.folder, "mlc-chat-config.json")) as f:
        config = json.load(f)
    w = Writer(a.folder)
    c = w.model.c
    out = {"architecture": "Phi-3: %d layers, hidden %d, %d heads x %d, FFN %d, vocabulary %d, context %d, untied lm_head" % (
               c.layers, c.hidden, c.heads, c.head_dim, c.ffn, c.vocab, c.context),
           "parameters": sum(x.numel() for x, _ in w.model.mlc_names().values()),
           "weights": "%s, %d bytes in %d shards" % (config["quantization"], sum(s["nbytes"] for s in shards), len(shards)),
           "folder": "%d bytes" % sum(os.path.getsize(os.path.join(a.folder, f)) for f in os.listdir(a.folder))}
    if os.path.exists(a.run):
        state = torch.load(a.run, map_location="cpu")
        out.update({"tokens trained": state["seen"], "steps": state["step"], "training time": "%.0f minutes, two CPU cores shared with other work" % (state["spent"] / 60),
                    "training loss at the end": "%.3f nats per answer token" % state["loss"]})
    return out


if __name__ == "__main__":
    main()
