"""Brazilian Portuguese words: nouns with gender, adjectives that agree, verbs with the forms that stories use.

Codes of adjectives and categories of nouns mean what they mean in lexicon.py. Nothing here is a translation of the
English lists word by word: what a Brazilian child's story is full of is what is in it.
"""

_NOUNS = {
    "animal": {
        "m": """cachorro gato pato coelho urso leão tigre macaco sapo cavalo porco galo burro elefante rato peixe pinguim
            golfinho caranguejo lobo papagaio tucano tatu jacaré morcego besouro grilo camelo castor cisne gavião hamster
            passarinho vaga-lume bode cordeiro lagarto polvo esquilo""",
        "f": """raposa tartaruga abelha borboleta formiga aranha coruja girafa zebra vaca galinha ovelha baleia foca onça
            capivara preguiça arara minhoca joaninha lagartixa cabra égua pomba cobra lontra gaivota lesma andorinha"""},
    "object": {
        "m": """barco-de-papel brinquedo tambor violão livro lápis caderno balão chapéu sapato casaco relógio espelho vaso
            travesseiro cobertor tapete lenço anel colar copo prato garfo martelo balde sabonete pente guarda-chuva mapa
            tesouro baú sino quadro banco sofá botão laço presente robô telescópio computador rádio pião cesto apito
            skate boné lampião desenho bilhete""",
        "f": """bola boneca pipa caixa bolsa mochila cadeira mesa cama lâmpada vela chave carta caneta tesoura corda escada
            janela porta panela colher xícara garrafa toalha vassoura camisa saia luva bota coroa moeda flauta corneta
            bandeira rede pedra concha pena folha flor semente máscara fantasia varinha lanterna pulseira almofada moldura
            máquina estátua cesta peteca"""},
    "food": {
        "m": "pão bolo queijo leite suco arroz feijão mel biscoito sorvete pudim milho tomate abacaxi morango limão pastel brigadeiro chocolate abacate mingau doce sanduíche",
        "f": "maçã banana laranja manga uva pera melancia goiaba cenoura batata sopa tapioca torta salada pipoca geleia bala cocada abóbora cebola farofa limonada"},
    "place": {
        "m": "jardim parque quintal rio lago mar morro vale campo castelo mercado museu circo porto farol sítio bosque caminho túnel galpão teatro deserto telhado hospital",
        "f": "praia floresta fazenda escola praça cidade vila rua ponte casa cozinha biblioteca padaria montanha cachoeira ilha caverna feira torre horta loja estação igreja fábrica"},
    "person": {
        "m": "rei príncipe pescador padeiro professor médico palhaço pirata mágico pintor cantor marinheiro carteiro jardineiro cozinheiro bombeiro vizinho gigante cavaleiro astronauta menino avô primo músico alfaiate vaqueiro",
        "f": "rainha princesa fada bruxa professora médica dançarina cantora pintora enfermeira cozinheira costureira vizinha menina avó prima bailarina feirante sereia bibliotecária dentista juíza cientista jardineira"},
    "sky": {
        "m": "!sol vento trovão arco-íris orvalho fogo raio",
        "f": "!lua estrela nuvem chuva tempestade onda sombra névoa neblina poça fogueira"},
    "vehicle": {
        "m": "carro trem barco navio avião ônibus caminhão foguete trator helicóptero submarino balão-de-ar patinete táxi",
        "f": "bicicleta canoa jangada carroça moto charrete nave van balsa"},
}
_ADJ = {
    "t": """corajoso gentil esperto preguiçoso tímido curioso orgulhoso educado bobo honesto engraçado simpático guloso
        bravo travesso leal sábio teimoso cuidadoso alegre mandão generoso egoísta atrevido humilde carinhoso sonhador
        obediente distraído paciente brincalhão inteligente medroso famoso sincero trabalhador bondoso""",
    "f": """feliz triste zangado assustado animado surpreso sozinho nervoso preocupado entediado calmo contente confuso
        cansado sonolento faminto ansioso envergonhado aflito satisfeito emocionado""",
    "bop": "grande pequeno bonito feio velho novo lindo estranho quieto barulhento sujo limpo enorme minúsculo",
    "bo": "alto fino gordo molhado seco forte fraco macio fofo listrado pesado leve pintado peludo redondo magro",
    "o": """comprido largo grosso quadrado liso duro brilhante empoeirado quebrado afiado dourado prateado torto especial raro
        útil caro barato frágil moderno grudento valioso perfeito rasgado simples""",
    "obe": "vermelho azul verde amarelo roxo rosado laranja marrom branco preto cinza colorido",
    "op": "vazio cheio escondido mágico secreto maravilhoso arrumado bagunçado antigo diferente encantado",
    "e": "doce azedo salgado apimentado gostoso saboroso fresco maduro amargo suculento cremoso crocante saudável quente delicioso gelado",
    "w": "ensolarado chuvoso nublado frio escuro claro ventoso abafado",
    "p": "profundo íngreme movimentado seguro perigoso assombrado tranquilo florido distante silencioso",
}
BEFORE = {"grande", "pequeno", "lindo", "velho", "novo", "enorme"}

