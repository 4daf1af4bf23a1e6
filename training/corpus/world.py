"""What a story is about: who is in it, what they are, where things lie. It fills the slots of a plot, so that a name stays
one character with one pronoun, a thing keeps its place and its adjective, and the asked verb keeps its complement."""
import re

from . import lexicon as en, lexicon_pt as pt

_CHOICE = re.compile(r"\{([^{}]*)\}")
_SLOT = re.compile(r"\[(\w+)(?::([^\]]*))?\]")


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
    return re.sub(r'(^|[.!?:] |[.!?]" |\n)("?)([a-zà-ü])', lambda m: m.group(1) + m.group(2) + (
        m.group(3) if m.group(1).endswith('" ') and not m.group(2) else m.group(3).upper() if not m.group(1).startswith(":") or m.group(2) else m.group(3)), text)


BAD = {"en": set("""lazy silly greedy grumpy naughty stubborn careless bossy selfish rude foolish mischievous clumsy fearful shy sad angry scared
        lonely jealous nervous worried bored upset confused embarrassed tired sleepy hungry thirsty afraid mad anxious ashamed miserable
        frightened sorry ugly dirty weak noisy""".split()),
       "pt": set("""preguiçoso tímido bobo guloso bravo travesso teimoso mandão egoísta atrevido distraído medroso orgulhoso triste zangado
        assustado sozinho nervoso preocupado entediado confuso cansado sonolento faminto ansioso envergonhado aflito feio sujo fraco barulhento""".split())}
NOT_PEOPLE = {"en": set("spotted striped heavy light rough furry fluffy fuzzy wet dry thick soft muddy".split()),
              "pt": set("listrado pesado leve pintado peludo redondo molhado seco macio fofo".split())}
PEOPLE_F = set("queen princess fairy witch sister grandma aunt girl".split())
PEOPLE_M = set("king prince wizard knight brother grandpa uncle boy fireman postman fisherman".split())
EN_PLACES = ["under the old oak", "behind the house", "near the river", "under the bridge", "behind the barn", "by the well", "next to the road",
             "under a bush", "on the stone wall", "by the gate", "between two rocks", "near the mill"]
PT_PLACES = ["debaixo da mangueira", "atrás da casa", "na beira do rio", "debaixo da ponte", "perto do poço", "no meio do capim", "ao lado do portão",
             "em cima do muro", "atrás do galpão", "entre duas pedras", "perto da fonte", "no canto do quintal"]


def friends(pool):
    """The names that only friends have."""
    return pool[:4] if len(pool) > 12 else pool[:3]


def hero(pool, rng):
    return rng.choice(pool[len(friends(pool)):])


def companion(pool, rng):
    """A friend's name comes from a few that no hero has, one of them likelier than the others. Drawn from all names, each was
    one in fifty, and a model that had learnt to copy found the hero's own name likelier than any of them; with three of its
    own for each hero it still did, where it was not sure which three."""
    few = friends(pool)
    return rng.choices(few, (4, 3, 2, 2)[:len(few)])[0]


