"""Requests for stories, the stories, and what people ask next: go on, change the end, who is who."""
import os
import random
import re

from . import consistency, lexicon, lexicon_pt
from .questions import casual, slip
from .world import World, WorldPt, load, pick

HERE = os.path.dirname(os.path.abspath(__file__))
LEX = {"en": lexicon, "pt": lexicon_pt}
WORLDS = {"en": World, "pt": WorldPt}
PLOTS = {lang: load(os.path.join(HERE, "plots_%s.txt" % lang)) for lang in LEX}
WORDS = {lang: tuple(sorted(t) for t in (lex.NOUN_INFO, lex.VERBS, lex.ADJECTIVES)) for lang, lex in LEX.items()}

# [n] [v] [a] the words, each in quotes or not; [L] the three as a list in any order; [aN] noun with article, [aAN] with adjective
THREE = {"en": """
{Tell me|Write|Write me|Please write|Please tell me|Make up|Can you tell me|Could you write|I want|I would like|Give me|Create|Can I have|Let me hear} a {|short |little |simple |nice }{story|story|story|tale} {with|that uses|using|that has|containing|made of|from|that includes} {the words |the three words |}[L]{.|.|?|}
{Tell me|Write|Please write|Make up|Could you write|Invent} a {|short |little }{story|tale} {with|that uses|using|which has} the noun [n], the verb [v] and the adjective [a].
{Write|Tell|Tell me|Make|I want|I need} a {|short |little }story. {Use|It should use|It must have|Please use|It needs|Put in|The words are|My words are} {|the words |these words: }[L].
{Write|Tell me} a {|short }story. {Use|It should have} the verb [v], the noun [n] and the adjective [a].
{Noun|noun|NOUN}{: | = }[n]{, |; | / }{verb|Verb|VERB}{: | = }[v]{, |; | / }{adjective|Adjective|ADJECTIVE|adj}{: | = }[a]{|.}
{Story|A story|Short story|story|story please}{: |, words: | with | of | - }[L]
[L]
{Words|My words|My three words|Three words|Here are three words|I have three words}{: | are }[L]. {Tell me a story|Write a story|Make a story of them|Story please|Can you make a story}{.|!|}
[L]{. | - | -> |: }{tell me a story|a story please|write a story with that|make a story|story!|now a story with them}
{Write|Tell|Make up|Tell me|Please write} a {|short |little }story in which {|the words }[L] {appear|are used|occur|come up|are in it}.
{I need|Give me|Please make|We want} a story in which the words [L] {appear|are used|occur}.
{For my son|For my class|For my kids|For bedtime}, {write|tell|make up} a {|short }story with [L].
{A|Give me a} story about [aN], please. {Use|It should use|Put in} the words [v] and [a].
{Tell me|Write|Give me} a {|short |little }story about [aAN]{ that uses the verb [v]| and use the verb [v]| with the word [v]}.
{Once more with|Now with|And with|Another one with|Now one with} [L]{.|, please.|}
{|Hi! |Hello. |Hey, }{Can|Could|Would} you {tell|write|make} {|me }{something|a story|a tiny tale|a fairy tale} {out of|around|featuring|that mentions|with} [L]{?|? Thank you!|, please?|}
{I would love|I'd like|My kid wants|We would like|My students want} {to hear |to read |}{a story|a tale|something short} {with|that includes|built on} [L]{| in it| inside}{.|, please.|}
[L]{, please make|: can you make|, I want|. Make me|: do me|. Now write} a {|short |little }{story|tale} {of them|from these|out of it|with all three}{.|!|}
{What|Which} story can you {tell|invent|write} {with|from|out of} [L]?
{Take|Combine|Mix|Join} [L] {and write|and tell|to make|for} a {|short |little }{story|tale}{.|, please.|}
{The kids|My pupils|Our little one|My grandson|Grandma} {asked for|would enjoy|is waiting for|needs} {a story|a tale|a short story}{. |, and }{make sure there is|please work in|I need to find|do not forget|there should be} [L]{| somewhere| inside}{.||, thanks.}
[L]{, | - |: |. }{can you spin a tale of that|what tale comes of it|go on and make a tale|weave them into a tale}{?|.|}
{May I|Could we|Can we} {get|read|enjoy} {a tale|a story|a fable} {where one finds|including|which holds|full of} [L]{?|, please?|}
{The noun is|My noun is} [n], {the|my} verb {is |}[v], {the|my} adjective {is |}[a]{. Story, please|. Go|. Begin|}{.|!|}
{May I|Can I|Could we|Might I|Would it be possible to|I hope to|I wish to|Let us|Is there any chance to} {have|get|read|see|listen to|enjoy|share} {a tale|a story|a short story|a bedtime story|a little fable|something|a few lines} {containing|which contains|that mentions|with|involving|around|that speaks of|based on|built from|with all of|that holds|whose words are|featuring|in which I meet|that includes} [L]{|?|.|, please.|, please?| for tonight.| for my class.}
[L]{ - | – |, |; |: |. |... }{turn it into|make them|change all three to|put those in|mould that into|form|build|sew them into|work these into|spin|compose|please turn them into|can this become|bring them together in|I would read} {a story|a tale|a little story|something to read|a bedtime story}{|.|, please| for me|?|, thanks}
{my|our|the|My|Our} {son|little girl|boy|girl|niece|nephew|teacher|class|sister|grandmother} {wants|asked for|needs|is asking for|would like|begs for} {a story|a tale|something to read}{. |, |: |; }{it needs|it must have|it should have|put|there has to be|please use|give it|please have|it wants} [L] {in it|inside|in there|somewhere|at the heart of it|among the words|on every page}{|.|, thanks}""",
         "pt": """
{Conte|Me conte|Conta|Escreva|Me escreva|Por favor, escreva|Por favor, conte|Invente|Pode contar|Você pode escrever|Quero|Eu queria|Me dê|Crie|Faça} uma {história|historinha|história curta|pequena história|história simples} {com|que use|usando|que tenha|feita de|contendo|que inclua} {as palavras |as três palavras |}[L]{.|.|?|}
{Conte|Escreva|Por favor, escreva|Invente|Crie} {uma história|uma historinha|uma história curta|um conto} {com|que use|que tenha} o substantivo [n], o verbo [v] e o adjetivo [a].
{Escreva|Conte|Me conta|Faça|Quero|Preciso de} {uma história|uma historinha|uma história curta|um conto}. {Use|Deve usar|Tem que ter|Por favor use|Coloque|As palavras são|Minhas palavras são} {|as palavras |estas palavras: }[L].
{Escreva|Conte} {uma história|uma historinha}. {Use|Deve ter} o verbo [v], o substantivo [n] e o adjetivo [a].
{Substantivo|substantivo|SUBSTANTIVO}{: | = }[n]{, |; | / }{verbo|Verbo|VERBO}{: | = }[v]{, |; | / }{adjetivo|Adjetivo|ADJETIVO}{: | = }[a]{|.}
{História|Uma história|Historinha|história|história por favor}{: |, palavras: | com | de | - }[L]
[L]
{Palavras|Minhas palavras|Minhas três palavras|Três palavras|Aqui vão três palavras|Eu tenho três palavras}: [L]. {Conte uma história|Escreva uma história|Faça uma história com elas|Uma história, por favor}{.|!|}
[L]{. | - | -> |: }{conte uma história|uma história por favor|escreva uma história com isso|faça uma história|história!}
{Escreva|Conte|Invente|Me conte|Por favor, escreva} {uma história|uma historinha|uma história curta} {em que|onde} {|as palavras }[L] {apareçam|apareçam|sejam usadas|estejam}.
{Preciso de|Me dê|Por favor faça|Queremos} uma história em que as palavras [L] {apareçam|sejam usadas}.
{Para meu filho|Para a minha turma|Para as crianças|Para dormir}, {escreva|conte|invente} {uma história|uma historinha} com [L].
{Uma|Me dê uma} história sobre [aN], por favor. {Use|Deve usar|Coloque} as palavras [v] e [a].
{Conte|Escreva|Me dê} {uma história|uma historinha} sobre [aAN]{ que use o verbo [v]| e use o verbo [v]| com a palavra [v]}.
{Mais uma com|Agora com|E com|Outra com|Agora uma com} [L]{.|, por favor.|}
{|Oi! |Olá. |Ei, }{você pode|pode|consegue} {contar|escrever|fazer} {|para mim }{uma história|um conto|algo|uma fábula} {com|a partir de|que mencione|em torno de} [L]{?|? Obrigado!|, por favor?|}
{Eu adoraria|Gostaria de|Meu filho quer|A turma quer|Queríamos} {ouvir|ler} {uma história|um conto|algo curto} {com|que inclua|feito de} [L]{.|, por favor.|}
[L]{, por favor faça|: você consegue fazer|, quero|. Me faça|. Agora escreva} {uma história|uma historinha|um conto} {com isso|com elas|a partir disso|com as três}{.|!|}
{Que|Qual} história você {conta|inventa|escreve} {com|a partir de} [L]?
{Pegue|Junte|Misture|Combine} [L] {e escreva|e conte|para fazer} {uma história|uma historinha|um conto}{.|, por favor.|}
{As crianças|Meus alunos|O meu neto|A vovó|A caçula} {pediu|pediram|espera|gostaria de|precisa de} {uma história|um conto|uma historinha}{. |, e }{não pode faltar|deve haver|por favor ponha|preciso achar|não esqueça} [L]{| dentro| no meio}{.||, obrigado.}
[L]{, | - |: |. }{que conto sai disso|você consegue tecer um conto|vire isso num conto|monte uma história}{?|.|}
{Posso|Podemos|A gente pode} {ler|ganhar|curtir} {um conto|uma história|uma fábula} {onde se ache|incluindo|que traga|cheia de} [L]{?|, por favor?|}
{O substantivo é|Meu substantivo é} [n], o verbo {é |}[v], o adjetivo {é |}[a]{. História, por favor|. Pode começar|. Vai|}{.|!|}
{Posso|Podemos|A gente pode|Seria possível|Quem sabe eu consiga|Espero|Desejo|Daria para} {ter|ganhar|ler|ver|receber|curtir|dividir} {um conto|uma história|uma história curta|uma fábula|alguma coisa|umas linhas} {contendo|que mencione|que contém|com|envolvendo|em torno de|que fale de|baseado em|feito de|com tudo isto:|que traga|cujas palavras sejam|onde eu encontre|que inclua} [L]{|?|.|, por favor.|, por favor?| para hoje à noite.| para a minha turma.}
[L]{ - | – |, |; |: |. |... }{transforme em|vire isso em|ponha isso em|monte|construa|costure tudo em|junte tudo em|componha|por favor faça|isso pode virar|reúna isso em|eu leria} {uma história|um conto|uma historinha|algo para ler|uma história para dormir}{|.|, por favor| para mim|?|, valeu}
{meu|nosso|o|Meu|Nosso} {filho|neto|menino|sobrinho|professor|irmão|avô} {quer|pediu|precisa de|está pedindo|gostaria de|implora por} {uma história|um conto|algo para ler}{. |, |: |; }{precisa ter|deve ter|ponha|tem de haver|por favor use|é para ter|devem aparecer|coloque} [L] {dentro|nele|dentro dela|lá|ali|no meio|na história|no texto|em algum lugar|entre as palavras|nas frases}{|.|, valeu}
{minha|nossa|a|Minha|Nossa} {neta|turma|menina|sobrinha|professora|irmã|avó} {quer|pediu|precisa de|está pedindo|gostaria de|implora por} {uma história|um conto|algo para ler}{. |, |: |; }{precisa ter|deve ter|ponha|tem de haver|por favor use|é para ter|devem aparecer|coloque} [L] {dentro|nele|dentro dela|lá|ali|no meio|na história|no texto|em algum lugar|entre as palavras|nas frases}{|.|, valeu}"""}
ONE = {"en": """
{Tell me|Write|Write me|Please tell me|Can you tell me|Could you write|I want|Make up} a {|short |little |nice |funny }story about [aN].
{a story about|story about|tell me about|short story about|do you know a story about} [aN]
{Tell me|Write|I want} a {|short |little }story about [aAN].
{Tell|Write} a story with the word [n].
{Tell me|Write|Please tell me|Can you tell me} a {|short |little |nice }story about [aN] that uses the word [v].
{Tell|Write} a story with the words [n] and [v].""",
       "pt": """
{Conte|Me conte|Escreva|Por favor, conte|Você pode contar|Quero|Invente} {uma história|uma historinha|uma história curta|uma história engraçada} {sobre|de|com} [aN].
{uma história sobre|história sobre|historinha de|conta uma história de|você sabe uma história sobre} [aN]
{Conte|Escreva|Quero} {uma história|uma historinha} sobre [aAN].
{Conte|Escreva} uma história com a palavra [n].
{Conte|Escreva|Me conte} {uma história|uma historinha} sobre [aN] que use a palavra [v].
{Conte|Escreva} uma história com as palavras [n] e [v]."""}
ANY = {"en": """{Tell me|Write|Write me|Please tell me|Can you tell me|Could you write|Make up|Can you write} a {|short |little |nice |bedtime |new |funny }story{.|?|}
{A story, please|Another story|another one please|story time|One more story|I want to hear a story|I want a story|Do you know a story?|a story|Tell a story|Surprise me with a story|Can I have a story?|A short story please}""",
       "pt": """{Conte|Me conte|Conta|Escreva|Por favor, conte|Você pode contar|Invente} {uma história|uma historinha|uma história curta|uma história para dormir|uma história nova|uma história engraçada}{.|?|}
{Uma história, por favor|Outra história|mais uma por favor|hora da história|Quero ouvir uma história|Quero uma história|Sabe uma história?|uma história|Me surpreenda com uma história|Posso ouvir uma história?}"""}
MORE = {"en": """{Continue|continue|Go on|go on|Please continue|please go on|Continue the story|Please go on|Can you continue?|Could you go on?|keep going|Keep going, please}
{What happened next|What happens next|what happened then|And then|and then|What happened after that|then what|What then}?
{Tell me more|tell me more|More|more|More, please|I want more|more please|And after that?|Go on with the story|What did they do next?|How does it go on?|Is there more?|write more|Write the next part|Do not stop}""",
        "pt": """{Continue|continue|Continua|continua|Por favor continue|Continue a história|Pode continuar?|Siga em frente|segue|Vai em frente|Continue, por favor}
{O que aconteceu depois|O que acontece depois|e depois|E aí|E então|E o que aconteceu|e daí|Depois o quê}?
{Conte mais|conta mais|Mais|mais|Mais, por favor|Quero mais|Como continua?|O que fizeram depois?|Tem mais?|escreva mais|Escreva a próxima parte|Não pare}"""}
ENDING = {"en": """{Change the ending|Give it another ending|I want another ending|Can you change the end?|Tell it with a different ending|Make a new ending|another ending please|How could it end in another way?|change the end|Please write a different ending|I do not like the ending}{.|}""",
          "pt": """{Mude o final|Dê outro final|Quero outro final|Pode mudar o fim?|Conte com um final diferente|Faça um novo final|outro final por favor|Como poderia acabar de outro jeito?|muda o final|Por favor escreva um final diferente|Não gostei do final}{.|}"""}
