"""What the generator makes, looked at: how many stories the rules throw away and why, and that the rules notice planted mistakes."""
import random
import sys
from collections import Counter

from . import consistency, heldout, questions, stories

PLANTED = {
    "en": [('Once there was a girl called Ann. Ann met a boy named Tom. Then Tom pulled Tom out.', "Tom and Tom"),
           ('Once there was a boy named Tom. One day a fox named Tom came along.', "two called Tom"),
           ('Once there was a girl called Mia. "Where is it?" asked Mia. "Here," said Mia.', "Mia asks and answers"),
           ('Once there was a girl called Mia. "Hello!" said Leo.', "who is Leo?"),
           ('There was a girl named Mia. Mia saw a bird. He laughed.', "Mia is he"),
           ('Mia found a red ball under the bridge. "I found it near the mill," said Mia.', "found under the bridge, then near the mill")],
    "pt": [('Era uma vez uma menina chamada Ana. Ana puxou Ana para fora.', "Ana and Ana"),
           ('Era uma vez um menino chamado Caio. Aí chegou um gato chamado Caio.', "two called Caio"),
           ('Era uma vez uma menina chamada Ana. "Cadê?", perguntou Ana. "Aqui", disse Ana.', "Ana asks and answers"),
           ('Era uma vez uma menina chamada Ana. "Oi!", disse Caio.', "who is Caio?"),
           ('Era uma vez uma menina chamada Ana. Ana viu um gato. Ele riu.', "Ana is ele")],
}


def main():
    bad = 0
    for lang, cases in PLANTED.items():
        for text, what in cases:
            if what not in consistency.problems(text, lang):
                bad += 1
                print("not noticed:", lang, what, "in", text, consistency.problems(text, lang))
    rng = random.Random(11)
    for lang in heldout.LANGS:
        thrown, n = Counter(), 3000
        for _ in range(n):
            noun, verb, adj = (rng.choice(x) for x in stories.WORDS[lang])
            text = stories.WORLDS[lang](rng, noun, verb, adj, stories.plot_for(lang, noun, rng)).tell()
            thrown["contradicts itself"] += bool(consistency.problems(text, lang))
            thrown["a word is missing"] += bool(consistency.missing(text, lang, noun, verb, adj))
            thrown["repeats"] += consistency.worst_repeat(text) > 3
        print(lang, "of", n, "stories thrown away:", dict(thrown), "| plots", len(stories.PLOTS[lang]), "| words", [len(x) for x in stories.WORDS[lang]])
    for fact in questions.FACTS.values():
        for lang in heldout.LANGS:
            if not questions.judge(fact["id"], lang, fact[lang]["answer"]):
                bad += 1
                print("its own answer is not right:", fact["id"], lang)
    print("facts", len(questions.FACTS))
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
