"""Which pieces of the vocabulary are forms of one word: the start of the embedding makes use of it."""
from . import stories
from .lexicon_pt import agree


def families():
    """Sets of written forms that share a stem."""
    for lang, lex in stories.LEX.items():
        nouns, _, adjectives = stories.WORDS[lang]
        for v, forms in lex.VERBS.items():
            yield [v] + [forms[k] for k in ("past", "ing", "third", "they", "was") if k in forms]
        for n in nouns:
            yield [n, lex.plural(n)]
        for a in adjectives:
            yield [a, agree(a, "f")] if lang == "pt" else [a]


def kin(tokenizer):
    """For each id (stem, word): pieces that differ in case or in the space before them are one word."""
    stem_of = {}
    for family in families():
        root = next((stem_of[w] for w in family if w in stem_of), family[0])
        for w in family:
            stem_of.setdefault(w, root)
    stems, words, out = {}, {}, []
    for i in range(tokenizer.get_vocab_size()):
        piece = tokenizer.id_to_token(i)
        word = piece.lstrip("\u2581").lower() or piece
        stem = stem_of.get(word, word)
        out.append((stems.setdefault(stem, len(stems)), words.setdefault(word, len(words))))
    return out
