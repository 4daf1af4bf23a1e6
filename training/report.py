"""report.md from report.json, baseline.json (earlier weights by the same rules), curve.json, log.json and run-notes.md;
also curve.svg. Measures nothing."""
import json
import math
import os

from evaluate import GOALS, LABELS, LANGS


def load(here, name):
    try:
        with open(os.path.join(here, name), encoding="utf-8") as f:
            return json.load(f)
    except FileNotFoundError:
        return None


def goal(key, lang, n):
    return math.ceil(GOALS[key][lang] * n - 1e-9)


def cell(v):
    return "**%d** of %d" % tuple(v) if v else "-"


def table(figures, before, lang):
    lines = ["| %s | goal | greedy | temperature 0.5, top-p 0.95 | earlier model, greedy | sampled |" % LANGS[lang], "|---|---|---|---|---|---|"]
    old = (before or {}).get(lang, {})
    for key, label in LABELS.items():
        g, s = figures["greedy"][key], figures["sampled"][key]
        lines.append("| %s | >= %d of %d | %s | %s | %s | %s |" % (label, goal(key, lang, g[1]), g[1], cell(g), cell(s),
                                                                 cell(old.get("greedy", {}).get(key)), cell(old.get("sampled", {}).get(key))))
    return lines


def short(figures):
    out = []
    for lang, modes in figures.items():
        for mode, f in modes.items():
            for key, (k, n) in f.items():
                if k < goal(key, lang, n):
                    out.append("- %s, %s: %s: %d of %d, %d short of %d." % (LANGS[lang], mode, LABELS[key], k, n, goal(key, lang, n) - k, goal(key, lang, n)))
    return out or ["Every goal above was met in both languages and both modes."]


def plot(curve, log):
    """Loss and the shares of the development set against tokens, as a small drawing."""
    width, height, left, bottom = 640, 300, 44, 34
    end = max([x["tokens"] for run in log.values() for x in run] + [p["tokens"] for p in curve])
    x = lambda t: left + (width - left - 130) * t / end
    y = lambda share: 12 + (height - bottom - 12) * (1 - share)
    top, greys = 5.0, ["#222", "#888", "#bbb"]
    keys = [("loss/%g: %s" % (top, name), greys[i % 3], [(r["tokens"], min(1, r["loss"] / top)) for r in run]) for i, (name, run) in enumerate(log.items())]
    first = len(keys)
    colours = ["#c0392b", "#e67e22", "#2471a3", "#1abc9c", "#7d3c98", "#27ae60"]
    for (lang, key, name) in (("en", "words", "words, English"), ("pt", "words", "words, Port."), ("en", "questions", "questions, English"),
                              ("pt", "questions", "questions, Port."), ("en", "consistent", "consistent, English"), ("pt", "consistent", "consistent, Port.")):
        if curve:
            keys.append((name, colours[len(keys) - first], [(p["tokens"], p["figures"][lang][key][0] / p["figures"][lang][key][1]) for p in curve]))
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">' % (width, height),
           '<rect width="100%" height="100%" fill="#fff"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        out.append('<path d="M%d %.1fH%d" stroke="#ddd"/><text x="4" y="%.1f">%d %%</text>' % (left, y(share), width - 130, y(share) + 4, share * 100))
    for i in range(5):
        t = end * i / 4
        out.append('<text x="%.1f" y="%d" text-anchor="middle">%.1f M</text>' % (x(t), height - 12, t / 1e6))
    for i, (name, colour, points) in enumerate(keys):
        if points:
            out.append('<polyline fill="none" stroke="%s" stroke-width="%s" points="%s"/>' % (
                colour, "1" if i < first else "1.8", " ".join("%.1f,%.1f" % (x(t), y(v)) for t, v in points)))
        out.append('<text x="%d" y="%d" fill="%s">%s</text>' % (width - 124, 24 + 16 * i, colour, name))
    return "\n".join(out + ["</svg>"]) + "\n"


def quote(text):
    return "> " + text.replace("\n\n", "\n>\n> ")


def samples(rows, lang):
    r = rows[lang]["greedy"]
    md = ["", "### %s" % LANGS[lang], "", "The first six stories, greedy; a sampled one; a continuation; the first eight answers.", ""]
    for x in r["stories"][:6] + rows[lang]["sampled"]["stories"][:1]:
        md += ["**%s**" % x["request"], "", quote(x["story"]), ""]
    md += ["**And then?** (after the first story)", "", quote(r["continued"][0]["continuation"]), ""]
    return md + ["- **%s** %s" % (x["question"], x["answer"]) for x in r["questions"][:8]]


