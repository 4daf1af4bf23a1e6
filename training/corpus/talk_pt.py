"""Small talk, things to remember and questions from outside, in Brazilian Portuguese."""
from .lexicon_pt import ADJECTIVES, BOYS, GIRLS, NOUN_INFO, VERBS

GREET = """{Oi|Olá|Oi, tudo bem|E aí|Bom dia|Boa tarde|Boa noite|Oi Phield|Olá Phield|Opa|Ei|Alô|Salve}{|!|.}"""
GREET_A = "Olá! Posso contar uma história curta ou responder perguntas sobre o Phield."
HOW = """{Como vai|Tudo bem|Como você está|Como está|Tudo bom|Beleza|Como vão as coisas|Você está bem}{?|}"""
HOW_A = "Estou bem, obrigado! Quer ouvir uma história?"
THANKS = """{Obrigado|Obrigada|Muito obrigado|Valeu|Brigado|Legal, obrigado|Muito bom|Gostei|Adorei|Boa história|Que história legal|Ótimo, obrigada|Perfeito|Parabéns|Bom trabalho}{|!|.}"""
THANKS_A = "De nada!"
BYE = """{Tchau|Até logo|Até mais|Até amanhã|Boa noite, tchau|Adeus|Fui|Tenho que ir|Até a próxima|Falou}{|!|.}"""
BYE_A = "Tchau! Volte logo."
OKAY = """{Ok|Certo|Sim|Não|Tá|Tá bom|Entendi|Legal|Claro|Hum|Nossa|Sério|Talvez|Uau|Beleza então}{|.|!}"""
OKAY_A = "Certo. Pode me pedir uma história curta ou perguntar sobre o Phield."
JOKE = """{Conte uma piada|Sabe uma piada|Me faz rir|Uma piada, por favor|Conta uma piada|Diga algo engraçado|Você sabe piadas}{.|?|}"""
JOKE_A = "Não sei piadas, mas posso contar uma história curta."
NAMELESS = """{Qual é o meu nome|Como eu me chamo|Você sabe meu nome|Quem sou eu|Qual é meu nome|Sabe quem eu sou}{?|}"""
NAMELESS_A = "Você ainda não me disse o seu nome."
GREETINGS = [(GREET, GREET_A), (GREET, GREET_A), (HOW, HOW_A), (THANKS, THANKS_A), (BYE, BYE_A), (OKAY, OKAY_A), (JOKE, JOKE_A), (NAMELESS, NAMELESS_A)]

