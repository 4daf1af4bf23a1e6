"""What phield-tiny can say about Phield. The facts are in facts.json, from which the app's own help is made, too: for each
language a title, the answer, the words that an answer must hold to be right, and phrasings in the template language of
world.pick. Every phrasing is also reworded and varied by polite openings, casing, lost marks and slips (see `ask`)."""
import json
import os

from .world import pick

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "facts.json"), encoding="utf-8") as f:
    FACTS = {fact["id"]: fact for fact in json.load(f)}
TOPICS = sorted(FACTS)

BEFORE = {"en": ["", "", "", "", "", "", "", "", "Hi. ", "Hello! ", "Hey, ", "Please tell me: ", "A question: ", "I have a question. ", "Quick question: ",
                 "Tell me, ", "Hi Phield, ", "So, ", "OK, ", "And ", "One more thing: ", "Just wondering: ", "I wonder: ", "Excuse me, "],
          "pt": ["", "", "", "", "", "", "", "", "Oi. ", "Olá! ", "Ei, ", "Me diga: ", "Uma pergunta: ", "Tenho uma dúvida. ", "Pergunta rápida: ",
                 "Me diz, ", "Oi Phield, ", "Então, ", "Bom, ", "E ", "Mais uma coisa: ", "Só por curiosidade: ", "Queria saber: ", "Desculpa, "]}
AFTER = {"en": ["", "", "", "", "", "", "", "", "", " Thanks.", " Please tell me.", " I want to know.", " Thank you!", " Please."],
         "pt": ["", "", "", "", "", "", "", "", "", " Obrigado.", " Me diz.", " Quero saber.", " Valeu!", " Por favor."]}
SMALL = {"en": set("the a an to is of my this i do does in it for can me you are on".split()),
         "pt": set("o a os as um uma de do da no na é meu minha isso eu em para me você são que se com".split())}
SYNONYMS = {"en": [g.split("|") for g in """need|require|want|have to have
needed|required|necessary|mandatory
work|run|function|operate
delete|remove|erase|get rid of|drop
big|large|heavy|huge
small|little|tiny
fast|quick|speedy
show|display|give
make|create|produce|get
look at|see|view|check
start|begin|open|launch
stop|end|halt|quit
change|modify|alter|edit|correct
send|transfer|transmit|upload
stored|saved|kept|held
store|save|keep|hold
tell me about|explain|describe|inform me about
what is|what's|explain|define|what does it mean:
who made|who created|who built|who is behind|who wrote
how do I|how can I|how could I|how would I|what must I do to|what is the way to|is there a way to|how should I
can I|may I|could I|am I able to|is it possible to|is it possible for me to
can you|could you|are you able to|would you|do you know how to
do I need|must I have|is it required to have|is there a need for
computer|laptop|machine|PC|device
phone|smartphone|mobile|iPhone
answer|reply|response
answers|replies|responses
chat|conversation|talk|discussion
message|text|question|note
picture|photo|image
file|document|PDF
free|free of charge|without cost
cost|price|fee
internet|network|web|connection|wifi
website|site|web page|homepage|blog
better|smarter|improved|nicer
another|a different|one more|a second
button|key|command
different from|unlike|not the same as|other than
data|information|words|texts
people|others|persons|strangers|somebody
my own|a custom|a private""".splitlines()],
            "pt": [g.split("|") for g in """preciso|é preciso|tenho que|devo|é necessário
funciona|roda|anda|dá certo
apagar|remover|excluir|deletar|eliminar
apago|removo|excluo|deleto|elimino
grande|pesado|enorme
pequeno|leve|minúsculo
rápido|veloz|ligeiro
mostrar|exibir|ver
abrir|usar|carregar
abro|uso|carrego
começo|inicio|abro|crio
parar|interromper|cancelar
mudar|trocar|alterar|corrigir|editar
enviado|mandado|transmitido
guardado|salvo|armazenado|gravado
guardados|salvos|armazenados|gravados
fale sobre|explique|me explica|descreva
o que é|explique|defina|me explica o que é|que coisa é
quem fez|quem criou|quem desenvolveu|quem está por trás de
como|de que jeito|de que modo|de que forma|qual o jeito de
posso|dá para|consigo|é possível|eu poderia
você pode|você consegue|dá para você|você poderia
computador|notebook|máquina|PC|aparelho
celular|telefone|smartphone
resposta|réplica|resposta sua
respostas|réplicas
conversa|chat|bate-papo|papo
mensagem|pergunta|texto
foto|imagem|figura
arquivo|documento|PDF
grátis|gratuito|de graça
custo|preço|valor|taxa
internet|rede|web|conexão|wifi
site|página|blog|página web
melhor|mais inteligente|mais esperto
outra|mais uma|uma diferente
botão|tecla|comando
diferente|desigual|distinto
dados|informações|textos
alguém|outras pessoas|estranhos
meu|o meu
quanto|que tanto
onde|em que lugar|em que canto
você|vc|tu""".splitlines()]}
FILLER = {"en": "please just really maybe actually then now exactly here today also there still ever".split(),
          "pt": "por favor mesmo agora então aqui hoje também ainda já só tipo".split()}




