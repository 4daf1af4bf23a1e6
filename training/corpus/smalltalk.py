"""Greetings, thanks, things to remember, and the honest way out."""
from . import outside, talk_pt
from .heldout import ALL_NAMES as HELDOUT_NAMES
from .lexicon_pt import PETS as PETS_PT
from .questions import casual
from .world import pick
from .lexicon import ADJECTIVES, BOYS, GIRLS, NOUN_INFO, NOUNS, PETS, VERBS

GREET = """{Hi|Hello|Hey|Hi there|Hello there|Good morning|Good evening|Good day|Good afternoon|hey phield|Hi Phield|Hello Phield|hello you|Howdy|Greetings|Yo}{|!|.}"""
GREET_A = "Hello! I can tell you a short story or answer questions about Phield."
HOW = """{How are you|How are you today|How do you do|How is it going|How are things|What's up|Are you OK|How do you feel|Are you well}{?|}"""
HOW_A = "I am fine, thank you! Would you like to hear a story?"
THANKS = """{Thanks|Thank you|Thank you so much|Thanks a lot|Many thanks|Great, thanks|Thank you very much|thx|Nice, thank you|Cool, thanks|Perfect, thank you|Good job|Well done|That was nice|I like that|Great story|Nice story|Good story|That was a nice story|I liked that|Lovely}{|!|.}"""
THANKS_A = "You are welcome!"
BYE = """{Bye|Goodbye|Bye bye|See you|See you later|Good night|See you soon|I have to go|I must go now|Until tomorrow|Ciao|That is all|Have a nice day}{|!|.}"""
BYE_A = "Goodbye! Come back soon."
OKAY = """{OK|Okay|Yes|No|Fine|Good|I see|Right|Sure|Cool|Alright|Hm|Wow|Great|Nice|Really|Maybe}{|.|!}"""
OKAY_A = "Good. You can ask me about Phield or for a short story."
JOKE = """{Tell me a joke|Do you know a joke|Make me laugh|Say something funny|A joke, please|Can you tell jokes}{.|?|}"""
JOKE_A = "I do not know jokes, but I can tell you a short story."
NAMELESS = """{What is my name|Do you know my name|Who am I|What am I called|Do you know who I am|Can you say my name}{?|}"""
NAMELESS_A = "You have not told me your name yet."

