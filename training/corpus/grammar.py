"""A small template language: {a|b} picks one, [slot] is filled from the story's cast, "" is dropped."""
import re

from .lexicon import ADJECTIVES, BOYS, CODE_OF_CATEGORY, GIRLS, NOUN_INFO, NOUNS, PETS, VERBS, article, plural

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"\[(\w+)\]")


def pick(text, rng):
    """Resolve every {a|b|c}, innermost first."""
    while True:
        m = _CHOICE.search(text)
        if not m:
            return text
        text = text[:m.start()] + rng.choice(m.group(1).split("|")) + text[m.end():]


def tidy(text):
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r" ([,.!?])", r"\1", text).strip()
    return re.sub(r'(^|[.!?] |\n)("?)([a-z])', lambda m: m.group(1) + m.group(2) + m.group(3).upper(), text)


PRONOUNS = {"f": ("she", "her", "her"), "m": ("he", "him", "his"), "n": ("it", "it", "its")}
HELPERS = ["Mom", "Dad", "Grandma", "Grandpa"]
THINGS = ["box", "bag", "cup", "basket", "bottle", "hat"]
FOODS = ["soup", "cake", "apple", "pie", "cookie", "pear"]


class Cast:
    """Who and what a story is about; fills the slots."""

    def __init__(self, rng, noun, verb, adj, animal_hero=False, linked=False):
        self.rng, self.noun, self.verb, self.adj = rng, noun, verb, adj
        self.category, self.kind = NOUN_INFO[noun]
        self.codes = ADJECTIVES[adj]
        self.animal_hero = animal_hero
        if animal_hero:
            gender, self.hero, self.friend = rng.choice("fm"), *rng.sample(PETS, 2)
            self.friend_gender = rng.choice("fm")
        else:
            gender = rng.choice("fm")
            self.hero = rng.choice(GIRLS if gender == "f" else BOYS)
            self.friend_gender = rng.choice("fm")
            self.friend = rng.choice([n for n in (GIRLS if self.friend_gender == "f" else BOYS) if n != self.hero])
        self.gender = gender
        self.helper = rng.choice(HELPERS)
        self.guest = rng.choice([a for a in NOUNS["animal"].split()[:30] if a != noun])
        self.fits = bool(set(self.codes) & set(CODE_OF_CATEGORY[self.category]))
        self.adj_done = False
        # how the adjective comes in: before the noun, as a sentence about it, or about somebody or something else
        if self.fits:
            self.mode = rng.choice(["attr", "attr", "pred", "pred"] + ([] if linked else ["other"]))
        else:
            self.mode = "attr" if linked else "other"
        self.text = ""

    def phrase(self, form):
        v = VERBS[self.verb]
        word = self.verb if form == "base" else v[form]
        seen = re.search(r"\b%s\b" % re.escape(self.noun), self.text) is not None
        if seen and self.category in v["cats"] and not (self.animal_hero and self.category == "animal") and self.rng.random() < 0.5:
            return "%s the %s" % (word, self.noun)
        tails = [t for t in v["tails"] if self.noun not in t.split() and self.adj not in t.split()]
        return (word + " " + self.rng.choice(tails or [""])).strip()

    def a(self, words):
        if self.kind == "mass" and self.category == "sky":
            return words
        if self.kind == "mass":
            return "some " + words
        if self.kind == "unique":
            return "the " + words
        return article(words) + " " + words

    def adjective_sentence(self):
        rng, adj, codes = self.rng, self.adj, self.codes
        the = "[H]" if self.animal_hero else "the [N]"
        if self.mode == "attr":
            return pick("{||It was so %s!|Nobody had ever seen such [aAN].}" % adj, rng) if not self.animal_hero and self.kind == "count" else ""
        if self.mode == "pred":
            return pick("{%s was very %s.|%s was %s.|%s looked so %s!}" % (the, adj, the, adj, the, adj), rng)
        if self.adj_done:
            return ""
        self.adj_done = True
        options = []
        if "f" in codes:
            options += ["[H] felt %s that day." % adj, "That made [H] very %s." % adj, "[H] was %s." % adj]
        if "t" in codes:
            options += ["[H] was very %s." % adj, "Everyone said that [H] was %s." % adj]
        if "b" in codes and "o" not in codes:
            options += ["[H] was still very %s." % adj]
        if "w" in codes:
            options += ["It was a %s day." % adj, "The day was %s." % adj]
        if "o" in codes:
            t = rng.choice([x for x in THINGS if x != self.noun])
            options += ["[H] had a %s %s." % (adj, t), "[H] had a %s %s with [him]." % (adj, t), "[M] had given [him] a %s %s." % (adj, t)]
        if "e" in codes and not options:
            t = rng.choice([x for x in FOODS if x != self.noun])
            options += ["[M] had made a %s %s for [him]." % (adj, t), "[H] had a %s %s to eat." % (adj, t)]
        if "p" in codes and not options:
            options += ["[H] lived in a %s town." % adj, "[H] came from a %s place." % adj, "There was a %s street in that town." % adj]
        return re.sub(r"\ba (?=%s )" % adj, article(adj) + " ", pick(rng.choice(options), rng))

    def slot(self, name):
        he, him, his = PRONOUNS[self.gender]
        fhe, fhim, fhis = PRONOUNS[self.friend_gender]
        adj_noun = "%s %s" % (self.adj, self.noun) if self.mode == "attr" else self.noun
        if name in ("V", "Ved", "Ving"):
            return self.phrase({"V": "base", "Ved": "past", "Ving": "ing"}[name])
        if name == "ADJ1":  # where nobody else is known yet
            return "" if self.mode == "other" else self.adjective_sentence()
        if name == "ADJX":
            return self.adjective_sentence() if self.mode == "other" else ""
        simple = {
            "H": self.hero, "F": self.friend, "M": self.helper, "he": he, "him": him, "his": his, "He": he.title(), "His": his.title(),
            "fhe": fhe, "fhim": fhim, "fhis": fhis, "Fhe": fhe.title(), "N": self.noun, "Ns": self.noun if self.kind != "count" else plural(self.noun),
            "aN": self.a(self.noun), "AN": adj_noun, "aAN": self.a(adj_noun), "G": self.guest, "aG": article(self.guest) + " " + self.guest,
            "child": "girl" if self.gender == "f" else "boy", "fchild": "girl" if self.friend_gender == "f" else "boy",
            "adj": self.adj, "ADJ": None,
        }[name]
        return self.adjective_sentence() if simple is None else simple

    def fill(self, line):
        line = pick(line, self.rng)
        out, pos = "", 0
        while True:
            m = _SLOT.search(line, pos)
            if not m:
                break
            value = self.slot(m.group(1))
            line = line[:m.start()] + value + line[m.end():]
            pos = m.start() if "[" in value else m.start() + len(value)
            self.text += " " + value
        return line