class World:
    """English."""
    lang, lex = "en", en
    places = EN_PLACES

    def __init__(self, rng, noun, verb, adj, plot):
        self.rng, self.noun, self.verb, self.adj, self.plot = rng, noun, verb, adj, plot
        self.category, self.kind = self.lex.NOUN_INFO[noun]
        self.codes = self.lex.ADJECTIVES[adj]
        text = plot.text
        self.animal = "[ANIMAL]" in text or "[OPENF]" in text
        self.person = "[PERSON]" in text
        self.fits = bool(set(self.codes) & set(self.lex.CODE_OF_CATEGORY[self.category])) and not (
            self.category == "person" and ("e" in self.codes or adj in NOT_PEOPLE[self.lang]))
        self.attr = self.fits and ("AN]" in text or self.animal or self.person) and "[ADJ0]" not in text
        self.place = rng.choice(self.places)
        self.cast()
        self.tail = self.choose_tail()
        self.side = self.choose_side()

    def cast(self):
        rng, text = self.rng, self.plot.text
        pet_friend = re.search(r"\[(aG|AG)\] (called|named) \[F\]|\[F\], \[aG\]", text) or '"I am [F]," it said' in text
        self.g = "f" if self.noun in PEOPLE_F else "m" if self.noun in PEOPLE_M else rng.choice("fm")
        self.fg = rng.choice("fm")
        self.hero = hero(en.PETS if self.animal else en.GIRLS if self.g == "f" else en.BOYS, rng)
        self.friend = companion(en.PETS if pet_friend or (self.animal and "[OPENF]" not in text) else en.GIRLS if self.fg == "f" else en.BOYS, rng)
        self.helper, self.mg = rng.choice([("Mom", "f"), ("Dad", "m"), ("Grandma", "f"), ("Grandpa", "m"), ("Aunt May", "f"), ("Uncle Bill", "m")])
        self.guest = rng.choice([a for a in en.NOUNS["animal"].split()[:36] if a != self.noun])

    def choose_tail(self):
        v = self.lex.VERBS[self.verb]
        tails = [t for t in v["tails"] if self.noun not in t.split() and self.adj not in t.split()] or [""]
        return self.rng.choice(tails)

    def choose_side(self):
        """The thing that carries the adjective when the noun can not: (kind, word)."""
        rng, codes = self.rng, self.codes
        if self.attr:
            return None
        if "f" in codes:
            return ("feel", "")
        if "t" in codes or ("b" in codes and "o" not in codes):
            return ("trait", "")
        if "w" in codes:
            return ("day", "")
        if "e" in codes and ("o" not in codes or rng.random() < 0.4):
            return ("food", rng.choice([x for x in ("apple", "pear", "cookie", "cake", "pie", "plum") if x != self.noun]))
        if "o" in codes:
            return ("thing", rng.choice([x for x in ("box", "bag", "cup", "basket", "bottle", "hat") if x != self.noun]))
        return ("town", rng.choice([x for x in ("town", "street", "place") if x != self.noun]))

    # words
    def a(self, words):
        if self.kind == "mass":
            return words if self.category == "sky" else "some " + words
        return ("the " if self.kind == "unique" else en.article(words) + " ") + words

    def phrase(self, form):
        v = en.VERBS[self.verb]
        return ((self.verb if form == "base" else v[form]) + " " + self.tail).strip()

    def adj_early(self):
        rng, a = self.rng, self.adj
        if self.attr:
            if self.animal or self.person:
                return ""
            return pick("{|||The [N] was really %s.|[H] had never seen such [aAN].}" % a, rng) if self.kind == "count" else ""
        kind, word = self.side
        x = en.article(a) + " " + a
        return pick({"feel": "{[H] was %s.|[H] felt %s that day.|That day, [H] was very %s.}" % (a, a, a),
                     "trait": "{[H] was very %s.|Everyone said that [H] was %s.|[H] was a %s [child0].}" % (a, a, a),
                     "day": "{It was %s day.|It was a very %s day.|The day was %s.}" % (x, a, a),
                     "food": "{[H] had %s %s to eat.|[H] had %s %s in [his] pocket.|[M] gave [him] %s %s.}" % (x, word, x, word, x, word),
                     "thing": "{[H] had %s %s with [him].|[H] had %s %s.|[M] had given [him] %s %s.}" % (x, word, x, word, x, word),
                     "town": "{[H] lived in %s %s.|It was %s %s.}" % (x, word, x, word)}[kind], rng).replace(" a " + a, " " + x)

    def adj_late(self):
        rng, a = self.rng, self.adj
        if rng.random() < 0.45:
            return ""
        bad = a in BAD["en"]
        if self.attr and not (self.animal or self.person):
            return pick("{[H] never forgot the [AN].|[H] still thinks of the [AN].|Such [aAN] is hard to forget.}", rng) if self.kind == "count" else ""
        kind, word = self.side or ("trait" if "t" in self.codes or "b" in self.codes else "feel", "")
        return pick({"feel": "{[H] was not %s any more.|Nobody needs to be %s for long.}" % (a, a) if bad else "{So [H] was %s again.|[H] felt really %s.}" % (a, a),
                     "trait": "{After that, [H] was not so %s any more.|Nobody said again that [H] was %s.}" % (a, a) if bad else "{It is good to be %s.|[H] was really %s.}" % (a, a),
                     "day": "What %s day!" % (en.article(a) + " " + a), "food": "Then they ate the %s %s together." % (a, word),
                     "thing": "{[H] gave the %s %s to [F].|[F] got the %s %s as a present.}" % (a, word, a, word),
                     "town": "The whole %s talked about it." % word}[kind], rng)

    def pronoun(self, g, i):
        return {"f": ("she", "her", "her"), "m": ("he", "him", "his"), "n": ("it", "it", "its")}[g][i]

    def slot(self, name, arg):
        an = "%s %s" % (self.adj, self.noun) if self.attr else self.noun
        child = lambda g: "girl" if g == "f" else "boy"
        p = self.pronoun
        if name in ("V", "V3", "Ved", "Ving"):
            return self.phrase({"V": "base", "V3": "base", "Ved": "past", "Ving": "ing"}[name])
        if name == "OPENC":
            name = "OPEN"
        if name in ("OPEN", "OPENF", "ANIMAL", "PERSON", "SKILL", "TURN", "TOGETHER", "END"):
            return self.rng.choice(self.pools[name])
        if name in ("ADJ", "ADJ0"):
            return self.adj_early()
        if name == "PAY":
            return self.adj_late()
        the = self.noun if self.kind == "mass" and self.category == "sky" else "the " + self.noun
        table = {"H": self.hero, "F": self.friend, "M": self.helper, "he": p(self.g, 0), "him": p(self.g, 1), "his": p(self.g, 2),
                 "fhe": p(self.fg, 0), "fhim": p(self.fg, 1), "fhis": p(self.fg, 2), "him2": p(self.fg, 1), "N": self.noun, "Ns": en.plural(self.noun), "aN": self.a(self.noun),
                 "theN": the, "aAN": self.a(an), "AN": an, "theAN": the if self.kind != "count" else self.a(an), "P": self.place,
                 "G": self.guest, "aG": en.article(self.guest) + " " + self.guest, "child": child(self.g), "fchild": child(self.fg),
                 "fgrown": "woman" if self.fg == "f" else "man", "child0": child(self.g) if not (self.animal or self.person) else self.noun,
                 "ExAN": "What %s!" % (an if self.kind != "count" else self.a(an)), "It": "It", "After": "After that", "P2": self.place, "aNcap": self.a(self.noun)[0].upper() + self.a(self.noun)[1:], "ANs": en.plural(self.noun)}
        low = name[0].lower() + name[1:]
        return table[name] if name in table else table[low][0].upper() + table[low][1:]

    def fill(self, text):
        text = pick(text, self.rng)
        while True:
            m = _SLOT.search(text)
            if not m:
                return text
            value = pick(self.slot(m.group(1), m.group(2)), self.rng)
            text = text[:m.start()] + value + text[m.end():]

    def tell(self):
        text = self.plot.text
        if self.side and "[OPENF]" not in text:  # what is not about the noun is said where its owner comes in
            text = re.sub(r"(\[(?:OPENC?|ANIMAL|PERSON)\])", r"\1 [ADJ]", text.replace("[ADJ]", "").replace("[ADJ0]", ""))
        if self.side and "[OPENF]" in text:  # there the hero has no name yet, so it is about the friend
            early = self.adj_early().replace("[H]", "[F]").replace("[him]", "[fhim]").replace("[his]", "[fhis]")
            text = text.replace("[ADJ]", "").replace("[PAY]", "").replace("[OPENF]", "[OPENF] " + early)
        return tidy(self.fill(text))

    def line(self, text):
        return tidy(self.fill(text))

    def who(self, name):
        """Who somebody in the story is."""
        if name == self.hero:
            kind = ("[aAN]" if self.lang == "en" else "[umAN]") if self.animal or self.person else ("a " if self.lang == "en" else "") + ("[child]" if self.lang == "en" else "[ummenino]")
            return self.line("[H] is %s who likes to [V]." % kind if self.lang == "en" else "[H] é %s que gosta de [V]." % kind)
        if self.lang == "en":
            return self.line("[F] is the one %s." % self.plot.who if self.animal or "[aG]" in self.plot.text or "[AG]" in self.plot.text else "[F] is the %s %s." % ("[fgrown]" if "[fgrown]" in self.plot.text else "[fchild]", self.plot.who))
        if name == self.pet and "[FG]" in self.plot.text:
            return self.line("[FG] é o bicho %s." % self.plot.who)
        grown = ("senhora" if self.fg == "f" else "senhor") if "[umfgrande]" in self.plot.text else "[fmenino]"
        return self.line("[F] é %s %s %s." % ("a" if self.fg == "f" else "o", grown, self.plot.who))

    def names(self):
        """Hero and friend, as the story has them."""
        return [self.hero, self.pet if self.lang == "pt" and "[FG]" in self.plot.text else self.friend]

    pools = {
        "OPEN": ["{Once upon a time,|Long ago,|One day|Once} there was a {|little |young }[child] named [H].", "Once there was a [child] {called|named} [H].",
                 "[H] was a {|little |young }[child] who lived {near the woods|in a small town|by the sea|on a hill|on a farm|at the end of the road}.",
                 "In a {little|quiet|small} {town|village} lived a [child] named [H].", "There once was a [child] {named|called} [H].",
                 "This is the story of a [child] {named|called} [H].", "Far away, behind the hills, lived a [child] named [H].",
                 "Do you know [H]? [H] was a [child] from a {small town|village by the sea}."],
        "OPENF": ["{Once upon a time,|Once} there was a {|little }[fchild] named [F].", "[F] was a [fchild] who lived {near the woods|by the sea|on a farm}.",
                  "In a {little|quiet} village lived a [fchild] named [F]."],
        "ANIMAL": ["{Once upon a time,|Long ago,|Once} there was [aAN] named [H].", "In the {woods|green valley|old forest} lived [aAN] {named|called} [H].",
                   "[H] was [aAN] who lived {near the woods|by the lake|on a hill|under an old tree}.", "This is the story of [aAN] {named|called} [H]."],
        "PERSON": ["{Once upon a time,|Long ago,|Once} there was [aAN] named [H].", "In a {little|small} town lived [aAN] {named|called} [H].",
                   "[H] was [aAN] who lived {by the sea|in an old town|on a hill}."],
        "SKILL": ["[H] loved to [V].", "{Every morning|Every day}, [H] liked to [V].", "More than anything, [H] loved to [V].", "What [H] liked best was to [V].",
                  "[Ving] made [H] happy.", "[H] could [V] better than anyone.", "Nobody could [V] like [H]."],
        "TURN": ["[H] took a deep breath and [Ved]. {That helped.|It was just the right thing.}", "First [H] [Ved], and that made it easier.", "\"I will [V],\" said [H]. And so [he] [Ved].",
                 "\"It helps to [V],\" said [H], and [he] [Ved].", "[H] [Ved], for that gave [him] courage.", "So [H] began to [V]. [He] [Ved], and everyone looked up.",
                 "\"Watch me [V]!\" said [H]. [He] [Ved], and it helped."],
        "TOGETHER": ["Then they [Ved] together.", "[H] and [F] [Ved] and laughed.", "They [Ved] until it was time to go home.", "\"Now let us [V]!\" said [F]."],
        "END": ["From that day on, they were {best|good} friends.", "It was a day that [H] never forgot.", "And so the day ended well.", "[H] smiled all the way home.",
                "And they were friends ever after.", "That night, [H] slept well.", "And [H] and [F] met every day after that.", "[H] was proud and glad."],
    }


