"""Words the stories are built from. One table is the truth for the generator and for the judge.

Nouns: category -> words. A leading '~' marks a mass noun ("some bread"), '!' a unique one ("the moon").
Adjectives: word -> codes: t trait and f feeling of someone alive, b a living body, o objects,
e food, p places, w the day or the weather.
Verbs: "base past ing" (regular forms left out) -> ways to complete the phrase, "" for none.
A '*CATS' entry lets the verb act on the story's own noun when it is of one of those categories.
"""

NOUNS = {
    "animal": """dog cat bird fish rabbit fox bear lion tiger elephant monkey mouse frog duck cow horse pig sheep goat
        hen rooster turtle snail bee butterfly ant spider owl squirrel deer wolf zebra giraffe penguin whale dolphin crab
        kitten puppy lamb pony donkey hedgehog beaver crow swan parrot lizard snake bat worm ladybug seal otter panda
        kangaroo koala camel hamster chick dragon raccoon badger mole goose robin pigeon shark octopus caterpillar cricket""",
    "object": """ball doll kite drum toy block puzzle balloon marble top whistle flute guitar bell book box bag basket
        bucket cup bowl spoon fork plate pot pan bottle jar key lock lamp candle clock watch map pen pencil crayon brush
        paper card letter stamp picture mirror chair table bed pillow blanket rug sofa desk shelf drawer door window
        ladder hammer nail saw rope string needle button shovel rake broom mop sponge soap towel comb hat cap coat shirt
        dress sock shoe boot glove scarf ring necklace crown coin wallet umbrella ribbon flag tent backpack lantern
        telescope magnet robot computer phone radio camera television wheel swing slide sled skateboard costume mask
        present cushion vase jewel treasure sword shield wand stick stone rock shell feather leaf flower rose seed acorn
        pebble nest web log bone statue bench fence mailbox pumpkin trumpet piano violin ticket tool bean branch bush""",
    "food": """apple banana orange pear peach plum cherry grape lemon melon strawberry carrot potato tomato onion
        ~bread ~cheese ~butter ~milk ~juice ~soup ~rice ~honey ~jam ~salad ~tea ~corn cake pie cookie pancake muffin
        sandwich pizza egg nut candy ~chocolate ~cream lollipop cupcake pickle mushroom berry noodle sausage bun
        watermelon ~popcorn ~pasta meal waffle ~sugar ~salt""",
    "place": """park garden forest beach farm school library zoo market shop castle cave hill mountain river lake pond
        island field meadow valley desert jungle village town city street bridge tower barn kitchen bedroom attic
        basement museum hospital bakery playground circus theater station harbor lighthouse cabin cottage palace tunnel
        road path yard tree house tent room church temple office factory stadium mill waterfall swamp""",
    "person": """farmer baker teacher doctor nurse king queen prince princess knight pirate wizard witch fairy giant
        sailor captain painter singer dancer clown chef driver pilot police fireman postman gardener builder fisherman
        hunter tailor shopkeeper librarian neighbor friend brother sister baby boy girl grandma grandpa uncle aunt cousin
        twin soldier judge mayor scientist astronaut magician carpenter musician dentist stranger guest child""",
    "sky": """!sun !moon star cloud rainbow ~rain ~snow !wind storm ~thunder ~fog sunset shadow !sky snowflake wave
        puddle fire ~ice ~sand ~mud ~water ~grass""",
    "vehicle": """car bus train boat ship plane truck bike wagon sled taxi tractor rocket helicopter canoe scooter van cart
        raft carriage submarine balloon spaceship""",
}
NOUNS["person"] = NOUNS["person"].replace(" police", "")
NOUNS["place"] = NOUNS["place"].replace(" tent", "")
NOUNS["vehicle"] = NOUNS["vehicle"].replace(" sled", "").replace(" balloon", "")