FALLBACK_A = "I do not know that, I am a very small model. Phi-3-mini, which you can load in Phield, would know more."
COUNTRIES = "France Spain Italy Germany Japan China India Brazil Canada Mexico Egypt Kenya Peru Chile Norway Sweden Poland Greece Turkey Portugal Russia Australia".split()
PEOPLE = "Einstein|Newton|Napoleon|Mozart|Shakespeare|Picasso|Darwin|Cleopatra|Plato|Gandhi|Beethoven|Galileo|Lincoln|Da Vinci|Tolstoy"
OUT = """{What is|What's|Tell me|Name} the {capital|population|president|flag|language|history|largest city|currency|king} of [C]{?|.|}
Who {was|is} {%s|the president|the first man on the moon|the king of England|the best singer}{?|}
{When|Where} was {%s} born?
{How much|What} is [d] {plus|minus|times|divided by|+|-|*|x} [d]{?|}
{Solve|Calculate|Compute} [d] {+|-|*|times|plus} [d].
{Write|Show me|Give me|Make} {a program|a function|some code|a script|Python code|a SQL query|a loop} {in Python|in Java|in C|that sorts a list|for me|that prints hello|that adds numbers}.
{How do I|How can I|Explain how to} {sort a list in Python|fix my car|lose weight|bake bread|learn French|cook rice|make money|become rich|tie a tie|repair a bike|grow tomatoes|write a CV|remove a stain|build a house|plant a tree}{?|}
{Why is|Why are} {the sky blue|the sea salty|grass green|the sun hot|the moon round|leaves green|cats so soft|stars bright|dogs loyal}{?|}
{What is|What are|Explain|Define} {gravity|electricity|a black hole|democracy|photosynthesis|an atom|inflation|a prime number|love|the meaning of life|DNA|quantum physics|algebra|a virus|evolution|the stock market|a verb|philosophy|math|a dinosaur}{?|}
{How far|How big|How old|How hot|How heavy} is {the moon|the sun|the earth|Mars|Jupiter|a whale|the universe|an elephant|the sea}{?|}
{When did|When was|In which year was} {the first world war|the war|the wheel|the Roman empire|the telephone|the computer|the piano} {start|end|invented|begin|made}{?|}
{I have|My child has|What helps against} {a headache|a cold|a fever|back pain|a cough}{. What should I do?|?|. Can you help?}
{Who wrote|Who painted|Who sang|Who made} {Hamlet|the Mona Lisa|Faust|Don Quixote|War and Peace|that song|Harry Potter|Star Wars}{?|}
{Should I|Is it good to|Can I} {buy a house|invest in gold|take medicine|sell my car|see a doctor|move to [C]|quit my job|get a dog}{?|}
{Write|Compose|Make} {a poem|a song|an essay|a letter to my boss|a speech|an email|my homework|a recipe|a shopping list}{| for me| about love| about the sea|}.
{What do you think about|What is your opinion on|Do you like} {politics|football|war|money|religion|music|cats|pizza|the president|art}{?|}
{What do|Where do|Why do} {lions|whales|bees|birds|ants|cows|spiders|penguins|camels} {eat|live|sleep|sing|fly|build nests}{?|}
{How many|How much} {people live in [C]|days has a year|legs has a spider|bones do we have|planets are there|hours are in a week|water should I drink}{?|}
{Recommend|Suggest} {a book|a film|a restaurant|a song|a hotel in [C]|a present}{| for me| please|}.
{Plan|Help me plan} {a trip to [C]|my holiday|my week|a party}.
{Is there life on Mars|What is the square root of [d]|Do fish sleep|Can pigs fly|Who is the tallest man|What is the best car|What is the highest mountain|What is the longest river}{?|}
{What are the rules of|How do you play} {football|poker|tennis|cards|checkers}{?|}
{What is the difference|Tell me the difference|Explain the difference} between {a cat and a dog|tea and coffee|a lake and a sea|a crocodile and an alligator|jam and jelly}{?|.}
{How does|How do|Tell me how|Explain how} {a car engine|a microwave|the heart|a radio|magnets|the stock market|the internet|a battery|rain|planes} work{?|s?|.}
{What does the word|What is the meaning of|Define the word} {ambiguous|melancholy|tax|paradox|nostalgia|ephemeral}{ mean?|?|.}
{List|Name|Give me} {three|five|ten|some} {good films|books|songs|rivers|cities in [C]|inventions|kings}{.| please.|}
{What happened|What was important} in {1492|1789|1914|1945|2001}{?|}
{Is|Are} {sugar|tea|chocolate|milk|running|eggs} {bad|good} for {me|my heart|children|the skin}{?|}
{Who discovered|Who invented|Who was the first to make} {America|penicillin|the radio|the bicycle|gravity|the printing press}{?|}
{Draft|Write|Help me with} {a letter to my bank|a complaint|a contract|a job application|my tax form|a poem for my wife}{.|}
{What is the law on|Is it legal to} {parking|smoking|fishing|cycling} {in [C]|here|at night}{?|}
{What time is it|What day is it|What is the weather} in {[C]|Paris|London|New York}{?|}
{How long|How many hours|How much} does it {take to fly|cost to fly|take to drive} to {[C]|Paris|the moon|London}{?|}
{Summarize|Correct|Improve|Check} {this text|my essay|the book Hamlet|my grammar}.""" .replace("%s", PEOPLE)

