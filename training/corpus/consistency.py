"""Rules over the grammar of the stories. The corpus throws away what breaks one, and the evaluation counts with the same ones.

- a name belongs to one character: it is brought in once, and nobody else is brought in by the same name;
- nobody does something to themselves by a mix-up of names ("Ann pulled Ann out"), or thanks or calls themselves;
- who is asked answers: a question is not answered by the one who asked it;
- who speaks has been in the story before;
- a character keeps the pronoun that goes with girl, boy, woman or man;
- a thing keeps its adjective, and what is found lies where it was put.
"""
import re
from collections import Counter

from . import lexicon, lexicon_pt

LEX = {"en": lexicon, "pt": lexicon_pt}
NAMES = {"en": frozenset(lexicon.GIRLS + lexicon.BOYS + lexicon.PETS),
         "pt": frozenset(lexicon_pt.GIRLS + lexicon_pt.BOYS + lexicon_pt.PETS["f"] + lexicon_pt.PETS["m"])}
SAY = {"en": "said|asked|cried|called|laughed|whispered|shouted", "pt": "disse|perguntou|respondeu|gritou|riu|chamou"}
KIN = {"en": r"Mom|Dad|Grandma|Grandpa|Aunt May|Uncle Bill", "pt": r"Mamãe|Papai|Vovó|Vovô"}
INTRO = {"en": r"\b(\w+) (?:named|called) ([A-Z]\w+)", "pt": r"\b(\w+) chamad[oa] ([A-ZÁÉÍÓÚ]\w+)"}
GENDER = {"en": {"girl": "f", "woman": "f", "boy": "m", "man": "m", "queen": "f", "king": "m", "princess": "f", "prince": "m"},
          "pt": {"menina": "f", "senhora": "f", "menino": "m", "senhor": "m"}}
PRONOUN = {"en": {"she": "f", "he": "m"}, "pt": {"ela": "f", "ele": "m"}}


def words(text):
    return re.findall(r"[a-zà-ÿ-]+", text.lower())


def missing(text, lang, noun, verb, adj):
    lex, w = LEX[lang], set(words(text))
    return [x for x, forms in ((noun, lex.noun_forms(noun)), (verb, lex.verb_forms(verb)), (adj, lex.adjective_forms(adj))) if not w & forms]


def worst_repeat(text):
    w = words(text)
    c = Counter(zip(w, w[1:], w[2:], w[3:]))
    return max(c.values()) if c else 0


def problems(text, lang):
    """What contradicts itself, as short words; empty for a good story."""
    out, names = [], NAMES[lang]
    flat = " ".join(text.split())
    told = re.sub(r'"[^"]*"', '""', flat)  # without what is spoken
    intro = re.findall(INTRO[lang], told)
    seen = Counter(n for _, n in intro)
    out += ["two called " + n for n, k in seen.items() if k > 1]
    gender = {n: GENDER[lang][role] for role, n in intro if role in GENDER[lang]}
    for n, role in re.findall(r"\b([A-Z]\w+) was an? (?:\w+ )?(girl|boy)\b" if lang == "en" else r"\b([A-ZÁÉÍÓÚ]\w+) era uma? (menina|menino)\b", told):
        gender[n] = GENDER[lang][role]
    # nobody acts on themselves: the same name twice in one told clause
    for clause in re.split(r'[.!?;:,"]| and | but | because | for | when | if | e | mas | porque | quando ', told):
        c = Counter(w for w in re.findall(r"[A-ZÁÉÍÓÚ]\w+", re.sub(r"\b(\w+)'s\b", r"", clause)) if w in names)
        out += ["%s and %s" % (n, n) for n, k in c.items() if k > 1]
    out += ["%s and %s" % (a, a) for a, b in re.findall(r"\b([A-ZÁÉÍÓÚ]\w+) (?:and|e) ([A-ZÁÉÍÓÚ]\w+)\b", flat) if a == b and a in names]
    # speech: who asks does not answer, nobody speaks to themselves, speakers are known
    spoken = [(m.group(1), m.group(2), m.start(), m.end()) for m in
              re.finditer(r'"([^"]*)",? (?:%s) ((?:%s)|(?:[ao]s? )?[\w]+(?: \w+)?)' % (SAY[lang], KIN[lang]), flat)]
    last = None
    for speech, who, start, end in spoken:
        name = who.split()[0] if who.split()[0] in names else who
        if name in names and speech.rstrip().endswith(", %s" % name + speech.rstrip()[-1:]):
            out.append("%s speaks to %s" % (name, name))
        if name in names and not re.search(r"\b%s\b" % name, flat[:start] + (speech if re.search(r"\b(?:am|sou|chamo) %s" % name, speech) else "")):
            out.append("who is %s?" % name)
        if last and last[1] == name and last[0].endswith("?") and start - last[2] < 3 and name in names:
            out.append("%s asks and answers" % name)
        last = (speech, name, end)
    # pronouns: in a sentence that begins with he or she, after one with a single named person of the other gender
    sentences = re.split(r"(?<=[.!?]) ", told)
    for a, b in zip(sentences, sentences[1:]):
        first = words(b)[:1]
        if first and first[0] in PRONOUN[lang]:
            who = {w for w in re.findall(r"[A-ZÁÉÍÓÚ]\w+", a) if w in gender}
            others = {w for w in re.findall(r"[A-ZÁÉÍÓÚ]\w+", a) if w in names}
            if len(who) == 1 and who == others and gender[next(iter(who))] != PRONOUN[lang][first[0]] and not re.search(KIN[lang], a) and '"' not in a:
                out.append("%s is %s" % (next(iter(who)), first[0]))
    # things: one adjective of colour or kind, one place where found
    if lang == "en":
        places = re.findall(r"\bfound an? (?:\w+ )?(\w+) ((?:under|behind|near|by|next to|on|between) [a-z ]+?)[.,!]", told)
        for thing, where in places:
            again = re.findall(r'"(?:It was|I found it) ([a-z ]+?),', flat)
            out += ["found %s, then %s" % (where, x) for x in again if x != where]
    else:
        for thing, where in re.findall(r"\bachou uma? ([\wà-ÿ-]+)(?: [\wà-ÿ]+)? ((?:debaixo|atrás|na beira|perto|no meio|ao lado|em cima|entre|no canto) [a-zà-ÿ ]+?)[.,!]", told):
            out += ["found %s, then %s" % (where, x) for x in re.findall(r'"Estava ([a-zà-ÿ ]+?)"', flat) if x != where]
    return out