class WorldPt(World):
    """Brazilian Portuguese."""
    lang, lex, places = "pt", pt, PT_PLACES

    def cast(self):
        rng = self.rng
        self.ng = pt.GENDER[self.noun]
        self.g = self.ng if self.animal or self.category == "person" else rng.choice("fm")
        self.fg = rng.choice("fm")
        self.hero = hero(pt.PETS[self.g] if self.animal else pt.GIRLS if self.g == "f" else pt.BOYS, rng)
        self.friend = companion(pt.GIRLS if self.fg == "f" else pt.BOYS, rng)
        self.guest = rng.choice([a for a in pt.NOUN_INFO if pt.NOUN_INFO[a][0] == "animal" and a != self.noun][:40])
        self.gg = pt.GENDER[self.guest]
        self.pet = companion(pt.PETS[self.gg], rng)
        self.helper, self.mg = rng.choice([("a mamãe", "f"), ("o papai", "m"), ("a vovó", "f"), ("o vovô", "m"), ("a tia Lu", "f"), ("o tio Zé", "m")])

    def choose_side(self):
        kind, word = super().choose_side() or (None, None)
        if kind is None:
            return None
        word = {"food": ["maçã", "pera", "bolo", "pão", "doce"], "thing": ["caixa", "bolsa", "copo", "chapéu", "cesta"],
                "town": ["cidade", "rua", "vila"]}.get(kind)
        return (kind, self.rng.choice([w for w in word if w != self.noun]) if word else "")

    def art(self, word, gender, kind="count"):
        return ("um pouco de " if kind == "mass" else {"m": "o ", "f": "a "}[gender] if kind == "unique" else {"m": "um ", "f": "uma "}[gender]) + word

    def phrase(self, form):
        v = pt.VERBS[self.verb]
        word = {"base": self.verb, "past": v["past"], "they": v["they"], "ing": v["ing"],
                "if": {"fazer": "fizer", "trazer": "trouxer", "dar": "der"}.get(self.verb, self.verb)}[form]
        return (word + " " + self.tail).strip()

    def noun_adj(self, noun, gender):
        a = pt.agree(self.adj, gender)
        return "%s %s" % (a, noun) if self.adj in pt.BEFORE else "%s %s" % (noun, a)

    def adj_early(self):
        rng = self.rng
        if self.attr:
            if self.animal or self.person:
                return ""
            return pick("{|||[OVN] era mesmo %s.|[H] nunca tinha visto nada tão %s.}" % (pt.agree(self.adj, self.ng), self.adj), rng) if self.kind == "count" else ""
        kind, word = self.side
        a = pt.agree(self.adj, self.g)
        if word:
            x = self.art(self.noun_adj(word, pt.GENDER[word]), pt.GENDER[word])
        return pick({"feel": "{[H] estava %s.|Naquele dia, [H] estava muito %s.|[H] se sentia %s.}" % (a, a, a),
                     "trait": "{[H] era muito %s.|Todos diziam que [H] era %s.}" % (a, a),
                     "day": "{Era um dia %s.|O dia estava %s.|Fazia um dia muito %s.}" % (self.adj, self.adj, self.adj),
                     "food": "{[H] tinha %s para comer.|[H] levava %s no bolso.}" % ((x,) * 2) if word else "",
                     "thing": "{[H] tinha %s.|[H] sempre levava %s.|[H] ganhou %s [dM].}" % ((x,) * 3) if word else "",
                     "town": "{[H] morava em %s.|Tudo isso foi em %s.}" % ((x,) * 2) if word else ""}[kind], rng)

    def adj_late(self):
        rng = self.rng
        if rng.random() < 0.45:
            return ""
        bad, a = self.adj in BAD["pt"], pt.agree(self.adj, self.g)
        if self.attr and not (self.animal or self.person):
            return pick("{[H] nunca esqueceu [oAN].|[H] ainda lembra [doAN].}", rng) if self.kind == "count" else ""
        kind, word = self.side or ("trait", "")
        the = ("%s %s" % ({"m": "o", "f": "a"}[pt.GENDER[word]], self.noun_adj(word, pt.GENDER[word]))) if word else ""
        return pick({"feel": "{[H] já não estava %s.|Ninguém precisa ficar %s para sempre.}" % (a, self.adj) if bad else "{[H] ficou %s de novo.|E [H] ficou muito %s.}" % (a, a),
                     "trait": "{Depois disso, [H] já não era tão %s.|Ninguém mais chamou [H] de %s.}" % (a, a) if bad else "{É bom ser %s.|[H] era mesmo %s.}" % (self.adj, a),
                     "day": "Que dia %s!" % self.adj, "food": "Depois dividiram %s." % the, "thing": "{[H] deu %s de presente para [FF].|No fim, [H] guardou %s com carinho.}" % (the, the),
                     "town": "Todo mundo por ali falou disso."}[kind], rng)

    def slot(self, name, arg):
        if name in ("V", "V3", "Vu", "Vram", "Vndo"):
            return self.phrase({"V": "base", "V3": "if", "Vu": "past", "Vram": "they", "Vndo": "ing"}[name])
        if name == "OPENC":
            name = "OPEN"
        if name in ("OPEN", "OPENF", "ANIMAL", "PERSON", "SKILL", "TURN", "TOGETHER", "TOGETHERG", "END"):
            return self.rng.choice(self.pools[name])
        if name in ("ADJ", "ADJ0"):
            return self.adj_early()
        if name == "PAY":
            return self.adj_late()
        if arg:
            both = "f" if self.g == self.fg == "f" else "m"
            g = {"H": self.g, "F": self.fg, "N": self.ng, "G": self.gg, "HF": both, "M": self.mg}[name]
            return arg.split("/")[g == "f"]
        o, ng = {"m": "o", "f": "a"}, self.ng
        an = self.noun_adj(self.noun, ng) if self.attr else self.noun
        child = lambda g: "menina" if g == "f" else "menino"
        table = {"H": self.hero, "F": self.friend, "FG": self.pet, "FF": self.pet if "[FG]" in self.plot.text and "[F]" not in self.plot.text else self.friend, "M": self.helper, "dM": ("da " if self.mg == "f" else "do ") + self.helper[2:],
                 "ele": "ela" if self.g == "f" else "ele", "N": self.noun, "umN": self.art(self.noun, ng, self.kind), "umNp": self.art(self.noun, ng),
                 "oN": o[ng] + " " + self.noun, "OVN": o[ng] + " " + self.noun, "doN": "d" + o[ng] + " " + self.noun, "umAN": self.art(an, ng, self.kind),
                 "oAN": o[ng] + " " + an, "doAN": "d" + o[ng] + " " + an, "P": self.place, "G": self.guest, "umG": self.art(self.guest, self.gg), "UmG": self.art(self.guest, self.gg)[0].upper() + self.art(self.guest, self.gg)[1:], "aoN": {"m": "ao ", "f": "à "}[ng] + self.noun,
                 "menino": child(self.g), "fmenino": child(self.fg), "umfmenino": self.art(child(self.fg), self.fg),
                 "ummenino": self.art(child(self.g), self.g), "UmFmenino": "Uma menina" if self.fg == "f" else "Um menino", "umfgrande": "uma senhora" if self.fg == "f" else "um senhor",
                 "amigo": "sua amiga" if self.fg == "f" else "seu amigo", "AmigoC": "A amiga" if self.fg == "f" else "O amigo"}
        return table[name] if name in table else table[name.lower()][0].upper() + table[name.lower()][1:]

    pools = {
        "OPEN": ["Era uma vez [ummenino] chamad[H:o/a] [H].", "{Há muito tempo|Numa cidade pequena|Perto do mar|No alto de um morro|Numa fazenda}, vivia [ummenino] chamad[H:o/a] [H].",
                 "[H] era [ummenino] que morava {perto do rio|numa vila|perto da praia|no fim da rua|numa fazenda}.", "Esta é a história de [ummenino] chamad[H:o/a] [H].",
                 "Você conhece [H]? [H] era [ummenino] {do interior|de uma vila perto do mar}."],
        "OPENF": ["Era uma vez [umfmenino] chamad[F:o/a] [F].", "[F] era [umfmenino] que morava {perto do rio|numa fazenda|na beira da mata}."],
        "ANIMAL": ["Era uma vez [umAN] chamad[H:o/a] [H].", "{Na mata|No bosque|Perto do lago|Na beira do rio} vivia [umAN] chamad[H:o/a] [H].",
                   "[H] era [umAN] que morava {perto do rio|no meio da mata|debaixo de uma árvore}.", "Esta é a história de [umAN] chamad[H:o/a] [H]."],
        "PERSON": ["Era uma vez [umAN] chamad[H:o/a] [H].", "{Numa cidade pequena|Perto do mar|Há muito tempo} vivia [umAN] chamad[H:o/a] [H].",
                   "[H] era [umAN] que morava {numa cidade antiga|perto do mar|no alto de um morro}."],
        "SKILL": ["[H] adorava [V].", "Todo dia, [H] gostava de [V].", "O que [H] mais gostava era de [V].", "[H] sabia [V] como ninguém.", "Ninguém gostava tanto de [V] como [H].",
                  "Para [H], nada era melhor do que [V]."],
        "TURN": ["[H] respirou fundo e [Vu]. {Isso ajudou.|Era a coisa certa.}", "Primeiro [H] [Vu], e tudo ficou mais fácil.", "\"Eu vou [V]\", disse [H]. E foi assim que [ele] [Vu].",
                 "\"Ajuda muito [V]\", disse [H], e [Vu].", "[H] [Vu], porque isso dava coragem.", "Então [H] começou a [V]. [Ele] [Vu], e todos olharam.", "\"Vou [V] um pouco\", disse [H]. [Ele] [Vu], e deu certo."],
        "TOGETHER": ["Depois [Vram] junt[HF:os/as].", "[H] e [F] [Vram] e riram.", "[H] e [F] [Vram] até a hora de ir para casa.", "\"Agora vamos [V]!\", disse [F]."],
        "TOGETHERG": ["[H] e [FG] [Vram] e riram.", "\"Agora vamos [V]!\", disse [FG]."],
        "END": ["Desde aquele dia, a amizade só cresceu.", "Foi um dia que [H] nunca esqueceu.", "E assim o dia acabou bem.", "[H] voltou para casa sorrindo.", "Naquela noite, [H] dormiu bem.",
                "E a alegria foi geral.", "[H] ficou muito content[H:e/e].", "E tudo terminou bem."],
    }


class Plot:
    def __init__(self, block):
        head, *lines = block.strip().splitlines()
        cats, self.who = head.lstrip("# ").split(" | ")
        self.cats, self.text = set(cats.split()), " ".join("\n\n" if l == "//" else l for l in lines)


def load(path):
    with open(path, encoding="utf-8") as f:
        return [Plot(b) for b in f.read().split("\n\n# ")]