WHO = {"en": "{Who is|Who was|who is|Tell me who is|And who is|Tell me about} %s{?|}", "pt": "{Quem é|Quem era|quem é|Me diga quem é|E quem é|Fale sobre} %s{?|}"}

CONTINUE = {"en": """
The next day, [H] went to see [G2]. "Do you want to [V] with me?" asked [H]. "Yes!" said [G2]. So they [Ved] all day long. In the evening, they were tired, but glad.
A week later, [H] got a letter. It was from [G2]. "Please come," it said. "I want to show you something." [H] ran there at once. [G2] had learned to [V]! [H] laughed and clapped.
That night, there was a storm. [H] could not sleep. Then there was a knock. It was [G2]! "May I stay with you?" asked [G2]. "Of course," said [H]. And they told stories until the storm was over.
The next morning, [H] and [G2] met again. "What shall we do today?" asked [G2]. "Let us [V]," said [H]. They [Ved] and forgot the time. When it grew dark, they walked home together.
Some days later, [G2] was sad. "What is wrong?" asked [H]. "I have to move away," said [G2]. They were both quiet. Then [H] said: "I will visit you every summer." And that is what [he] did.
After that, everyone wanted to hear the story. [H] told it again and again, and [G2] nodded. "Is that really true?" people asked. "Every word," said [G2]. Then they all began to [V].
One day, [H] and [G2] found an old map. "There is a treasure on it!" cried [G2]. They followed the map to the big tree and dug. In the ground lay a box full of apples. They ate them all and laughed.
In the winter, it snowed for the first time. [H] ran to [G2]. "Come out!" cried [H]. They built a big snowman. "He looks like you," said [G2], and they both laughed.
Soon it was [H]'s birthday. Nobody said a word about it, and [H] thought that everyone had forgotten. But in the evening, [G2] stood at the door with a cake. "Did you think that I forgot?" asked [G2]. [H] had never been so happy.
The next day, they met a new [child2]. "I am new here," said the [child2]. "What can one do in this place?" [H] and [G2] looked at each other. "We will show you," they said. And so they were three.""",
            "pt": """
No dia seguinte, [H] foi ver [G2]. "Quer [V] comigo?", perguntou [H]. "Quero!", disse [G2]. Então [Vram] o dia inteiro. À noite, o cansaço era grande, mas a alegria também.
Uma semana depois, [H] recebeu uma carta. Era de [G2]. "Venha logo", dizia a carta. "Quero mostrar uma coisa." [H] foi correndo. [G2] tinha aprendido a [V]! [H] riu e bateu palmas.
Naquela noite, caiu um temporal. [H] não conseguia dormir. Aí bateram na porta. Era [G2]! "Posso ficar aqui?", perguntou [G2]. "Claro", disse [H]. E contaram histórias até a chuva passar.
Na manhã seguinte, [H] e [G2] se encontraram de novo. "O que vamos fazer hoje?", perguntou [G2]. "Vamos [V]", disse [H]. Passaram o dia assim. Quando escureceu, voltaram para casa.
Dias depois, [G2] estava triste. "O que foi?", perguntou [H]. "Vou me mudar para longe", disse [G2]. Ficaram em silêncio. Então [H] disse: "Vou te visitar todo verão." E foi o que [ele] fez.
Depois disso, todos queriam ouvir a história. [H] contava sempre de novo, e [G2] fazia que sim. "Isso é verdade?", perguntavam. "Cada palavra", dizia [G2]. E aí todos começavam a [V].
Um dia, [H] e [G2] acharam um mapa antigo. "Tem um tesouro aqui!", gritou [G2]. Seguiram o mapa até a árvore grande e cavaram. No chão havia uma caixa cheia de goiabas. Comeram todas e riram.
Logo veio o aniversário de [H]. Ninguém falava nada, e [H] achou que todos tinham esquecido. Mas à noite [G2] apareceu na porta com um bolo. "Você achou que eu esqueci?", perguntou [G2]. [H] nunca tinha sentido tanta alegria.
Chegou o mês de junho, e a vila fez uma festa com fogueira. [H] e [G2] comeram milho e pé de moleque. "Vamos [V]!", disse [H]. E ficaram na festa até tarde.
No dia seguinte, apareceu um bicho novo por ali. "Acabei de chegar", disse o bicho. "O que se faz neste lugar?" [H] e [G2] se olharam. "A gente mostra", disseram. E assim ficaram três."""}
NEW_END = {"en": """
In the new ending, [H] did not go home. [H] and [G2] went on together and saw the whole wide world. And wherever they came, they [Ved].
In this ending, it was all a dream. [H] woke up and told [G2] about it. "Then let us begin again," said [G2].
This time, it ended like this: [G2] gave [H] a big hug, and [M] made pancakes for everyone. They ate until they could eat no more.
In the new ending, [H] became famous. But [he] did not forget [G2]. Every Sunday they met and [Ved].
This time, [G2] had to leave. [H] waved for a long time. But in spring, [G2] came back, and they were happier than before.""",
           "pt": """
No novo final, [H] não voltou para casa. [H] e [G2] saíram pelo mundo. E em todo lugar [Vram].
Neste final, tudo foi um sonho. [H] acordou e contou para [G2]. "Então vamos começar de novo", disse [G2].
Desta vez acabou assim: [G2] deu um grande abraço em [H], e [M] fez bolo para todos. Comeram até não poder mais.
No novo final, [H] ficou famos[H:o/a]. Mas não esqueceu de [G2]. Todo domingo os dois se encontravam e [Vram].
Desta vez, [G2] foi embora. [H] acenou por muito tempo. Mas na primavera [G2] voltou, e a alegria foi maior do que antes."""}
NOBODY = {"en": "There is no %s in this story.", "pt": "Não há %s nesta história."}