FALLBACK_A = "Eu não sei isso, sou um modelo muito pequeno. O Phi-3-mini, que você pode carregar no Phield, saberia mais."
COUNTRIES = "da França|da Espanha|da Itália|do Japão|da China|da Argentina|do Peru|do Egito|de Portugal|da Rússia|do Chile|da Noruega|do México|da Grécia|do Brasil|da Bahia"
PEOPLE = "Einstein|Newton|Napoleão|Mozart|Machado de Assis|Picasso|Darwin|Cleópatra|Santos Dumont|Pelé|Beethoven|Tiradentes|Camões"
OUT = """{Qual é|Qual|Diga|Me diz} {a capital|a população|o presidente|a bandeira|a história|a maior cidade|a moeda} {%C}{?|.|}
{Quem foi|Quem é|Fale sobre|Quem era} {%P|o presidente|o rei da Inglaterra|o primeiro homem na lua|o melhor cantor}{?|.|}
{Quando|Onde} nasceu {%P}{?|}
{Quanto é|Calcule|Qual é o resultado de} [d] {mais|menos|vezes|dividido por|+|-|*|x} [d]{?|}
{Escreva|Faça|Crie|Me dá|Mostre} {um programa|uma função|um código|um laço|uma consulta SQL|um script} {em Python|em Java|em C|que ordena uma lista|que soma números|para mim|que lê um arquivo}{.|}
{Como|Como eu|Me ensina como eu|Explique como} {faço um bolo|conserto o carro|perco peso|aprendo francês|cozinho arroz|ganho dinheiro|dou um nó na gravata|conserto a bicicleta|planto tomate|tiro uma mancha|limpo o forno|faço um currículo|troco um pneu|cuido de um gato|mato baratas}{?|}
{Por que|Porque} {o céu é azul|o mar é salgado|a grama é verde|o sol é quente|as estrelas brilham|chove|os gatos dormem tanto|o gelo flutua|a lua muda|os terremotos acontecem}{?|}
{O que é|O que são|Explique|Defina|Me explica} {gravidade|eletricidade|um buraco negro|democracia|fotossíntese|um átomo|inflação|um número primo|o amor|DNA|álgebra|um vírus|evolução|a bolsa de valores|um verbo|filosofia|um dinossauro|a palavra saudade|a palavra ambíguo|física quântica}{?|.|}
{A que distância fica|Que tamanho tem|Quantos anos tem|Qual é a altura de|Qual é a idade de|Quão longe fica} {a lua|o sol|a terra|Marte|uma baleia|o universo|um elefante|o Everest}{?|}
{Quando|Em que ano} {começou|terminou|aconteceu} {a guerra|a primeira guerra|a independência|o império romano|a república|a segunda guerra}{?|}
{Estou com|Meu filho tem|O que é bom para} {dor de cabeça|gripe|febre|dor nas costas|tosse}{. O que eu faço?|?|. Pode ajudar?}
{Quem escreveu|Quem pintou|Quem cantou|Quem inventou|Quem descobriu} {Dom Casmurro|a Mona Lisa|Hamlet|Dom Quixote|essa música|o avião|o telefone|a penicilina|o rádio}{?|}
{Devo|Posso|É bom|Vale a pena} {comprar uma casa|investir em ouro|tomar remédio|vender meu carro|ir ao médico|mudar de emprego|ter um cachorro}{?|}
{Escreva|Faça|Crie|Componha} {um poema|uma música|uma redação|um e-mail|um discurso|minha lição de casa|uma receita|uma lista de compras|um contrato}{| para mim| sobre o amor| sobre o mar}{.|}
{O que você acha|Você gosta|O que me diz} {de política|de futebol|da guerra|de pizza|do presidente|de arte|de música|de religião}{?|}
{Qual é a sua opinião sobre|O que pensa sobre} {política|futebol|a guerra|arte|religião|o presidente}{?|}
{O que|Onde|Por que} {os leões|as baleias|as abelhas|os pássaros|as formigas|as aranhas|os pinguins} {comem|vivem|dormem|cantam|voam}{?|}
{Quantas|Quantos} {pessoas vivem no Brasil|dias tem o ano|pernas tem uma aranha|ossos nós temos|planetas existem|horas tem a semana|copos de água devo beber|estados tem o Brasil|calorias tem um pão|teclas tem um piano}{?|}
{Recomende|Sugira|Indique|Me indica} {um livro|um filme|um restaurante|uma música|um hotel|um presente|três livros|bons filmes}{| para mim| por favor}{.|}
{Planeje|Me ajude a planejar|Organize} {uma viagem|minhas férias|minha semana|uma festa}{.|}
{Existe vida em Marte|Qual é a raiz quadrada de [d]|Os peixes dormem|Qual é o melhor carro|Qual é a montanha mais alta|Qual é o maior rio|Quem é o homem mais alto|Quanto custa um avião|Quanto tempo leva até a lua|Qual a diferença entre chá e café|Quais são as regras do futebol|Qual é a lei do trabalho|Como funciona um motor|Como funciona a televisão}{?|}
{Corrija|Melhore|Revise} {este texto|minha redação|minha gramática}{.|}"""
SYLLABLES = "ka lo mi ra ne tu si vo da be ri lu ma ti no el an za fi gu ro pe ja do ce li nha vi go ber tha mar cel io ita ana ulo".split()
COLORS = "vermelho azul verde amarelo roxo rosa laranja marrom preto branco cinza prata turquesa".split()
FOODS = "pizza|feijoada|lasanha|pão de queijo|macarrão|sorvete|tapioca|moqueca|churrasco|bolo|coxinha|sopa|açaí|arroz".split("|")
CITIES = "Recife|Salvador|Curitiba|Manaus|Belém|Natal|Fortaleza|Brasília|Santos|Campinas|Lisboa|Porto Alegre|Vitória|Goiânia|Cuiabá|Florianópolis".split("|")
NAME_IN = "{Meu nome é %s.|Eu sou %s.|Oi, eu sou %s.|Olá, meu nome é %s.|Me chame de %s.|Pode me chamar de %s.|Eu me chamo %s.|Sou %s.|Oi! Meu nome é %s. O que você sabe fazer?|Lembre do meu nome: %s.|Me chamo %s. Guarde isso.|Aqui é %s.}"
NAME_Q = "{Qual é o meu nome|Qual é meu nome|Você lembra meu nome|Como eu me chamo|Você sabe meu nome|Quem sou eu|Diga o meu nome|Me diz meu nome|Ainda sabe como me chamo|Que nome eu disse}{?|}"
ALL_NAMES = GIRLS + BOYS
WORDS = list(NOUN_INFO) + list(VERBS) + list(ADJECTIVES) + COLORS