NOUN_INFO, GENDER = {}, {}
for _cat, _by in _NOUNS.items():
    for _g, _words in _by.items():
        for _w in _words.split():
            _kind = "unique" if _w[0] == "!" else "count"
            _w = _w.lstrip("!").replace("balão-de-ar", "dirigível").replace("barco-de-papel", "barquinho")
            NOUN_INFO.setdefault(_w, (_cat, _kind))
            GENDER.setdefault(_w, _g)
MASS = set("arroz leite suco mel milho feijão mingau chocolate queijo pipoca farofa limonada geleia".split())
for _w in MASS:
    NOUN_INFO[_w] = ("food", "mass")

ADJECTIVES = {}
for _codes, _words in _ADJ.items():
    for _w in _words.split():
        ADJECTIVES[_w] = ADJECTIVES.get(_w, "") + _codes
for _w in "frio escuro claro".split():
    ADJECTIVES[_w] += "p"
ADJECTIVES["frio"] += "e"
ADJECTIVES["escuro"] += "o"
CODE_OF_CATEGORY = {"animal": "tfb", "person": "tfb", "object": "o", "food": "e", "place": "p", "sky": "-", "vehicle": "o"}


def agree(adj, gender):
    if gender == "m":
        return adj
    if adj.endswith("ão"):
        return adj[:-2] + "ona"
    if adj.endswith("o"):
        return adj[:-1] + "a"
    if adj.endswith("or"):
        return adj + "a"
    return adj


def plural(word):
    if word.endswith("ão"):
        return word[:-2] + {"leão": "ões", "pão": "ães"}.get(word, "ões")
    if word.endswith(("r", "z")):
        return word + "es"
    if word.endswith(("al", "el", "ol")):
        return word[:-2] + {"a": "ais", "e": "éis", "o": "óis"}[word[-2]]
    if word.endswith("il"):
        return word[:-2] + "eis"
    if word.endswith("m"):
        return word[:-1] + "ns"
    if word.endswith("s"):
        return word
    return word + "s"


