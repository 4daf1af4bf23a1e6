"""Requests for stories, the stories, and their continuations."""
import random
import re

from . import plots
from .grammar import Cast, pick, tidy
from .lexicon import ADJECTIVES, CODE_OF_CATEGORY, NOUN_INFO, VERBS, article

POOLS = {k: [l.strip() for l in getattr(plots, k).strip().splitlines()]
         for k in ("OPEN", "OPEN_TRAIT", "HABIT", "SOLVE", "SOLVE2", "TOGETHER", "CONTINUE")}

REQUESTS = """{Tell me|Write|Write me|Please write|Please tell me|Make up|Can you tell me|Could you write|I want|I would like|Give me|Create} a {|short |little |simple }story {with|that uses|using|that has|containing|about|that contains} the words [n], [v] and [a].
{Tell me|Write|Write me|Please write|Please tell me|Make up|Can you tell me|I would like} a {|short |little }story {with|that uses|using} the {noun|noun word} [q]n[q], the verb [q]v[q] and the adjective [q]a[q].
{Write|Tell|Tell me|Make} a {|short |little }story. {Use|It should use|It must have|Please use} the words [n], [v] and [a].
{Write|Tell me|Tell|Please write|Make up} a {|short |little }story {with|using|that has|that contains|that uses} {the words|these words:|the three words} [q]n[q], [q]v[q] and [q]a[q].
{Write|Tell me} a story. {Use|It should have} the verb [q]v[q], the noun [q]n[q] and the adjective [q]a[q].
{Noun|noun}: [n], {verb|Verb}: [v], {adjective|Adjective}: [a]
{Story|A story|Short story|story}{: |, words: | with }[n], [v], [a]
[n], [v], [a]
{Tell me|Write|Can you write|Please write} a {|short }story {with|about} [n], [v] and [a].
{Write|Tell me|Make} a {|short }story {with|using} these words: [n], [v], [a].
{Write|Tell|Make up|Tell me|Please write} a {|short |little }story in which {|the words }[q]n[q], [q]v[q] and [q]a[q] {appear|are used|occur|come up}.
{I need|Give me|Please make} a story in which the words [q]n[q], [q]v[q] and [q]a[q] {appear|are used|occur}."""

LINKED = """{Tell me|Write|Write me|Please write|Can you tell me|I want|Give me} a {|short |little }story about [aan]{ that uses the verb [v]| and use the verb [v]| with the verb [v]|. Use the verb [v]| with the word [v]}.
{Tell me|Write|Please write} a {|short |little }story {about|with} [aan]. {Use the word [v]|It should use the verb [q]v[q]|The verb is [v]}."""

ABOUT_AN = """{Tell me|Write|Write me|Please tell me|Can you tell me|Could you write|I want|Make up} a {|short |little |nice }story about [aan].
{a story about|story about|tell me about|short story about} [aan]"""
ABOUT_N = """{Tell me|Write|Write me|Please tell me|Can you tell me|Could you write|I want|Make up} a {|short |little |nice }story about [an].
{a story about|story about|do you know a story about} [an]
{Tell|Write} a story with the word [n]."""
ABOUT_NV = """{Tell me|Write|Please tell me|Can you tell me} a {|short |little |nice }story about [an] that uses the word [v].
{Tell|Write} a story with the words [n] and [v]."""
ANY = """{Tell me|Write|Write me|Please tell me|Can you tell me|Could you write|Make up|Can you write} a {|short |little |nice |bedtime |new |funny }story.
{A story, please|Another story|another one please|story time|One more story|I want to hear a story|I want a story|Do you know a story?|a story|Tell a story|tell me something|Surprise me with a story|Can I have a story?|A short story please}"""

MORE = """{Continue|continue|Go on|go on|Please continue|please go on|Continue the story|Please go on|Can you continue?|Could you go on?|keep going|Keep going, please}
{What happened next|What happens next|what happened then|And then|and then|What happened after that|then what|What then}?
{Tell me more|tell me more|More|more|More, please|I want more|Tell more|more please|And after that?|Go on with the story|What did they do next?|How does it go on?|Is there more?|write more|Write the next part|Do not stop}"""


def lines(block):
    return block.strip().splitlines()


def story_cast(rng, noun, verb, adj, linked=False):
    category = NOUN_INFO[noun][0]
    hero = category == "animal" and rng.random() < 0.75
    return Cast(rng, noun, verb, adj, animal_hero=hero, linked=linked)


