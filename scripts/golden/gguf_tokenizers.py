"""Ids of the nasty corpus by the libraries that define each splitting: the Rust `tokenizers` library for byte-level BPE,
`sentencepiece` itself for pieces with scores. The models' own vocabularies cannot be had where this is built, so small
ones are trained here with the same pre-tokenizers; what a GGUF file would hold of each is written beside the ids.

    pip install tokenizers==0.23.3 sentencepiece==0.2.1
    python scripts/golden/gguf_tokenizers.py > src/tokenizer/testing/gguf-tokenizers-golden.json
"""
import io
import json
import sys

import sentencepiece
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

VOCAB = 700
TEXTS = json.load(open("src/tokenizer/testing/nasty-texts.json"))
PROSE = open("bench/documents/corpus/almanac.txt").read()[:60_000]

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
EDGE = r"[^\r\n\p{L}\p{N}]?"


def split(regex):
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(regex), "isolated"), byte_level])


# As tokenizer.json of Llama 3, Qwen2, GPT-4o (Phi-4-mini) and SmolLM2 has them.
SPLITTINGS = {
    "llama-bpe": (split(rf"{CONTRACTIONS}|{EDGE}\p{{L}}+|\p{{N}}{{1,3}}|{REST}"), None, True),
    "qwen2": (split(rf"{CONTRACTIONS}|{EDGE}\p{{L}}+|\p{{N}}|{REST}"), normalizers.NFC(), False),
    "gpt-4o": (
        split(
            rf"{EDGE}{UPPER}*{LOWER}+{CONTRACTIONS}?|{EDGE}{UPPER}+{LOWER}*{CONTRACTIONS}?|\p{{N}}{{1,3}}"
            r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
        ),
        None,
        False,
    ),
    "smollm": (
        pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
        ),
        None,
        False,
    ),
}


def byte_level(pre):
    pre_tokenizer, normalizer, ignore_merges = SPLITTINGS[pre]
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer:
        tokenizer.normalizer = normalizer
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=VOCAB, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator([PROSE, *TEXTS], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = [token for token, _ in sorted(model["vocab"].items(), key=lambda item: item[1])]
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]
    # With ignore_merges a whole word that is a token needs no merges: one that they never lead to.
    if ignore_merges:
        tokens += [token for token in ("Hello", "world", "ĠconexÃ£o") if token not in tokens]
        rest = json.loads(tokenizer.to_str())
        rest["model"]["vocab"] = {token: i for i, token in enumerate(tokens)}
        tokenizer = Tokenizer.from_str(json.dumps(rest))
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in TEXTS]
    return {"model": "gpt2", "pre": pre, "tokens": tokens, "merges": merges, "types": [1] * len(tokens), "ids": ids}


def pieces():
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([line for text in [PROSE, *TEXTS] for line in text.split("\n") if "\0" not in line]),
        model_writer=out,
        vocab_size=VOCAB,
        model_type="bpe",
        byte_fallback=True,
        character_coverage=0.98,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        split_digits=True,
        allow_whitespace_only_pieces=True,
        minloglevel=2,
    )
    spm = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    count = spm.get_piece_size()
    kind = lambda i: 2 if spm.is_unknown(i) else 3 if spm.is_control(i) else 6 if spm.is_byte(i) else 1
    return {
        "model": "llama",
        "pre": "default",
        "tokens": [spm.id_to_piece(i) for i in range(count)],
        "scores": [spm.get_score(i) for i in range(count)],
        "types": [kind(i) for i in range(count)],
        "ids": [spm.encode(text) for text in TEXTS],
    }


json.dump([*map(byte_level, SPLITTINGS), pieces()], sys.stdout, ensure_ascii=True, separators=(",", ":"))
print()