def reword(text, lang, rng):
    """The same question in other words, more or less: what must count are the words that matter."""
    low = " " + text + " "
    for group in rng.sample(SYNONYMS[lang], len(SYNONYMS[lang])):
        if rng.random() < 0.5:
            for w in group:
                at = low.lower().find(" " + w.lower() + " ")
                if at >= 0:
                    low = low[:at + 1] + rng.choice(group) + low[at + 1 + len(w):]
                    break
    words = low.split()
    r = rng.random()
    if r < 0.35:
        words = [w for w in words if rng.random() > (0.3 if w.lower() in SMALL[lang] else 0.06)] or words
    elif r < 0.5:
        words.insert(rng.randrange(len(words) + 1), rng.choice(FILLER[lang]))
    elif r < 0.58 and len(words) > 3:
        cut = rng.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    text = " ".join(words)
    return text[0].upper() + text[1:]


PLAIN = str.maketrans("áàâãéêíóôõúçÁÉÍÓÚÇ", "aaaaeeiooouc" + "AEIOUC")


def slip(text, rng):
    """A typing error: a letter lost, doubled or swapped with the next one."""
    at = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha()]
    if not at:
        return text
    i, r = rng.choice(at), rng.random()
    return text[:i] + ("" if r < 0.4 else text[i] * 2 if r < 0.6 else text[i + 1] + text[i]) + text[i + (2 if r >= 0.6 else 1):]


def casual(text, lang, rng, slips=0.06):
    """Lower case, lost end marks and accents, slips: people type like that."""
    if rng.random() < 0.22:
        text = text.lower()
    if rng.random() < 0.22:
        text = text.rstrip(".?!")
    if lang == "pt" and rng.random() < 0.12:
        text = text.translate(PLAIN)
    if rng.random() < slips:
        text = slip(text, rng)
    return text.strip()


def ask(name, lang, rng):
    """One phrasing of a fact, as a person might really type it."""
    fact = FACTS[name][lang]
    text = fact["title"] if rng.random() < 0.06 else pick(rng.choice(fact["ask"]), rng)
    if rng.random() < 0.6:
        text = reword(text, lang, rng)
    before = rng.choice(BEFORE[lang])
    if before and before[-2] in ":,dE" and not text.startswith(("I ", "Phi", "WebGPU", "Phield", "Chrome", "GGUF")):
        text = text[0].lower() + text[1:]
    text = before + text + rng.choice(AFTER[lang])
    if rng.random() < 0.03:
        text = text.upper()
    return casual(text, lang, rng)


def answer(name, lang):
    return FACTS[name][lang]["answer"]


def judge(name, lang, text):
    """Right: all key facts of the topic, and no other topic's answer in it."""
    flat = " ".join(text.split())
    return all(k in flat for k in FACTS[name][lang]["keys"]) and not any(FACTS[o][lang]["answer"] in flat for o in FACTS if o != name)