def lines(block):
    return block.strip().splitlines()


def plot_for(lang, noun, rng):
    cat = LEX[lang].NOUN_INFO[noun][0]
    return rng.choice([p for p in PLOTS[lang] if cat in p.cats and (len(p.cats) == 1 or rng.random() < 0.5)])


def listed(lang, world, rng):
    """The three words in one of many ways; mostly noun, verb, adjective, sometimes in another order."""
    q = rng.choice(["", "", "", '"', '"', "'", "*"])
    words = [q + w + q for w in (world.noun, world.verb, world.adj)]
    if rng.random() < 0.3:
        rng.shuffle(words)
    a, b, c = words
    both = "and" if lang == "en" else "e"
    return rng.choice(["%s, %s %s %s" % (a, b, both, c), "%s, %s %s %s" % (a, b, both, c), "%s, %s, %s" % (a, b, c), "%s, %s, %s" % (a, b, c),
                       "%s %s %s" % (a, b, c), "%s; %s; %s" % (a, b, c), "%s/%s/%s" % (a, b, c), "%s, %s, and %s" % (a, b, c) if lang == "en" else "%s %s %s %s %s" % (a, both, b, both, c)])


def request(lang, world, templates, rng):
    t = pick(rng.choice(lines(templates)), rng)
    if "[aAN]" in t and not (world.fits and world.kind == "count"):
        t = t.replace("[aAN]", "[aN]")
    if rng.random() < 0.1:
        t = slip(t, rng) if "[" not in t else t
    q = rng.choice(["", "", '"', '"', "'"])
    if "[aN]" in t or "[aAN]" in t:
        if lang == "en":
            a, aa = world.a(world.noun), world.a("%s %s" % (world.adj, world.noun))
        else:
            a, aa = world.art(world.noun, world.ng, world.kind), world.art(world.noun_adj(world.noun, world.ng), world.ng, world.kind)
        t = t.replace("[aN]", a).replace("[aAN]", aa)
    t = t.replace("[L]", listed(lang, world, rng)).replace("[n]", q + world.noun + q).replace("[v]", q + world.verb + q).replace("[a]", q + world.adj + q)
    return casual(t, lang, rng, slips=0)


