"""Questions from outside what phield-tiny knows, many kinds of them: what it must learn is not their topics, which never end,
but that a question that is not about Phield gets the honest answer. So topics come from long lists, from the nouns of the
stories and, for names of persons and places, from names that nobody has. %T a thing, %S a science or skill, %W a word,
%J a job or chore, %N a made-up name, %D a number."""
from . import lexicon, lexicon_pt

THINGS = {"en": """a vacuum cleaner|a dishwasher|a telescope|a steam engine|a submarine|a parachute|a thermometer|a solar panel|a wind turbine|a clock|a camera|a lift|a zip
    |a toaster|the brain|the liver|the lungs|the skin|a volcano|a glacier|a rainbow|a comet|a tornado|a desert|a coral reef|a thunderstorm|the tide|a cave|the jungle|an iceberg|cement
    |glass|steel|paper|plastic|gunpowder|soap|yoghurt|cheese|wine|beer|silk|cotton|rubber|bronze|a bridge|a tunnel|a castle|a skyscraper|a pyramid|a lighthouse|a mortgage
    |a pension|a passport|an election|a strike|a trade union|the United Nations|a treaty|a visa|a tax|insurance|a credit card|a share|a violin|a piano|a drum|a flute|an opera
    |a symphony|a ballet|a sonnet|a novel|jazz|a bicycle gear|a sailing boat|a helicopter|a rocket|a satellite|a train brake|a nuclear reactor|a laser|a transistor|a magnet""",
          "pt": """um aspirador|um telescópio|uma máquina a vapor|um submarino|um paraquedas|um termômetro|um painel solar|uma turbina|um relógio|uma câmera|um elevador|um zíper
    |uma torradeira|o cérebro|o fígado|os pulmões|a pele|um vulcão|uma geleira|um cometa|um tornado|um deserto|um recife|uma tempestade|a maré|uma caverna|a floresta|um iceberg|o cimento
    |o vidro|o aço|o papel|o plástico|a pólvora|o sabão|o iogurte|o queijo|o vinho|a cerveja|a seda|o algodão|a borracha|o bronze|uma ponte|um túnel|um castelo|um arranha-céu|uma pirâmide|um farol
    |um financiamento|a aposentadoria|um passaporte|uma eleição|uma greve|um sindicato|a ONU|um tratado|um visto|um imposto|um seguro|um cartão de crédito|uma ação|um piano|um tambor|uma flauta|uma ópera
    |uma sinfonia|um balé|um soneto|um romance|o samba|a bossa nova|um barco a vela|um helicóptero|um foguete|um satélite|um freio|uma usina nuclear|um laser|um transistor|um ímã"""}
SKILLS = {"en": """chemistry|physics|biology|history|geography|economics|geometry|astronomy|medicine|law|architecture|grammar|statistics|painting|pottery|knitting|yoga|swimming|sailing|climbing|dancing
    |singing|the guitar|the piano|the flute|the drums|chess|poker|judo|tennis|golf|cooking|baking|gardening|carpentry|photography|drawing|Latin|Greek|Chinese|Arabic|German|Italian|Korean|Russian
    |programming|accounting|marketing|surfing|skiing|riding|fencing|meditation|juggling|calligraphy|origami""",
          "pt": """química|física|biologia|história|geografia|economia|geometria|astronomia|medicina|direito|arquitetura|gramática|estatística|pintura|cerâmica|tricô|ioga|natação|escalada|dança
    |canto|violão|piano|flauta|bateria|pôquer|judô|capoeira|tênis|vôlei|culinária|confeitaria|jardinagem|marcenaria|fotografia|desenho|latim|grego|chinês|árabe|alemão|italiano|coreano|russo
    |programação|contabilidade|marketing|surfe|esqui|equitação|esgrima|meditação|malabarismo|caligrafia|origami"""}
