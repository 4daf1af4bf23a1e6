"""Greetings, thanks, things to remember, and the honest way out."""
from .grammar import pick
from .heldout import NAMES as HELDOUT_NAMES
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

FALLBACK_A = "I am a very small model and I do not know that. Phi-3-mini, which you can load in Phield, can help with that."
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
{Summarize|Correct|Improve|Check} {this text|my essay|the book Hamlet|my grammar}.""" .replace("%s", PEOPLE)

GREETINGS = [(GREET, GREET_A), (GREET, GREET_A), (HOW, HOW_A), (THANKS, THANKS_A), (BYE, BYE_A), (OKAY, OKAY_A), (JOKE, JOKE_A), (NAMELESS, NAMELESS_A)]
SYLLABLES = "ka lo mi ra ne tu si vo da be ri sha lu mar ti no el an za fi gu ro pe ha ja wen dor kel bra ste qui nu ol is ette ion bert tha ly".split()
COLORS = "red blue green yellow purple pink orange brown black white gray silver gold turquoise violet".split()
FOODS = [f.lstrip("~") for f in NOUNS["food"].split()]
CITIES = "Paris London Rome Berlin Lisbon Madrid Tokyo Lima Oslo Vienna Cairo Boston Dublin Prague Athens Porto Sydney Delhi Quito Bern Warsaw Helsinki".split()


def any_name(rng):
    while True:
        if rng.random() < 0.45:
            name = rng.choice(GIRLS + BOYS)
        else:
            name = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice([2, 2, 3]))).capitalize()
        if name not in HELDOUT_NAMES:
            return name


def messy(text, rng):
    if rng.random() < 0.2:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.2:
        text = text.rstrip(".?!")
    return text


def fact(rng):
    """(statement, reply, question, answer) of something to remember."""
    k = rng.random()
    if k < 0.6:
        n = any_name(rng)
        return (pick("{My name is %s.|I am %s.|Hi, I am %s.|Hello, my name is %s.|Call me %s.|You can call me %s.|I'm %s.|People call me %s.|Hi! My name is %s. What can you do?|Please remember my name: %s.|My name is %s. Remember it.}" .replace("%s", n), rng),
                "Nice to meet you, %s!" % n,
                pick("{What is my name|What's my name|Do you remember my name|What am I called|Do you know my name|Who am I|Can you say my name|Tell me my name|What did I say my name was}{?|}", rng),
                "Your name is %s." % n)
    if k < 0.7:
        c = rng.choice(COLORS)
        return (pick("My favorite color is %s.|I like the color %s best." .replace("|", "}|{").join(["{{", "}}"]).replace("{{", "{").replace("}}", "}").replace("}|{", "|") % (c, c), rng),
                "I will remember that: %s." % c, pick("{What is my favorite color|What color do I like|Which color do I like best}?", rng), "Your favorite color is %s." % c)
    if k < 0.8:
        c = rng.choice(FOODS)
        return (pick("{My favorite food is %s.|I love to eat %s.}" % (c, c), rng), "I will remember that: %s." % c,
                pick("{What is my favorite food|What do I love to eat|What food do I like}?", rng), "Your favorite food is %s." % c)
    if k < 0.9:
        c = rng.choice(CITIES)
        return (pick("{I live in %s.|I come from %s.|My city is %s.}" % (c, c, c), rng), "I will remember that: %s." % c,
                pick("{Where do I live|Where do I come from|What is my city}?", rng), "Your city is %s." % c)
    p, n = rng.choice(["dog", "cat", "horse", "rabbit", "bird"]), rng.choice([any_name(rng), rng.choice(PETS)])
    return (pick("{My %s is called %s.|I have a %s named %s.|The name of my %s is %s.}" % (p, n, p, n, p, n), rng), "What a nice %s!" % p,
            pick("{What is the name of my %s|What is my %s called|How is my %s called}?" % (p, p, p), rng), "Your %s is called %s." % (p, n))


def chat(rng):
    q, a = rng.choice(GREETINGS)
    return messy(pick(q, rng), rng), a


def out_of_scope(rng):
    t = pick(rng.choice(OUT.splitlines()), rng)
    while "[d]" in t:
        t = t.replace("[d]", str(rng.randint(2, 99)), 1)
    return messy(t.replace("[C]", rng.choice(COUNTRIES)), rng), FALLBACK_A


def echo(rng):
    """Say it back: the shortest lesson in copying."""
    words = []
    for _ in range(rng.randint(1, 7)):
        words.append(any_name(rng) if rng.random() < 0.3 else rng.choice(ECHO_WORDS))
    text = rng.choice([" ", " ", ", "]).join(words)
    return pick("{Say|Repeat|Repeat after me|Say this|Please say|Please repeat|Echo|Write}: ", rng) + text, text + "."


ECHO_WORDS = sorted(NOUN_INFO) + sorted(VERBS) + sorted(ADJECTIVES) + COLORS + CITIES
