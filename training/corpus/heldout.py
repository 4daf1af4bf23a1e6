"""What is never trained on, written before the training phrasings: paraphrases of every fact, questions from outside, names,
and wordings of requests (the first `seen_wordings` of each language are like ones in the corpus, the rest are not).
`build.py` refuses to let any of them into the corpus."""
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "heldout.json"), encoding="utf-8") as f:
    DATA = json.load(f)
LANGS = ("en", "pt")
QUESTIONS, OUTSIDE, WORDINGS, NAMES = DATA["questions"], DATA["outside"], DATA["wordings"], DATA["names"]
ALL_NAMES = frozenset(NAMES["en"]) | frozenset(NAMES["pt"])