WORDS = {"en": """ubiquitous|obsolete|gregarious|lukewarm|candid|frugal|novice|ponder|reluctant|zeal|omen|quaint|brisk|hypothesis|irony|metaphor|sovereign|bizarre|tedious|vivid|jovial|meticulous|solace|feeble|eloquent|resilient""",
         "pt": """ubíquo|obsoleto|gregário|morno|cândido|frugal|novato|ponderar|relutante|zelo|presságio|pitoresco|hipótese|ironia|metáfora|soberano|bizarro|tedioso|vívido|jovial|minucioso|consolo|eloquente|resiliente|cafuné|xodó"""}
JOBS = {"en": """paint a wall|change a tyre|unblock a sink|hang a shelf|sew a button|iron a shirt|clean a carpet|fix a bike chain|sharpen a knife|descale a kettle|boil an egg|roast a chicken|make jam
    |peel a mango|bake a pizza|freeze soup|brew tea|cook beans|train a puppy|bathe a cat|feed a parrot|trim a hedge|prune roses|keep slugs away|grow basil|water a cactus|get a visa|open a bank account
    |write a will|file my taxes|find a job|rent a flat|sell a house|save money|pay off a debt|apply for a loan|sleep better|stop smoking|run a marathon|build muscle|calm a baby|treat a burn|cure hiccups
    |remove a splinter|lower my blood pressure|impress my teacher|apologise to a friend|plan a wedding|pack a suitcase|read a map|tie a knot|catch a fish|light a fire|put up a tent|learn to whistle""",
        "pt": """pintar uma parede|desentupir a pia|pendurar uma prateleira|pregar um botão|passar uma camisa|limpar o tapete|afiar uma faca|cozinhar um ovo|assar um frango|fazer geleia
    |descascar uma manga|fazer pizza|congelar sopa|fazer chá|cozinhar feijão|treinar um cachorrinho|dar banho no gato|podar roseiras|espantar os pernilongos|plantar manjericão|regar um cacto|tirar o passaporte
    |abrir uma conta no banco|fazer um testamento|declarar meus impostos|achar um emprego|alugar um apartamento|vender a casa|juntar dinheiro|pagar uma dívida|pedir um empréstimo|dormir melhor|parar de fumar
    |correr uma maratona|ganhar músculos|acalmar um bebê|tratar uma queimadura|curar soluço|tirar um espinho|baixar a pressão|impressionar a professora|pedir desculpas a um amigo|planejar um casamento
    |fazer a mala|ler um mapa|dar um nó|pescar|acender uma fogueira|montar uma barraca|aprender a assobiar|fazer brigadeiro|fritar peixe"""}
ANIMALS = {"en": "a shark|an owl|a bat|an octopus|a snail|a giraffe|a hamster|a salmon|a wasp|an eagle|a panda|a toad|a crab|a goose|a moth|a mosquito",
           "pt": "um tubarão|uma coruja|um morcego|um polvo|um caracol|uma girafa|um hamster|um salmão|uma vespa|uma águia|um panda|um caranguejo|um ganso|uma mariposa|um mosquito|uma arara"}