def make(lang, rng, forbidden=frozenset()):
    """A world and its story; what the rules find contradictory is thrown away."""
    nouns, verbs, adjectives = WORDS[lang]
    while True:
        noun, verb, adj = rng.choice(nouns), rng.choice(verbs), rng.choice(adjectives)
        if (noun, verb, adj) in forbidden or len({noun, verb, adj}) < 3:
            continue
        world = WORLDS[lang](rng, noun, verb, adj, plot_for(lang, noun, rng))
        text = world.tell()
        if not consistency.problems(text, lang) and not consistency.missing(text, lang, noun, verb, adj) and consistency.worst_repeat(text) <= 3:
            return world, text


def follow(world, block, used, rng):
    choices = [i for i in range(len(lines(block))) if i not in used]
    if not choices:
        return None
    i = rng.choice(choices)
    used.add(i)
    t = lines(block)[i].replace("[G2]", world.names()[1]).replace("[child2]", "boy")
    if world.lang == "pt" and world.animal and "carta" in t:
        t = t.replace("carta", "mensagem")
    return world.line(t)


def conversation(lang, rng, forbidden=frozenset()):
    """One story conversation: [(user, assistant), ...]."""
    world, text = make(lang, rng, forbidden)
    r = rng.random()
    if r < 0.12:
        ask = request(lang, world, ONE[lang], rng)
    elif r < 0.16:
        ask = casual(pick(rng.choice(lines(ANY[lang])), rng), lang, rng)
    else:
        ask = request(lang, world, THREE[lang], rng)
    turns, used, ended = [(ask, text)], set(), set()
    while len(turns) < 4 and rng.random() < 0.36:
        r = rng.random()
        if r < 0.5:
            turns.append((casual(pick(rng.choice(lines(MORE[lang])), rng), lang, rng), follow(world, CONTINUE[lang], used, rng)))
        elif r < 0.68:
            answer = follow(world, NEW_END[lang], ended, rng)
            turns.append((casual(pick(ENDING[lang], rng), lang, rng), answer))
        else:
            lex = LEX[lang]
            name = rng.choice(world.names() * 3 + [rng.choice(lex.GIRLS + lex.BOYS)])
            known = name in world.names()
            turns.append((casual(pick(WHO[lang] % name, rng), lang, rng, slips=0), world.who(name) if known else NOBODY[lang] % name))
    return turns


ONLY_WORDS = {"en": ("{First repeat the words|Only repeat the words|Which words are those|Just say the words}{.|?|}", "The words are %s, %s and %s."),
              "pt": ("{Antes repita as palavras|Só repita as palavras|Quais são as palavras|Diga só as palavras}{.|?|}", "As palavras são %s, %s e %s.")}


def words_turn(lang, rng, forbidden=frozenset()):
    """A request for a story, but only its words are to be said, noun first: a lesson in finding them in any wording."""
    while True:
        noun, verb, adj = (rng.choice(x) for x in WORDS[lang])
        if (noun, verb, adj) not in forbidden and len({noun, verb, adj}) == 3:
            break
    world = WORLDS[lang](rng, noun, verb, adj, plot_for(lang, noun, rng))
    ask, answer = ONLY_WORDS[lang]
    return request(lang, world, THREE[lang], rng) + rng.choice([" ", " ", "\n"]) + pick(ask, rng), answer % (noun, verb, adj)


if __name__ == "__main__":
    g = random.Random(1)
    for _ in range(12):
        for u, a in conversation(g.choice(["en", "pt"]), g):
            print(">", u, "\n" + a + "\n")