def failures(rows, lang):
    r = rows[lang]["greedy"]
    wordings = sorted({x["wording"] for x in r["stories"]})
    md = ["", "### %s" % LANGS[lang], "", "All three words, by wording of the request (the first five are like ones in the corpus, the others are not):", ""]
    for k in wordings:
        part = [x for x in r["stories"] if x["wording"] == k]
        md.append("- %d of %d: %s" % (sum(not x["missing"] for x in part), len(part), part[0]["request"]))
    wrong = [x for x in r["questions"] if not x["right"]]
    md += ["", "Wrong answers (%d):" % len(wrong), ""] + ["- *%s* (%s) -> %s" % (x["question"], x["topic"], x["answer"]) for x in wrong]
    wrong = [x for x in r["outside"] if not x["right"]]
    md += ["", "Questions from outside that got another answer (%d):" % len(wrong), ""] + ["- *%s* -> %s" % (x["question"], x["answer"]) for x in wrong]
    bad = [x for x in r["stories"] if x["problems"]]
    md += ["", "Contradictions (%d):" % len(bad), ""] + ["- %s: %s" % (x["request"], "; ".join(x["problems"])) for x in bad[:20]]
    return md


def write(here):
    curve, log = load(here, "curve.json") or [], load(here, "log.json") or {}
    if log:
        with open(os.path.join(here, "curve.svg"), "w") as f:
            f.write(plot(curve, log))
    d, before = load(here, "report.json"), load(here, "baseline.json")
    md = measured(here, d, before, curve, log) if d else unmeasured(before)
    if not d:
        md += drawing(curve, log) + notes(here)
    with open(os.path.join(here, "report.md"), "w", encoding="utf-8") as f:
        f.write("\n".join(md) + "\n")


def unmeasured(before):
    """Before there are weights of this recipe: what the shipped ones do by its rules."""
    md = ["# phield-tiny: held-out evaluation", "", "Rendered by `report.py`; nothing below is edited by hand.", "",
          "**There are no weights of this recipe yet.** Those in `public/models/phield-tiny/` are older, speak English only, and were made by the recipe that "
          "[report-earlier.md](report-earlier.md) tells of. By the rules of this folder (`make baseline`, 200 unseen triples, ten wordings of which five are unlike any in the corpus):", ""]
    for lang, modes in before.items():
        md += ["| %s, shipped weights | goal | greedy | temperature 0.5, top-p 0.95 |" % LANGS[lang], "|---|---|---|---|"]
        for key, label in LABELS.items():
            n = modes["greedy"][key][1]
            md.append("| %s | >= %d of %d | %s | %s |" % (label, goal(key, lang, n), n, cell(modes["greedy"][key]), cell(modes["sampled"][key])))
        md += ["", "What falls short of the goals:", ""] + short({lang: modes})
    return md


def drawing(curve, log):
    if not log:
        return []
    md = ["", "![Loss and figures against tokens](curve.svg)", "",
          "Loss is that of the training batches; shares, where there are any, are of 40 triples and the development questions, greedy, 4-bit weights.", ""]
    for name, run in log.items():
        md += ["- %s: %s" % (name, ", ".join("%.2f M %.2f" % (p["tokens"] / 1e6, p["loss"]) for p in run))]
    if curve:
        cols = [("words", "en"), ("words", "pt"), ("consistent", "en"), ("consistent", "pt"), ("questions", "en"), ("questions", "pt"), ("memory", "en"), ("memory", "pt")]
        md += ["", "| tokens | loss | " + " | ".join("%s %s" % c for c in cols) + " |", "|---" * (len(cols) + 2) + "|"]
        md += ["| %.2f M | %.3f | " % (p["tokens"] / 1e6, p["loss"]) + " | ".join("%d/%d" % tuple(p["figures"][l][k]) for k, l in cols) + " |" for p in curve]
    return md


def notes(here):
    path = os.path.join(here, "run-notes.md")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return ["", f.read().strip()]


def measured(here, d, before, curve, log):
    md = ["# phield-tiny: held-out evaluation", "",
          "Measured with `make report` on 4-bit weights read back from the shards. Nothing below is edited by hand.", ""]
    md += ["These are the weights in `public/models/phield-tiny/`." if d["shipped"] else
           "**These weights are not shipped**: they are those of an unfinished run. In `public/models/phield-tiny/` are still the weights that the "
           "last columns call the earlier model.", ""]
    for lang in LANGS:
        md += table(d["figures"][lang], before, lang) + [""]
    md += ["- 200 triples a language, never seen together; ten wordings of the request, five of them unlike any in the corpus.",
           "- A word counts as present in any form of the generator's own tables (jump, jumped; bonito, bonita).",
           "- The earlier model speaks English only, and was asked the same English requests; its answers about Phield are judged by today's facts.",
           "- `corpus/build.py` leaves out every held-out triple, and every question that contains a held-out one, case and punctuation aside.",
           "", "## Model and run", "", "| | |", "|---|---|"] + ["| %s | %s |" % kv for kv in d["model"].items()]
    md += drawing(curve, log) + notes(here)
    md += ["", "## What fell short", ""] + short(d["figures"])
    md += ["", "## What went wrong, greedy"]
    for lang in LANGS:
        md += failures(d["rows"], lang)
    md += ["", "## Samples, unedited"]
    for lang in LANGS:
        md += samples(d["rows"], lang)
    return md


if __name__ == "__main__":
    write(os.path.dirname(os.path.abspath(__file__)))