def expand_pools(cast, line):
    rng = cast.rng

    def pool(m):
        name = m.group(1)
        if name == "OPEN" and cast.mode == "other" and "t" in cast.codes and rng.random() < 0.7:
            cast.adj_done = True
            return rng.choice(POOLS["OPEN_TRAIT"]).replace("[aTRAIT]", article(cast.adj) + " " + cast.adj)
        if name == "OPEN" and cast.mode == "other":
            return rng.choice(POOLS[name]) + " [ADJ]"
        return rng.choice(POOLS[name])
    return re.sub(r"\[(OPEN|HABIT|SOLVE|SOLVE2|TOGETHER)\]", pool, line)


def tell(cast):
    rng = cast.rng
    if cast.animal_hero:
        body = rng.choice(plots.ANIMAL_HERO)
    else:
        body = rng.choice([p for cats, p in plots.PLOTS if cast.category in cats])
    if cast.mode == "attr" and "[aAN]" not in "".join(body):
        cast.mode = "pred"
    parts = []
    for line in body:
        if line == "//":
            parts.append("\n\n")
            continue
        if line.startswith("?"):
            if rng.random() < 0.5:
                continue
            line = line[1:]
        parts.append(cast.fill(expand_pools(cast, line)))
    return tidy(" ".join(parts))


def more(cast, used):
    choices = [i for i in range(len(POOLS["CONTINUE"])) if i not in used]
    i = cast.rng.choice(choices)
    used.add(i)
    return tidy(cast.fill(POOLS["CONTINUE"][i]))


def casual(text, rng):
    """Lower case, lost end marks: people type like that."""
    r = rng.random()
    if r < 0.2:
        text = text.lower()
    if rng.random() < 0.2:
        text = text.rstrip(".?")
    return text


def request(rng, templates, cast):
    t = pick(rng.choice(lines(templates)), rng)
    quote = rng.choice(["", '"', '"', "'"]) if "[q]" in t else ""
    an = "%s %s" % (cast.adj, cast.noun)
    a = (lambda w: w if cast.kind == "mass" else "the " + w if cast.kind == "unique" else article(w) + " " + w)
    t = t.replace("[q]n[q]", quote + cast.noun + quote).replace("[q]v[q]", quote + cast.verb + quote).replace("[q]a[q]", quote + cast.adj + quote)
    t = t.replace("[aan]", a(an)).replace("[an]", a(cast.noun)).replace("[n]", cast.noun).replace("[v]", cast.verb).replace("[a]", cast.adj)
    return casual(t, rng)


NOUN_LIST, VERB_LIST, ADJ_LIST = sorted(NOUN_INFO), sorted(VERBS), sorted(ADJECTIVES)


def shuffled_words(rng, cast):
    """The three words in any order, so that order carries no meaning."""
    quote = rng.choice(["", "", '"', "'"])
    words = [quote + w + quote for w in (cast.noun, cast.verb, cast.adj)]
    rng.shuffle(words)
    t = pick(rng.choice(["{Tell me|Write|Please write|Make} a {|short }story with the words %s, %s and %s.",
                         "{Write|Tell me} a story {with|using} these words: %s, %s, %s."]), rng)
    return casual(t % tuple(words), rng)


def conversation(rng, forbidden=frozenset()):
    """One story conversation: [(user, assistant), ...]."""
    while True:
        noun, verb, adj = rng.choice(NOUN_LIST), rng.choice(VERB_LIST), rng.choice(ADJ_LIST)
        if (noun, verb, adj) not in forbidden and noun != verb and noun != adj and verb != adj:
            break
    fits = bool(set(ADJECTIVES[adj]) & set(CODE_OF_CATEGORY[NOUN_INFO[noun][0]]))
    r = rng.random()
    linked = fits and r < 0.3
    cast = story_cast(rng, noun, verb, adj, linked)
    if linked:
        ask = request(rng, LINKED if r < 0.15 else ABOUT_AN, cast)
    elif r < 0.40:
        ask = request(rng, ABOUT_N, cast)
    elif r < 0.45:
        ask = request(rng, ABOUT_NV, cast)
    elif r < 0.52:
        ask = casual(pick(rng.choice(lines(ANY)), rng), rng)
    elif r < 0.60:
        ask = shuffled_words(rng, cast)
    else:
        ask = request(rng, REQUESTS, cast)
    turns = [(ask, tell(cast))]
    used = set()
    while rng.random() < (0.3 if len(turns) == 1 else 0.35) and len(turns) < 4:
        turns.append((casual(pick(rng.choice(lines(MORE)), rng), rng), more(cast, used)))
    return turns


if __name__ == "__main__":
    g = random.Random(1)
    for _ in range(12):
        for u, a in conversation(g):
            print(">", u, "\n" + a + "\n")