IRREGULAR_PLURAL = {
    "mouse": "mice", "fish": "fish", "sheep": "sheep", "goose": "geese", "deer": "deer", "wolf": "wolves",
    "leaf": "leaves", "shelf": "shelves", "child": "children", "fireman": "firemen", "postman": "postmen",
    "fisherman": "fishermen", "octopus": "octopuses", "scarf": "scarves", "potato": "potatoes",
    "tomato": "tomatoes", "radio": "radios", "piano": "pianos", "knife": "knives",
}

ADJECTIVES = {}
for codes, words in {
    "t": """brave kind clever lazy shy curious gentle proud polite silly honest funny friendly greedy grumpy naughty
        helpful loyal wise patient stubborn careful careless cheerful bossy playful generous selfish smart bold rude
        foolish humble eager independent caring thoughtful adventurous energetic fearful obedient mischievous reliable
        talented quick clumsy famous popular""",
    "f": """happy sad angry scared excited surprised lonely jealous nervous worried bored calm glad upset confused
        grateful hopeful embarrassed tired sleepy hungry thirsty afraid joyful mad anxious amazed ashamed miserable
        frightened cozy thankful sorry""",
    "bop": "big small tiny huge large little beautiful strange old young ugly pretty lovely quiet noisy dirty clean cute",
    "bo": "tall thin fat wet dry muddy strong weak soft fluffy fuzzy spotted striped heavy light rough slim furry",
    "o": """short long wide thick round square flat hard smooth shiny dull dusty new broken sharp fancy plain golden
        silver wooden loose tight crooked special rare useful expensive cheap flexible fragile modern bright sparkly
        sticky slippery stiff valuable perfect delicate""",
    "obe": "red blue green yellow purple pink orange brown white black gray colorful",
    "op": "empty full hidden magic secret wonderful tidy messy amazing ancient enormous different broad",
    "e": "sweet sour salty spicy tasty delicious yummy fresh ripe bitter juicy creamy crunchy healthy warm hot raw frozen",
    "w": "sunny rainy windy foggy cloudy snowy stormy chilly cold dark peaceful",
    "p": "deep high steep busy crowded safe dangerous spooky comfortable",
}.items():
    for w in words.split():
        ADJECTIVES[w] = ADJECTIVES.get(w, "") + codes
for w in "cold dark chilly peaceful sunny foggy".split():
    ADJECTIVES[w] += "p"
ADJECTIVES["hot"] += "o"
ADJECTIVES["warm"] += "opw"
ADJECTIVES["cold"] += "oe"
ADJECTIVES["cozy"] = "op"
ADJECTIVES["young"] = "b"
ADJECTIVES["fresh"] = "e"
ADJECTIVES["hungry"] = ADJECTIVES["thirsty"] = "f"
ADJECTIVES["dark"] += "o"
ADJECTIVES["tiny"] += "e"
ADJECTIVES["big"] += "e"
ADJECTIVES["small"] += "e"

CODE_OF_CATEGORY = {"animal": "tfb", "person": "tfb", "object": "o", "food": "e", "place": "p", "sky": "-", "vehicle": "o"}