GREETINGS = [(GREET, GREET_A), (GREET, GREET_A), (HOW, HOW_A), (THANKS, THANKS_A), (BYE, BYE_A), (OKAY, OKAY_A), (JOKE, JOKE_A), (NAMELESS, NAMELESS_A)]
SYLLABLES = "ka lo mi ra ne tu si vo da be ri sha lu mar ti no el an za fi gu ro pe ha ja wen dor kel bra ste qui nu ol is ette ion bert tha ly".split()
COLORS = "red blue green yellow purple pink orange brown black white gray silver gold turquoise violet".split()
FOODS = [f.lstrip("~") for f in NOUNS["food"].split()]
ONSETS = "b c d f g h j k l m n p qu r s t v w x y z br cr dr fr gr pr tr bl cl fl gl pl sl st th ch sh sp sw wh kn rr ll ss mm tt nn".split() + [""] * 8
VOWELS = {"en": "a e i o u a e i o u y ia ea ie ou ei ee oo au io".split(), "pt": "a e i o u a e i o u ia ei ou ai io au é ê á í ô ão".split()}
CODAS = "n r l s x nd rt m th ck ng t d g st nt ns rn rg lv".split() + [""] * 22
ENDINGS = {"en": "us is or ette dra ald mir eta ine ian elle on in en ard wyn ley ora ius as os ix o a y ey ander ert win ick mund erick bel lyn".split(),
           "pt": "aldo eldo ério inha ela ira ina eu ânia ete ando endo oro ura ílio ácio ência ito ice ane eide ildo mar son ton nor lúcia berto rico valdo linda ange élia el".split()}
CITIES = "Paris London Rome Berlin Lisbon Madrid Tokyo Lima Oslo Vienna Cairo Boston Dublin Prague Athens Porto Sydney Delhi Quito Bern Warsaw Helsinki".split()


def any_name(lang, rng):
    known, parts = (GIRLS + BOYS, SYLLABLES) if lang == "en" else (talk_pt.ALL_NAMES, talk_pt.SYLLABLES)
    while True:
        r = rng.random()
        if r < 0.2:
            name = rng.choice(known)
        elif r < 0.45:
            name = "".join(rng.choice(parts) for _ in range(rng.choice([2, 2, 3]))).capitalize()
        else:  # any letters that can be said: what must be learnt is to copy every piece of a name
            n = rng.choice([1, 1, 1, 2])
            name = "".join(rng.choice(x) for _ in range(n) for x in (ONSETS, VOWELS[lang], CODAS)) + rng.choice(rng.choice([ENDINGS[lang], VOWELS[lang]]))
            name = (name[1:] if name[:2] in ("ll", "mm", "nn", "rr", "ss", "tt") else name).capitalize()
        if name not in HELDOUT_NAMES:
            return name


def fact(lang, rng):
    """(statement, reply, question, answer) of something to remember."""
    k, pt = rng.random(), lang == "pt"
    if k < 0.7:
        n = any_name(lang, rng)
        if pt:
            return pick(talk_pt.NAME_IN.replace("%s", n), rng), "Prazer em conhecer você, %s!" % n, pick(talk_pt.NAME_Q, rng), "O seu nome é %s." % n
        return (pick("{My name is %s.|I am %s.|Hi, I am %s.|Hello, my name is %s.|Call me %s.|You can call me %s.|I'm %s.|People call me %s.|Hi! My name is %s. What can you do?|Please remember my name: %s.|My name is %s. Remember it.|%s here.}" .replace("%s", n), rng),
                "Nice to meet you, %s!" % n,
                pick("{What is my name|What's my name|Do you remember my name|What am I called|Do you know my name|Who am I|Can you say my name|Tell me my name|What did I say my name was|Do you still know who I am}{?|}", rng),
                "Your name is %s." % n)
    if k < 0.78:
        c = rng.choice(talk_pt.COLORS if pt else COLORS)
        if pt:
            return pick("{Minha cor favorita é %s.|Gosto mais da cor %s.}" % (c, c), rng), "Vou lembrar: %s." % c, "Qual é a minha cor favorita?", "A sua cor favorita é %s." % c
        return (pick("{My favorite color is %s.|I like the color %s best.}" % (c, c), rng), "I will remember that: %s." % c,
                pick("{What is my favorite color|What color do I like|Which color do I like best}?", rng), "Your favorite color is %s." % c)
    if k < 0.86:
        c = rng.choice(talk_pt.FOODS if pt else FOODS)
        if pt:
            return pick("{Minha comida favorita é %s.|Adoro comer %s.}" % (c, c), rng), "Vou lembrar: %s." % c, "Qual é a minha comida favorita?", "A sua comida favorita é %s." % c
        return (pick("{My favorite food is %s.|I love to eat %s.}" % (c, c), rng), "I will remember that: %s." % c,
                pick("{What is my favorite food|What do I love to eat|What food do I like}?", rng), "Your favorite food is %s." % c)
    if k < 0.93:
        c = rng.choice(talk_pt.CITIES if pt else CITIES)
        if pt:
            return pick("{Moro em %s.|Eu vivo em %s.|Minha cidade é %s.}" % (c, c, c), rng), "Vou lembrar: %s." % c, pick("{Onde eu moro|Qual é a minha cidade}?", rng), "A sua cidade é %s." % c
        return (pick("{I live in %s.|I come from %s.|My city is %s.}" % (c, c, c), rng), "I will remember that: %s." % c,
                pick("{Where do I live|Where do I come from|What is my city}?", rng), "Your city is %s." % c)
    if pt:
        p, g = rng.choice([("cachorro", "m"), ("gato", "m"), ("cavalo", "m"), ("gata", "f"), ("coelha", "f")])
        n, my, art = rng.choice([any_name(lang, rng), rng.choice(PETS_PT[g])]), "Meu" if g == "m" else "Minha", "O" if g == "m" else "A"
        return (pick("{%s %s se chama %s.|O nome %s %s é %s.}" % (my, p, n, "do meu" if g == "m" else "da minha", p, n), rng), "Que nome bonito!",
                pick("{Como se chama %s %s|Qual é o nome %s %s}?" % (("o meu" if g == "m" else "a minha"), p, "do meu" if g == "m" else "da minha", p), rng),
                "%s %s %s se chama %s." % (art, "seu" if g == "m" else "sua", p, n))
    p, n = rng.choice(["dog", "cat", "horse", "rabbit", "bird"]), rng.choice([any_name(lang, rng), rng.choice(PETS)])
    return (pick("{My %s is called %s.|I have a %s named %s.|The name of my %s is %s.}" % (p, n, p, n, p, n), rng), "What a nice %s!" % p,
            pick("{What is the name of my %s|What is my %s called|How is my %s called}?" % (p, p, p), rng), "Your %s is called %s." % (p, n))


