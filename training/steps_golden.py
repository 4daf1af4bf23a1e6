"""Golden ids of the pre-tokenizer steps that JavaScript and Rust read differently: what a digit is, what white space is.

    pip install tokenizers==0.23.3 && python training/steps_golden.py

writes src/tokenizer/testing/steps-golden.json: one small byte-level BPE whose merges run across digits and spaces, so
that every cut shows in the ids; steps to put before it; and for each the ids that the Rust library gives.
"""
import json
import pathlib
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

TEXTS = [
    "x ½", "x ²", " ١٢", "12", "x12y345", "1 2 3", "٣٤ and 34", "Ⅻ ⅻ ①② 三十", "๑๒ ２３", "½²³ 7½", "𝟙𝟚𝟛",
    "a\u0085b", "!\u0085!", " \u0085 x", "\ufeffx \ufeff y", "!\ufeff!", "a\u00a0b\u2003c", "\u200b1\u200b2", "don't 'S we'll",
    "tab\tand\r\nline  end ", "_a_1 é2", "𓀀 👍🏽12",
]
GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": [*steps, LEVEL]}


def split(regex):
    return {"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}


STEPS = {
    "Digits, each alone (SmolLM2)": {"type": "Sequence", "pretokenizers": [
        {"type": "Digits", "individual_digits": True},
        {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}]},
    "Digits, together": sequence({"type": "Digits", "individual_digits": False}),
    "ByteLevel with its own pattern": {**LEVEL, "use_regex": True},
    "ByteLevel with a space in front": {**LEVEL, "use_regex": True, "add_prefix_space": True},
    "Split with the same pattern": sequence(split(GPT2)),
    "Split at digits, \\d": sequence(split("\\d")),
    "WhitespaceSplit": sequence({"type": "WhitespaceSplit"}),
    "Whitespace": sequence({"type": "Whitespace"}),
}

trained = Tokenizer(models.BPE())
trained.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
trained.train_from_iterator(
    [text for text in TEXTS for _ in range(3)],
    trainers.BpeTrainer(vocab_size=480, min_frequency=2, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()),
)
base = json.loads(trained.to_str())
base["decoder"] = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
cases = []
for name, step in STEPS.items():
    tokenizer = Tokenizer.from_str(json.dumps({**base, "pre_tokenizer": step}))
    cases.append({"name": name, "step": step, "ids": [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]})
target = pathlib.Path(__file__).parent.parent / "src/tokenizer/testing/steps-golden.json"
target.write_text(json.dumps({"tokenizer": base, "texts": TEXTS, "cases": cases}, ensure_ascii=True) + "\n")
print(f"{len(cases)} steps, {len(TEXTS)} texts, {target.stat().st_size} bytes")