_VERBS = """
jump jumped jumping: ; up and down; over a log; very high
run ran running: ; very fast; up the hill; down the path
walk walked walking: ; in the woods; along the path; very slowly
climb climbed climbing: a tree; the hill; up the ladder
swim swam swimming: ; in the lake; like a fish
dance danced dancing: ; in the rain; on the grass; in a circle
sing sang singing: ; a song; very softly; a happy tune
laugh laughed laughing: ; out loud
smile smiled smiling: ; at everyone
cry cried crying: ; a little; softly
shout shouted shouting: ; hello; very loudly; for joy
whisper whispered whispering: ; a secret; very quietly
talk talked talking: ; to the birds; about the day; with everyone
listen listened listening: ; to the wind; to the birds; very carefully
look looked looking: ; around; under the bed; at the stars
watch watched watching: the clouds; the birds; the stars; *animal,sky,vehicle
see saw seeing: something new; the stars; far away; *animal,sky,vehicle
hide hid hiding: ; behind a tree; under the bed; in the tall grass
seek sought seeking: something new; adventure; *object
find found finding: pretty stones; a new path; four-leaf clovers; *object
search searched searching: ; everywhere; under the bed; in every corner
play played playing: ; in the sun; games; all day
sleep slept sleeping: ; under a tree; in a soft bed; for a while
rest rested resting: ; in the shade; for a while; on the grass
dream dreamed dreaming: ; of flying; about the stars; big dreams
think thought thinking: ; hard; about it; of something nice
wish wished wishing: ; on a star; for something good
hope hoped hoping: ; for the best; for a good day
wait waited waiting: ; by the door; for a long time; quietly
sit sat sitting: ; on the grass; under a tree; very still
stand stood standing: ; on one leg; very tall; on a rock
kneel knelt kneeling: ; on the ground; by the water
crawl crawled crawling: ; under the table; through the grass; very slowly
hop hopped hopping: ; on one foot; like a frog; over the stones
skip skipped skipping: ; down the road; all the way; in the yard
roll rolled rolling: ; down the hill; on the grass; *object
slide slid sliding: ; down the hill; on the ice
spin spun spinning: ; around and around; in a circle; like a top
turn turned turning: ; around; in a circle; *object
fly flew flying: a kite; a paper plane; in a dream
fall fell falling: ; into the leaves; on the soft grass
trip tripped tripping: ; over a root; on the stairs
wave waved waving: ; goodbye; at the people; a little flag
clap clapped clapping: ; loudly; along; with joy
nod nodded nodding: ; slowly
bow bowed bowing: ; to everyone; very low
whistle whistled whistling: ; a tune; softly; like a bird
hum hummed humming: ; a song; a little tune; softly
yell yelled yelling: ; loudly; for help; across the field
bark barked barking: ; like a dog; for fun
roar roared roaring: ; like a lion; very loudly
giggle giggled giggling: ; all day; at funny things
yawn yawned yawning: ; loudly
sneeze sneezed sneezing: ; loudly; in the dust
cough coughed coughing: ; loudly; a little
breathe breathed breathing: ; slowly; in the fresh air
stretch stretched stretching: ; in the sun; like a cat
bounce bounced bouncing: ; up and down; a ball; on the bed
race raced racing: ; to the gate; across the field; with everyone
chase chased chasing: the leaves; butterflies; a ball; *animal
follow followed following: the path; the footprints; the sound; *animal
catch caught catching: a ball; falling leaves; snowflakes; *animal
throw threw throwing: a ball; stones into the water; a paper plane; *object
kick kicked kicking: a ball; the leaves; a can
hit hit hitting: a ball; the drum; *object
push pushed pushing: the cart; the heavy door; a swing; *vehicle
pull pulled pulling: the rope; a wagon; the weeds; *vehicle
carry carried carrying: the basket; water; some wood; *object,food
lift lifted lifting: heavy things; a rock; a big box; *object
hold held holding: hands; a warm cup; the rope; *object
touch touched touching: soft things; the water; the snow; *object
grab grabbed grabbing: a stick; the rope; a bag; *object,food
drop dropped dropping: stones into the pond; a coin in the well; *object
pick picked picking: flowers; berries; apples
shake shook shaking: the tree; hands; the box
open opened opening: the door; the window; an old box
close closed closing: the door; the gate; the window
lock locked locking: the door; the gate; the chest
knock knocked knocking: ; on the door; very softly
build built building: a tower; a sand castle; a little house
make made making: a card; funny faces; paper boats
fix fixed fixing: old toys; the fence; broken things; *vehicle
break broke breaking: a stick; the ice; some twigs
cut cut cutting: paper; the grass; some wood
fold folded folding: paper; clothes; a paper boat
tie tied tying: a knot; a ribbon; the rope
sew sewed sewing: a shirt; buttons; a little doll
knit knitted knitting: a scarf; warm socks; a hat
paint painted painting: pictures; the fence; a rainbow; *place
draw drew drawing: pictures; in the sand; funny faces; *animal,sky,vehicle,place
write wrote writing: a letter; a poem; stories
read read reading: a book; stories; a funny poem
count counted counting: the stars; to ten; the clouds
learn learned learning: new things; a song; the names of the stars
teach taught teaching: a trick; the others; a game
study studied studying: maps; the stars; the old book
ask asked asking: questions; for help; about everything
answer answered answering: questions; riddles; a letter
tell told telling: stories; a joke; the truth
share shared sharing: ; toys; a snack; with everyone; *food
give gave giving: gifts; flowers; some food away
take took taking: turns; a long walk; a deep breath
borrow borrowed borrowing: books; a tool; an umbrella; *object
lend lent lending: books; a hand; toys; *object
trade traded trading: cards; marbles; stickers; *object
buy bought buying: candy; a gift; some fruit; *object,food
sell sold selling: lemonade; cookies; flowers; *food
pay paid paying: for lunch; with a coin
keep kept keeping: secrets; a diary; the room clean
save saved saving: coins; the day; some seeds
collect collected collecting: stones; stamps; shells; *object
gather gathered gathering: wood; berries; leaves
bring brought bringing: flowers; good news; a snack
send sent sending: a letter; a card; a message
visit visited visiting: the neighbors; grandma; new places; *place,person
help helped helping: ; in the garden; the others; at home; *animal,person
work worked working: ; in the garden; very hard; all day
clean cleaned cleaning: the room; the windows; the table; *place,vehicle
wash washed washing: the dishes; both hands; the windows; *vehicle
sweep swept sweeping: the floor; the leaves; the steps
scrub scrubbed scrubbing: the floor; the pots; the steps
wipe wiped wiping: the table; the window; the floor
dig dug digging: ; a hole; in the sand; in the garden
plant planted planting: seeds; a tree; flowers
grow grew growing: flowers; beans; tomatoes
water watered watering: the plants; the flowers; the garden
feed fed feeding: the ducks; the hens; the birds; *animal
pet petted petting: the kitten; the puppy; the lambs; *animal
hug hugged hugging: everyone; a teddy bear; grandma; *animal,person
kiss kissed kissing: mom; grandma; the baby
tickle tickled tickling: the baby; dad; everyone
eat ate eating: apples; lunch; cookies; *food
drink drank drinking: water; warm milk; juice
cook cooked cooking: soup; dinner; pancakes
bake baked baking: bread; a cake; cookies
mix mixed mixing: colors; the batter; paint
stir stirred stirring: the soup; the pot; the tea
pour poured pouring: tea; water; some milk
taste tasted tasting: the soup; new food; snowflakes; *food
smell smelled smelling: the flowers; the bread; the sea air
chew chewed chewing: gum; slowly; on a carrot
bite bit biting: into an apple; into a cookie
ride rode riding: a bike; a pony; the bus; *vehicle
drive drove driving: a toy car; a tractor; a little cart; *vehicle
sail sailed sailing: ; a toy boat; across the lake
travel traveled traveling: ; far away; by train; around the world
explore explored exploring: ; the woods; new places; an old cave; *place
wander wandered wandering: ; in the woods; along the river
march marched marching: ; like a soldier; in a line; around the room
hike hiked hiking: ; in the hills; up the mountain
float floated floating: ; on the water; on a raft
splash splashed splashing: ; in the puddles; in the water
dive dived diving: ; into the water; into the pool
skate skated skating: ; on the ice; in the park
swing swung swinging: ; on the rope; very high
balance balanced balancing: ; on a log; on one leg
juggle juggled juggling: ; three balls; apples
win won winning: a game; a prize; the race
lose lost losing: a game; a button
try tried trying: ; again; new things; very hard
practice practiced practicing: ; every day; a song; a new trick
start started starting: a game; a club; a fire
stop stopped stopping: ; to rest; at the gate
finish finished finishing: a puzzle; a book; the work
remember remembered remembering: happy days; the old song; good things
forget forgot forgetting: sad things; the time; all worries
know knew knowing: the answer; every bird; a secret
believe believed believing: in magic; in good things
imagine imagined imagining: new worlds; funny things; a far land
pretend pretended pretending: to be a king; to be a bird; to sleep
act acted acting: ; like a king; in a play; very silly
perform performed performing: ; on a stage; a magic trick
celebrate celebrated celebrating: ; with cake; the day; with songs
decorate decorated decorating: the room; a cake; the tree; *place
wear wore wearing: a big hat; a crown; funny socks
pack packed packing: a bag; lunch; a box
unpack unpacked unpacking: a bag; the boxes
wrap wrapped wrapping: gifts; a box; a present
hang hung hanging: pictures; lights; from a branch
point pointed pointing: ; at the sky; at the stars
knot knotted knotting: a rope; a string
guard guarded guarding: the house; the gate; the sheep; *place
protect protected protecting: the little ones; the nest; the garden; *animal,place
rescue rescued rescuing: bugs; a kitten; lost things; *animal
polish polished polishing: shoes; the spoons; the bell
measure measured measuring: the room; the tree; everything
sort sorted sorting: buttons; the books; the mail
stack stacked stacking: blocks; stones; the wood
fill filled filling: a bucket; the basket; the jars
"""