_VERBS = """
pular : ; na corda; bem alto; de um lado para o outro
correr : ; bem rápido; pelo campo; até a ponte
andar : ; devagar; na beira do rio; de bicicleta
nadar : ; no rio; como um peixe; bem longe
dançar : ; na chuva; em roda; ao som do tambor
cantar : ; bem alto; uma canção; uma cantiga de roda
rir : ; bem alto; de tudo; com gosto
sorrir : ; para todos; sem parar
chorar : ; baixinho; um pouco
gritar : ; bem alto; de alegria; do alto do morro
conversar : ; com os passarinhos; com todo mundo
ouvir : o vento; os passarinhos; histórias; *animal
olhar : as estrelas; as nuvens; para longe; *animal,sky
esperar : ; na porta; com calma
brincar : ; no quintal; de roda; o dia inteiro
dormir : ; na rede; debaixo da árvore; um pouco
descansar : ; na sombra; na rede
sonhar : ; acordado; com as estrelas; bem alto
pensar : ; bastante; em coisas boas
procurar : conchas; pedrinhas; por toda parte; *object
achar : conchas; pedrinhas bonitas; um caminho novo; *object
esconder : um segredo; um presente; as pegadas; *object
sentar : ; na grama; debaixo da árvore
subir : na árvore; no morro; a escada
descer : o morro; a escada; devagar
voar : em sonho; bem alto; com uma pipa
cair : ; na grama; na risada
rolar : ; na grama; morro abaixo
girar : ; sem parar; como um pião
bater : palmas; na porta; o tambor
assobiar : ; uma música; como um passarinho
bocejar : ; bem alto; o dia inteiro
espirrar : ; bem alto; sem parar
respirar : ; fundo; o ar fresco
jogar : bola; peteca; pedrinhas no rio
chutar : a bola; as folhas; uma latinha
pegar : frutas; borboletas; a bola no ar; *object
empurrar : o carrinho; o balanço; a porta pesada; *vehicle
puxar : a corda; o carrinho; a rede; *vehicle
carregar : água; lenha; a cesta; *object
levantar : pedras; a cesta; bem cedo
segurar : a corda; a mão de todos; *object
abrir : a porta; a janela; o baú; *object
fechar : a porta; a janela; o portão
construir : um castelo de areia; uma casinha; uma ponte
fazer : caretas; barquinhos de papel; bolinhos
consertar : brinquedos; a cerca; o telhado; *vehicle,object
cortar : papel; a grama; lenha
dobrar : papel; as roupas; os lençóis
costurar : roupas; botões; uma boneca de pano
pintar : quadros; a cerca; um arco-íris; *object,place
desenhar : na areia; bichos; caretas; *animal,place,sky
escrever : cartas; versos; histórias
ler : um livro; histórias; versos
contar : histórias; as estrelas; piadas
aprender : coisas novas; uma canção; um truque
ensinar : um truque; uma brincadeira; uma canção
estudar : mapas; as estrelas; um livro antigo
perguntar : tudo; o nome das flores
responder : charadas; cartas; com calma
dividir : o lanche; os brinquedos; *food
dar : presentes; flores; abraços
emprestar : livros; brinquedos; *object
trocar : figurinhas; bolinhas de gude; brinquedos
comprar : frutas; pão; um presente; *food,object
vender : limonada; bolinhos; flores; *food
guardar : moedas; segredos; sementes; *object
juntar : conchas; folhas; moedas
trazer : flores; boas notícias; frutas
visitar : os vizinhos; os avós; lugares novos; *place,person
ajudar : ; em casa; na horta; os outros; *animal,person
trabalhar : ; na horta; o dia inteiro; com capricho
limpar : a casa; as janelas; a mesa; *place,vehicle
lavar : a louça; as janelas; as mãos; *vehicle
varrer : o chão; o quintal; as folhas; *place
cavar : ; um buraco; na areia; na horta
plantar : sementes; flores; uma árvore
regar : as plantas; as flores; a horta
cuidar : dos bichos; das plantas; da horta
alimentar : os patos; as galinhas; os passarinhos; *animal
abraçar : todo mundo; uma árvore; *animal,person
beijar : a avó; o bebê
comer : frutas; bolo; pipoca; *food
beber : água; suco; leite morno
cozinhar : sopa; feijão; o jantar
assar : pão; um bolo; biscoitos
misturar : tintas; a massa; cores
provar : a sopa; frutas; comidas novas; *food
cheirar : as flores; o pão quente; *food
morder : uma maçã; um biscoito
dirigir : um trator; um carrinho; *vehicle
navegar : ; pelo rio; num barquinho
viajar : ; para longe; de trem; pelo mundo
explorar : o bosque; lugares novos; uma gruta; *place
passear : ; na beira do rio; pelo campo
marchar : ; em fila; como um soldado
praticar : ; todo dia; uma música; um truque
lembrar : dias felizes; uma canção antiga
imaginar : mundos novos; coisas engraçadas
fingir : dormir; ser um rei; ser um passarinho
comemorar : ; com bolo; com música
enfeitar : a casa; o bolo; a árvore; *place,object
vestir : um chapéu grande; uma capa; meias engraçadas
embrulhar : presentes; uma caixa
apontar : para o céu; para as estrelas
proteger : os pequenos; o ninho; a horta; *animal,place
salvar : formigas; o dia; os pequenos; *animal
medir : a sala; a árvore; tudo
encher : o balde; a cesta; o copo
balançar : ; na rede; bem alto
mergulhar : ; no lago; bem fundo
pescar : ; no rio; um peixe grande
cochichar : ; um segredo; baixinho
acenar : ; para todos; da janela
"""
_IRREGULAR = {  # infinitive: preterite he/she, they, gerund, imperfect
    "fazer": ("fez", "fizeram", "fazendo"), "trazer": ("trouxe", "trouxeram", "trazendo"), "dar": ("deu", "deram", "dando"),
    "cair": ("caiu", "caíram", "caindo"), "construir": ("construiu", "construíram", "construindo"),
}
VERBS = {}
for _line in _VERBS.strip().splitlines():
    _v, _tails = _line.split(" :")
    _t, _c = [], []
    for _x in _tails.split(";"):
        _x = _x.strip()
        if _x.startswith("*"):
            _c = _x[1:].split(",")
        elif _x not in _t:
            _t.append(_x)
    _stem, _end = _v[:-2], _v[-2:]
    _past, _pl, _ger = _IRREGULAR.get(_v) or (_stem + {"ar": "ou", "er": "eu", "ir": "iu"}[_end],
                                              _stem + {"ar": "aram", "er": "eram", "ir": "iram"}[_end],
                                              _stem + {"ar": "ando", "er": "endo", "ir": "indo"}[_end])
    _imp = _stem + ("ava" if _end == "ar" else "ía" if _v in ("cair", "construir") else "ia")
    VERBS[_v] = {"past": _past, "they": _pl, "ing": _ger, "was": _imp, "tails": _t, "cats": _c}

