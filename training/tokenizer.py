"""Trains the BPE tokenizer and writes tokenizer.json in the shape of Phi-3's: byte fallback, fuse_unk,
Prepend U+2581 and Replace as the only normalisation, chat tags as added tokens at the end."""
import argparse
import json
import random

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from corpus import build, questions, smalltalk, stories, talk_pt
from corpus.lexicon_pt import agree

VOCAB = 7680
TAGS = ["<|endoftext|>", "<|assistant|>", "<|system|>", "<|end|>", "<|user|>"]
BASE = ["<unk>", "<s>", "</s>"] + ["<0x%02X>" % b for b in range(256)]
ACCENTS = "áàâãéêíóôõúüçÁÀÂÉÊÍÓÔÚÇ"


def texts(seed):
    rng = random.Random(seed)
    for _ in range(16000):
        for user, assistant in build.conversation(rng):
            yield user
            yield assistant
    for lang in ("en", "pt"):
        for topic in questions.TOPICS:  # the answers are few: make sure that their words are whole
            for _ in range(20):
                yield questions.answer(topic, lang)
        nouns, verbs, adjectives = stories.WORDS[lang]
        lex = stories.LEX[lang]
        asked = list(nouns) + list(verbs) + list(adjectives)
        words = asked + [f for v in lex.VERBS.values() for f in (v["past"], v["ing"], v.get("they", v["past"]))]
        words += [lex.plural(n) for n in nouns] if lang == "en" else [agree(a, "f") for a in adjectives]
        for w in words:
            yield " ".join([w] * 200)
        for w in asked:  # also without a space before it: in quotes, after a slash
            yield " ".join(['"%s"' % w] * 200)
        for n in lex.GIRLS + lex.BOYS:
            yield " ".join([n] * 20)
    for s in build.OTHER_SYSTEMS + [build.SYSTEM, build.SYSTEM_PT, smalltalk.FALLBACK_A, talk_pt.FALLBACK_A]:
        yield " ".join([s] * 12)


def train(seed):
    tok = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    tok.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always"),
        pre_tokenizers.Split(Regex(r"\u2581?[A-Za-zÀ-ÿ]+|\u2581?[^A-Za-zÀ-ÿ]"), "isolated"),
    ])
    alphabet = [chr(c) for c in range(33, 127)] + ["\u2581"] + list(ACCENTS)
    trainer = trainers.BpeTrainer(vocab_size=VOCAB - len(TAGS), special_tokens=BASE, initial_alphabet=alphabet,
                                  limit_alphabet=len(alphabet), show_progress=False)
    tok.train_from_iterator((t.replace("\n", " ") for t in texts(seed)), trainer)
    return json.loads(tok.to_str())["model"]


def added(i, text, rstrip):
    return {"id": i, "content": text, "single_word": False, "lstrip": False, "rstrip": rstrip, "normalized": False, "special": True}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", default="../public/models/phield-tiny")
    p.add_argument("--seed", type=int, default=7)
    a = p.parse_args()
    bpe = train(a.seed)
    vocab = bpe["vocab"]
    merges = [m if isinstance(m, str) else " ".join(m) for m in bpe["merges"]]
    assert len(vocab) == VOCAB - len(TAGS), len(vocab)
    for i, t in enumerate(TAGS):
        vocab[t] = VOCAB - len(TAGS) + i
    sp = "\u2581"
    doc = {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [added(0, "<unk>", False), added(1, "<s>", False), added(2, "</s>", True)]
        + [added(vocab[t], t, t != "<|endoftext|>") for t in TAGS],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": sp}, {"type": "Replace", "pattern": {"String": " "}, "content": sp}]},
        "pre_tokenizer": None,
        "post_processor": {"type": "TemplateProcessing",
                           "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                           "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                                    {"SpecialToken": {"id": "<s>", "type_id": 1}}, {"Sequence": {"id": "B", "type_id": 1}}],
                           "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": sp}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
        "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                  "vocab": dict(sorted(vocab.items(), key=lambda kv: kv[1])), "merges": merges},
    }
    with open(a.out + "/tokenizer.json", "w", encoding="utf-8") as f:
        json.dump(doc, f, ensure_ascii=False, indent=1)
        f.write("\n")
    config = {
        "add_bos_token": True, "add_eos_token": False, "bos_token": "<s>", "eos_token": "<|end|>", "unk_token": "<unk>",
        "pad_token": "<|endoftext|>", "clean_up_tokenization_spaces": False, "legacy": False, "model_max_length": 1024,
        "padding_side": "left", "tokenizer_class": "LlamaTokenizer", "use_default_system_prompt": False,
        "added_tokens_decoder": {str(t["id"]): {k: t[k] for k in ("content", "lstrip", "normalized", "rstrip", "single_word", "special")}
                                 for t in doc["added_tokens"]},
    }
    with open(a.out + "/tokenizer_config.json", "w", encoding="utf-8") as f:
        json.dump(config, f, indent=2)
        f.write("\n")
    tok = Tokenizer.from_file(a.out + "/tokenizer.json")
    for s in ("Tell me a story.", "caf\u00e9 \U0001f600\nnew line", "  two spaces"):
        assert tok.decode(tok.encode(s, add_special_tokens=False).ids) == s, s
    print(tok.encode("<|user|>\nTell me a story about a brave fox.<|end|>\n", add_special_tokens=False).tokens)


if __name__ == "__main__":
    main()