ASK = {"en": """{How does|How do|Tell me how|Explain how|Do you know how} %T {work|works|form|get made|come about}{?|}
{What is|What's|Define|Explain|Describe|Tell me about|What do you know about|Say something about|I want to know about} {%T|%S|%S|%N|%A}{?|.|}
{Who invented|Who built|Who came up with|Who discovered|Who makes|Who owns|Who designed} {%T|%T|%N}{?|}
{How do I|How can I|How could I|What is the trick to|What do I need to|Help me|Can you help me|Teach me to|Show me how to|Give me tips to|Any advice how to|I want to} %J{?|.|}
{What is the fastest way to|How many years does one need to|Is it hard to|Where can I|How much does it cost to|How does one} {learn|study|practise|teach} %S{?|}
{What does|What is the meaning of|What is meant by|How do you spell|What is the opposite of|Give me a synonym of|Translate} {%W|the word %W|"%W"}{ mean?|?|}
{Who is|Who was|Tell me about|What did|When was|Where was|Is} {%N|%N %N|the mayor of %N|the president of %N|the queen of %N|the author of %N|the singer of %N}{?| born?| famous for?| known for?}
{What is|What's|Tell me|Name|Do you know} the {capital|population|language|currency|climate|biggest river|president|history|time zone|national dish|flag} of %N{?|.|}
{Which|What} {team|player|country|actor|film|horse|party|singer|school} {won|lost|was first in|got the prize in|will win} {the final|the race|the election|the match|the league|in %D}{?|}
{Which|What} {planet|country|animal|river|mountain|city|metal|star|ocean|tree|language} is {the biggest|the smallest|the oldest|the fastest|the coldest|the hottest|the richest|the heaviest|the most spoken}{?|}
{What is|What's|Which is} {the tallest|the longest|the deepest|the oldest|the biggest|the most expensive|the fastest|the smallest} {tower|mountain|bridge|lake|animal|tree|car|train|city|ship|country} {of all|on earth|in Europe|ever|in %N}{?|}
{Why do|Why does|Why is it that} {people yawn|cats purr|leaves fall|onions make us cry|the moon shine|wood burn|iron rust|we dream|dogs bark|geysers erupt|earthquakes happen|ships float|the wind blow|bread rise|milk go sour|birds fly south|stars twinkle}{?|}
{What happened|What was going on|Who ruled|Who was king} in {%D|%D|the year %D|the middle ages|the stone age}{?|}
{Tell me|Tell me something|Teach me something|What do you know} about {the Vikings|the Greeks|the Egyptians|the Aztecs|the pharaohs|the cold war|the crusades|the French revolution|the gods of Greece|black holes|Saturn|the ice age|dinosaurs|the stone age|%N|%S}{.|?|}
{What should I|What could I|What can I} {eat|bake|drink|wear|buy|read|watch|grill|give my sister|do} {today|tomorrow|for lunch|for breakfast|on Sunday|for her birthday|this weekend|on holiday}{?|}
{Is|Are} {salt|bread|cheese|wine|butter|red meat|honey|beer|soy|vaccines|naps|vitamins|juice|spicy food} {healthy|unhealthy|bad|good|dangerous|harmful}{| for me| for my teeth| for babies| for dogs}{?|}
{Who|Who was it that} {composed|wrote|directed|painted|sang|filmed|recorded|published} {%N|the Ninth Symphony|the Iliad|The Lion King|Swan Lake|The Odyssey|Macbeth|Guernica|Carmen|The Planets|that opera|the national anthem}{?|}
{Write|Draft|Compose|Make|Prepare|Translate} {a letter to|an email to|a speech for|a card for|a complaint to|a poem about} {my boss|my neighbour|my teacher|the council|my sister|the landlady|my wedding|spring|the tax office|%N}{.|, please.|}
{Write|Give me|Show me|I need|Can you write} {a script|some code|a program|a Python function|a shell command|a web page|an SQL query|a regular expression|a Java class} {that|to} {deletes files|swaps columns|sends an email|reverses a string|counts words|downloads a page|sorts numbers|backs up my disk|finds primes}{.|?|}
{How many|How much} {bones|teeth|legs|wings|stars|keys|strings|players|calories|grams of sugar|islands|moons|hearts} {does|are in|has} {%A|a piano|a harp|a football team|an apple|a sandwich|%N|a pizza|the solar system}{ have?|?|}
{How deep|How high|How tall|How long|How fast|How hot|How cold|How wide|How heavy|How far away} is {a lake|Mont Blanc|the Nile|%A|light|lava|the North Pole|the Atlantic|%N|a ship|the next star|a desert}{?|}
{What is|What's|Explain|Tell me} the {difference|relation} between {%T and %T|%A and %A|%S and %S|weather and climate|a virus and a bacterium|a star and a planet}{?|.|}
{What are|Explain|Tell me|Do you know} the {rules|history|tricks|basics|laws|rituals} of {%S|chess boxing|baseball|rugby|cricket|backgammon|Monopoly|golf|bridge}{?|.|}
{What do the laws say about|Is there a fine for|Who allows} {camping|hunting|drones|fireworks|dogs|smoking|home schooling} in {%N|the park|the city|Rome}{?|}
{Prove|Show|Derive|Integrate|Solve|Simplify} {that there are endless primes|the theorem of Pythagoras|that two is even|x squared plus %D|the equation x + %D = %D|sine of %D|the root of %D}{.|, please.|}
{How long|How many hours|What} {is the flight|does the train take|does it take by car|is the ferry} {to %N|from %N to %N|to Rome|to Nairobi|to Cape Town}{?|}
{My cat|My dog|My plant|My car|My sink|My fridge|My back|My boiler|My roof|My tomato|My knee} {is broken|is sick|smells|leaks|makes a noise|hurts|has yellow spots|will not start|is turning brown}{. What can I do?|. Why?|, help!|.}
{Give me|I need|Do you have} {advice|tips|an idea|help|a plan|a recipe} {for|on|about} {%S|buying a house|a job interview|my divorce|a first date|a diet|my exam|a used boat|dinner with friends|pancakes|a birthday party|my taxes}{.|, please.|}
{List|Name|Recommend|Give me|Suggest} {three|two|five|some|a few|ten} {good books|famous painters|films|French cheeses|songs from the eighties|birds of Africa|rivers in Asia|board games|dog breeds|kings of %N|breakfast ideas}{.|, please.|}
{What is|What's} {the price|the value|the melting point|the weight|the speed|the temperature|the chemical formula|the colour} of {gold|silver|the yen|iron|lead|light|the sun|salt|alcohol|the pound|bitcoin|oil|lava|sound}{?|}
{Should I|Would you|Is it wise to} {marry|move to %N|study %S|buy shares|adopt a cat|dye my hair|change my job|lend him money|eat less sugar|learn %S}{?|}
{How do I|How should I|How can I} {ask|tell|thank|convince|invite} {my parents|my neighbour|my teacher|a girl|the bank|my friend} {for a day off|for more money|that I am leaving|to help me|about the noise|for a loan}{?|}""",
       "pt": """{Como funciona|Como se faz|Como é feito|Explique como funciona|Conte como funciona|Sabe como funciona|Me explica} %T{?|.|}
{O que é|Que é|Defina|Explique|Descreva|Fale sobre|Fale de|Me conta sobre|O que você sabe sobre|Diga algo sobre|Quero saber sobre} {%T|%S|%S|%N|%A}{?|.|}
{Quem inventou|Quem construiu|Quem descobriu|Quem criou|Quem fabrica|De quem é|Quem projetou} {%T|%T|%N}{?|}
{Como posso|Como eu posso|Qual é o truque para|Qual a forma certa de|O que preciso para|Me ajuda a|Você me ajuda a|Me ensina a|Me mostra como|Me dê dicas para|Quero|Como faço para} %J{?|.|}
{É difícil|Onde posso|Quanto custa|Como se faz para|Em quantos meses consigo} {aprender|estudar|praticar|ensinar} %S{?|}
{O que significa|Qual é o significado de|Como se escreve|Qual o contrário de|Me dá um sinônimo de|Traduza|O que é que quer dizer} {%W|a palavra %W|"%W"}{?|}
{Quem é|Quem foi|Fale sobre|O que fez|Quando nasceu|Onde nasceu|Onde mora} {%N|%N %N|o prefeito de %N|o presidente de %N|a rainha de %N|o autor de %N|a cantora %N}{?|}
{Qual é|Qual|Diga|Me diz|Você sabe} {a capital|a população|a língua|a moeda|o clima|o maior rio|o presidente|a história|o prato típico|o fuso horário|a bandeira} de %N{?|.|}
{Que|Qual} {time|jogador|país|ator|filme|partido|cantora|escola de samba|seleção} {ganhou|perdeu|venceu|foi campeão em|vai ganhar} {a final|a corrida|a eleição|o jogo|o campeonato|o carnaval|o Oscar|em %D}{?|}
{Que|Qual} {planeta|país|animal|rio|montanha|cidade|metal|estrela|oceano|árvore} {é o maior|é o menor|é o mais antigo|é o mais rápido|é mais frio|é mais quente|pesa mais|tem mais gente}{?|}
{Qual é|Qual} {a torre mais alta|a ponte mais comprida|o lago mais fundo|a árvore mais velha|o animal mais rápido|o carro mais caro|o trem mais rápido|a maior cidade|o menor país|o navio mais pesado} {de todo o planeta|da terra|da Europa|de todos|de %N}{?|}
{Por que|Por que é que|Qual o motivo de} {a gente boceja|os gatos ronronam|as folhas caem|a cebola faz chorar|a lua brilha|a madeira queima|o ferro enferruja|a gente sonha|os cachorros latem|a terra treme|os navios flutuam|venta|o pão cresce|o leite azeda|as aves migram|as estrelas piscam}{?|}
{O que aconteceu|O que houve|Quem governava|Quem era rei} {em %D|no ano %D|na idade média|na idade da pedra}{?|}
{Fale|Me fale|Conte algo|Me ensina algo|O que você sabe} {dos vikings|dos gregos|dos egípcios|dos astecas|dos faraós|da guerra fria|das cruzadas|da revolução francesa|dos deuses gregos|dos buracos negros|de Saturno|da era do gelo|dos dinossauros|dos bandeirantes|de %N|sobre %S}{.|?|}
{O que eu|O que posso|O que devo|Que} {como|cozinhar|beber|vestir|comprar|ler|assistir|assar|dar para minha irmã|faço} {hoje|amanhã|no almoço|no café da manhã|no domingo|no aniversário dela|no fim de semana|nas férias}{?|}
{Sal|Pão|Queijo|Vinho|Manteiga|Carne vermelha|Mel|Cerveja|Soja|Vitamina|Suco|Pimenta|Chocolate|Refrigerante|Açúcar} {faz bem|faz mal|é saudável|é perigoso|engorda}{| para mim| para os dentes| para o bebê| para a pele| para cachorro}{?|}
{Quem|Quem foi que} {compôs|escreveu|dirigiu|pintou|cantou|filmou|gravou|publicou} {%N|a Nona Sinfonia|O Guarani|O Rei Leão|o Lago dos Cisnes|Os Lusíadas|Macbeth|a Guernica|Carmen|Garota de Ipanema|essa ópera|o hino nacional|Vidas Secas}{?|}
{Escreva|Redija|Componha|Faça|Prepare|Traduza} {uma carta para|um e-mail para|um discurso para|um cartão para|uma reclamação para|um poema sobre} {o meu chefe|o vizinho|a professora|a prefeitura|minha irmã|a imobiliária|o meu casamento|a primavera|o banco|%N}{.|, por favor.|}
{Escreva|Me dê|Mostre|Preciso de|Você escreve} {um script|um código|um programa|uma função em Python|um comando|uma página web|uma consulta SQL|uma expressão regular|uma classe em Java} {que|para quem} {apaga arquivos|troca colunas|manda um e-mail|inverte um texto|conta palavras|baixa uma página|ordena números|copia o disco|acha primos}{.|?|}
{Quantos|Quantas} {ossos|dentes|patas|asas|teclas|jogadores|gramas de açúcar|ilhas|luas|corações|calorias|cordas} {tem|há em|existem em} {%A|um piano|uma harpa|um time|uma maçã|um sanduíche|%N|uma pizza|o sistema solar}{?|}
{Qual é a altura|Qual é a idade|Qual é a largura|Qual é o peso|Qual é o tamanho|Qual é a temperatura|Qual é a velocidade|Quanto mede|A que distância fica} de {um lago|%A|um navio|%N|um deserto|Saturno|Vênus|uma estrela}{?|}
{Qual é a|Qual a|Me diz a|Explique a} {diferença|relação} entre {%T e %T|%A e %A|%S e %S|clima e tempo|um vírus e uma bactéria|uma estrela e um planeta}{?|.|}
{Quais são|Explique|Me diz|Você sabe} {as regras|a história|os truques|o básico|as leis|os passos} de {%S|truco|beisebol|rúgbi|gamão|dominó|golfe|buraco}{?|.|}
{O que diz a lei sobre|É permitido|Há multa por|Quem deixa} {acampar|caçar|soltar fogos|passear com cachorro|fumar|estudar em casa} {em %N|no parque|na cidade|em Roma|na praia}{?|}
{Prove|Mostre|Deduza|Integre|Resolva|Simplifique} {que há infinitos primos|o teorema de Pitágoras|que dois é par|x ao quadrado mais %D|a equação x + %D = %D|o seno de %D|a raiz de %D}{.|, por favor.|}
{Quanto tempo|Quantas horas} {dura o voo|leva o trem|leva de carro|demora a balsa} {para %N|de %N até %N|até Roma|até Manaus}{?|}
{Meu gato|Meu cachorro|Minha planta|Meu carro|Minha pia|A geladeira|Meu joelho|O chuveiro|Meu telhado|O meu tomateiro|A samambaia} {quebrou|está doente|está com cheiro ruim|vaza|faz barulho|dói|está com manchas|não liga|está ficando seca}{. O que faço?|. Por quê?|, socorro!|.}
{Me dê|Preciso de|Você tem} {conselhos|dicas|uma ideia|ajuda|um plano|uma receita} {para|sobre} {%S|comprar uma casa|uma entrevista de emprego|o meu divórcio|um primeiro encontro|uma dieta|a prova|um barco usado|um jantar com amigos|panquecas|uma festa|meus impostos}{.|, por favor.|}
{Liste|Diga|Recomende|Me dê|Sugira} {três|dois|cinco|alguns|dez} {livros bons|pintores famosos|filmes|queijos|sambas|pássaros da África|rios da Ásia|jogos de tabuleiro|cachorros de raça|reis de %N|pratos para o café}{.|, por favor.|}
{Qual é|Qual} {o preço|o valor|o ponto de fusão|o peso|a velocidade|a temperatura|a fórmula química|a cor} {do ouro|da prata|do euro|do ferro|do chumbo|da luz|do sol|do sal|do álcool|da libra|do bitcoin|do petróleo|da lava|do som}{?|}
{Devo|Você acha que devo|É bom} {casar|mudar para %N|estudar %S|comprar ações|adotar um gato|pintar o cabelo|trocar de emprego|emprestar dinheiro|comer menos açúcar|aprender %S}{?|}
{Como eu|Como posso|Como devo} {pedir|falar|agradecer|convencer|convidar} {aos meus pais|ao vizinho|à professora|uma menina|ao banco|ao meu amigo} {uma folga|mais dinheiro|que vou embora|ajuda|sobre o barulho|um empréstimo}{?|}"""}