VERBS = {}  # base -> {"past":…, "ing":…, "third":…, "tails": [...], "cats": [...]}
for _line in _VERBS.strip().splitlines():
    _head, _tails = _line.split(":")
    _b, _p, _i = _head.split()
    _t, _c = [], []
    for _x in _tails.split(";"):
        _x = _x.strip()
        if _x.startswith("*"):
            _c = _x[1:].split(",")
        elif _x not in _t:
            _t.append(_x)
    _third = _b + "es" if _b.endswith(("s", "sh", "ch", "x", "z", "o")) else _b[:-1] + "ies" if _b.endswith("y") and _b[-2] not in "aeiou" else _b + "s"
    VERBS[_b] = {"past": _p, "ing": _i, "third": _third, "tails": _t, "cats": _c}

GIRLS = """Lily Mia Anna Emma Lucy Sara Zoe Ella Ruby Molly Daisy Amy Nora Rosa Kate Jane Sophie Grace Ivy Maya Tina Lola
Clara Eva Hana Alice Ida Julia Leah Nina Olga Polly Rita Tara Vera Wendy Yara Bella Cleo Dora Fiona Gina Holly Iris
Jenny Kira Luna Maria Nelly Penny Rose Stella Tess Una Willa""".split()
BOYS = """Tom Ben Sam Max Tim Jack Leo Finn Noah Adam Luke Jake Oscar Henry Peter Paul Mark Dan Eli Hugo Ivan Joe Kai
Liam Milo Nick Omar Pablo Ravi Simon Theo Victor Will Zack Alex Bob Carl David Emil Felix George Ian Jonas Kevin Lars
Mateo Nate Otto Rico Sean Toby Walter Anton Bruno""".split()
PETS = "Pip Dot Rusty Coco Biscuit Nibbles Pepper Fluff Bubbles Mimi Sunny Patch Hazel Whiskers Scout Tiko Momo Spot Sparky".split()


def article(word):
    if word.startswith(("hon", "hour")):
        return "an" if not word.startswith("honey") else "a"
    return "an" if word[0] in "aeiou" and not word.startswith(("uni", "use", "eu", "one")) else "a"


def plural(noun):
    if noun in IRREGULAR_PLURAL:
        return IRREGULAR_PLURAL[noun]
    if noun.endswith(("s", "sh", "ch", "x", "z")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


NOUN_INFO = {}  # noun -> (category, kind) with kind "count", "mass" or "unique"
for _cat, _words in NOUNS.items():
    for _w in _words.split():
        _kind = {"~": "mass", "!": "unique"}.get(_w[0], "count")
        NOUN_INFO.setdefault(_w.lstrip("~!"), (_cat, _kind))


def noun_forms(noun):
    return {noun, plural(noun)}


def verb_forms(verb):
    v = VERBS[verb]
    return {verb, v["past"], v["ing"], v["third"]}


def adjective_forms(adj):
    if adj.endswith("y"):
        return {adj, adj[:-1] + "ier", adj[:-1] + "iest", adj[:-1] + "ily"}
    if adj.endswith("e"):
        return {adj, adj + "r", adj + "st", adj + "ly"}
    return {adj, adj + "er", adj + "est", adj + "ly"}