GIRLS = """Ana Bia Clara Duda Elisa Flora Gabi Helena Isabel Júlia Laura Luísa Maria Nair Olívia Rita Sofia Teresa Vitória
Yara Cecília Lia Marina Rosa Alice Bruna Camila Dora Iara Joana Lara Manu Paula Sílvia Tainá Valéria Inês Rute""".split()
BOYS = """João Pedro Lucas Davi Miguel Bento Caio Daniel Artur Heitor Igor Léo Mateus Nando Otávio Paulo Rafael Samuel Tiago
Vítor Zeca André Beto Chico Fábio Gustavo Hugo Iuri Jonas Luan Marcos Nicolas Renato Tomás Raul Breno Davi Edu""".split()
BOYS = list(dict.fromkeys(BOYS))
PETS = {"f": "Lili Nininha Pitanga Amora Jujuba Lola Frida Pintada Belinha Cacau".split(),
        "m": "Bidu Tico Faísca Pingo Totó Zito Fubá Zezé Pipo Caju".split()}


def noun_forms(noun):
    return {noun, plural(noun)}


def verb_forms(verb):
    v = VERBS[verb]
    stem = verb[:-2]
    th = {"ar": ("a", "am", "ado", "e"), "er": ("e", "em", "ido", "a"), "ir": ("e", "em", "ido", "a")}[verb[-2:]]
    return {verb, v["past"], v["they"], v["ing"], v["was"], v["was"] + "m", verb + "am", verb + "em", verb + "mos"} | {stem + x for x in th} | {stem + "o"}


def adjective_forms(adj):
    f = agree(adj, "f")
    return {adj, f, plural(adj), plural(f)}