def listed(block):
    return [w.strip() for w in block.replace("\n", " ").split("|") if w.strip()]


NOUNS = {"en": [lexicon.article(n) + " " + n for n, (c, k) in lexicon.NOUN_INFO.items() if k == "count"],
         "pt": [{"m": "um ", "f": "uma "}[lexicon_pt.GENDER[n]] + n for n, (c, k) in lexicon_pt.NOUN_INFO.items() if k == "count"]}
POOLS = {lang: {"%T": listed(THINGS[lang]), "%S": listed(SKILLS[lang]), "%W": listed(WORDS[lang]), "%J": listed(JOBS[lang]), "%A": listed(ANIMALS[lang])}
         for lang in ("en", "pt")}
FRAMES = {lang: block.splitlines() for lang, block in ASK.items()}


def fill(text, lang, rng, name):
    """Every mark gets a word of its own, so that two in one question differ."""
    for mark, pool in POOLS[lang].items():
        while mark in text:
            from_stories = mark == "%T" and rng.random() < 0.25
            text = text.replace(mark, rng.choice(NOUNS[lang] if from_stories else pool), 1)
    while "%N" in text:
        text = text.replace("%N", name(lang, rng), 1)
    while "%D" in text:
        text = text.replace("%D", str(rng.choice([rng.randint(2, 99), rng.randint(1200, 2020)])), 1)
    return text