def chat(lang, rng):
    q, a = rng.choice(GREETINGS if lang == "en" else talk_pt.GREETINGS)
    return casual(pick(q, rng), lang, rng), a


OUTSIDE = {"en": [l for l in OUT.splitlines() if l.strip()],
           "pt": [l for l in talk_pt.OUT.replace("%C", "{%s}" % talk_pt.COUNTRIES).replace("%P", "{%s}" % talk_pt.PEOPLE).splitlines() if l.strip()]}
FALLBACK = {"en": FALLBACK_A, "pt": talk_pt.FALLBACK_A}
NAMELESS_ANSWER = {"en": NAMELESS_A, "pt": talk_pt.NAMELESS_A}


def out_of_scope(lang, rng):
    if rng.random() < 0.7:
        return casual(outside.fill(pick(rng.choice(outside.FRAMES[lang]), rng), lang, rng, any_name), lang, rng), FALLBACK[lang]
    t = pick(rng.choice(OUTSIDE[lang]), rng)
    while "[d]" in t:
        t = t.replace("[d]", str(rng.randint(2, 99)), 1)
    return casual(t.replace("[C]", rng.choice(COUNTRIES)), lang, rng), FALLBACK[lang]


def echo(lang, rng):
    """Say it back: the shortest lesson in copying."""
    pool = ECHO_WORDS if lang == "en" else ECHO_WORDS_PT
    words = [any_name(lang, rng) if rng.random() < 0.3 else rng.choice(pool) for _ in range(rng.randint(1, 7))]
    text = rng.choice([" ", " ", ", "]).join(words)
    quote = rng.choice(["", "", '"', "'"])
    start = "{Say|Repeat|Repeat after me|Say this|Please say|Please repeat|Echo|Write}: " if lang == "en" else "{Diga|Repita|Repita comigo|Fale|Por favor diga|Escreva}: "
    return pick(start, rng) + quote + text + quote, text + "."


ECHO_WORDS = sorted(NOUN_INFO) + sorted(VERBS) + sorted(ADJECTIVES) + COLORS + CITIES
ECHO_WORDS_PT = sorted(talk_pt.WORDS)
