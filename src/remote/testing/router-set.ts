// 200 requests, labelled for a local model of Phi-3-mini's class: may it answer, or is a larger one the honest answer? Every
// second of each list is kept from training and tuning. In English and Portuguese, and some in languages beyond both.

export interface LabelledRequest {
  readonly text: string;
  readonly larger: boolean;
  readonly heldOut: boolean;
}

const here = `
Hi, how are you?
Rewrite this sentence so that it sounds friendlier: Send me the file now.
Fix the grammar: Me and him goes to school yesterday.
Summarise this text in two sentences: The library opens at nine and closes at six; on Sundays it stays closed.
Translate to Portuguese: Good morning, where is the station?
Write a haiku about rain.
Tell me a bedtime story about a small fox who is afraid of the dark.
What is the capital of France?
Explain photosynthesis to a ten year old.
Give me five names for a bakery.
Make this paragraph shorter: We would like to inform you that the meeting has been moved to Friday.
Extract the names and ages from: Anna is 31, Bob is 27.
Turn this list into a table: apples 3, pears 5, plums 2.
What does the word "ephemeral" mean?
Write a polite e-mail that declines an invitation to dinner.
What is 12 times 8?
Give me three ideas for a birthday present for a gardener.
Correct the spelling: recieve, definately, seperate.
Write a short poem for my mother's birthday.
How do I boil an egg?
Sort these words alphabetically: pear, fig, apple, date.
Is this review positive or negative? "The soup was cold and the waiter rude."
Write a title for an article about city bicycles.
Explain what a variable is in programming.
Write a Python function that adds two numbers.
What is the difference between "their" and "there"?
Give me a synonym for "happy".
Write a thank-you note to a teacher.
Turn these notes into a short message: late, train, start without me.
Write a slogan for a small coffee shop.
Continue the story: The door opened, and there stood her brother.
What colour do you get from mixing blue and yellow?
Make a packing list for a weekend at the beach.
Change this text to the past tense: She walks to work and sings.
Give me a recipe for pancakes.
Write a joke about penguins.
Put this into bullet points: First wash the rice, then cook it, then let it rest.
How many days are in a leap year?
Explain in one sentence what gravity is.
Write a caption for a photo of a sunset at the lake.
Say this more formally: Hey, can you guys fix my bill?
What are the primary colours?
Write a short dialogue between a cat and a dog.
Give me a simple definition of inflation.
Translate to English: Onde fica o banheiro?
Write a regular expression that matches digits.
Which of these is a fruit: carrot, apple, potato?
Write an out-of-office reply for next week.
What is the opposite of "generous"?
Describe a quiet morning in a village in three sentences.
Oi, tudo bem?
Reescreva esta frase de um jeito mais educado: Me manda o arquivo agora.
Corrija a gramática: Nós vai na praia amanhã.
Resuma em uma frase: A biblioteca abre às nove e fecha às seis; aos domingos não abre.
Traduza para o inglês: Bom dia, onde fica a estação?
Escreva um haicai sobre o mar.
Conte uma história de ninar sobre uma raposinha com medo do escuro.
Qual é a capital do Brasil?
Explique a fotossíntese para uma criança de dez anos.
Sugira cinco nomes para uma padaria.
Deixe este parágrafo mais curto: Gostaríamos de informar que a reunião foi transferida para sexta.
Extraia os nomes e as idades: Ana tem 31 anos, Beto tem 27.
O que significa a palavra "efêmero"?
Escreva um e-mail educado recusando um convite para jantar.
Quanto é 12 vezes 8?
Dê três ideias de presente para quem gosta de jardinagem.
Corrija a ortografia: excessão, concerteza, ancioso.
Escreva um poema curto para o aniversário da minha mãe.
Como se cozinha um ovo?
Coloque em ordem alfabética: pera, figo, maçã, uva.
Esta avaliação é positiva ou negativa? "A sopa veio fria."
Escreva um título para um artigo sobre bicicletas na cidade.
Explique o que é uma variável em programação.
Dê um sinônimo de "feliz".
Escreva um bilhete de agradecimento para a professora.
Transforme em mensagem: atrasado, trem, comecem sem mim.
Crie um slogan para uma cafeteria pequena.
Continue a história: A porta se abriu e lá estava o irmão dela.
Faça uma lista do que levar para um fim de semana na praia.
Passe este texto para o passado: Ela anda até o trabalho e canta.
Me dê uma receita de panquecas.
Conte uma piada sobre pinguins.
Coloque em tópicos: primeiro lave o arroz, depois cozinhe, depois deixe descansar.
Quantos dias tem um ano bissexto?
Explique em uma frase o que é a gravidade.
Escreva uma legenda para uma foto do pôr do sol.
Diga de um jeito mais formal: Dá pra arrumar minha conta?
Escreva um diálogo curto entre um gato e um cachorro.
Dê uma definição simples de inflação.
Escreva uma resposta automática de férias.
Qual é o contrário de "generoso"?
Descreva uma manhã tranquila na vila em três frases.
Me ajude a começar uma carta para um amigo antigo.
Escreva três perguntas de múltipla escolha sobre os planetas.
Qual é a cor que se forma misturando azul e amarelo?
Faça uma frase com a palavra "saudade".
Separe as sílabas de "borboleta".
Escreva um convite para uma festa junina.
Resuma este recado: o encanador vem na terça às dez e precisa da chave.
Dê um nome para um gato preto.`;

const larger = `
Plan a 12-day trip through Japan for four people with a budget of 5,000 dollars, two vegetarians and one wheelchair, day by day.
Who won the match yesterday?
What is the latest stable version of PostgreSQL, and what changed in it?
Prove that there are infinitely many primes congruent to 3 modulo 4.
Design the architecture of a payment system that handles 10,000 transactions a second, with failover and audit, and compare three options.
Write a complete REST API in Go with authentication, rate limiting, tests and a Dockerfile.
Compare the tax treatment of stock options in Germany, Portugal and Brazil.
Which clauses of the 1988 Brazilian constitution deal with indigenous land, and how did the supreme court read them?
Multiply 48,391,772 by 9,127,463 exactly.
Derive the Black-Scholes equation step by step and discuss each assumption.
日本の明治維新について詳しく説明してください。
Schreibe eine ausführliche Analyse der Ursachen des Dreißigjährigen Krieges.
What is the dollar worth in reais today?
List all Nobel laureates in chemistry since 1990 with what each was honoured for.
Refactor this service into microservices, write the migration plan and estimate the risks of each step.
What were the casualties of the Battle of Borodino according to Russian and French sources?
Write a business plan with market analysis, three-year cash flow and an exit strategy for a solar start-up.
Find the eigenvalues of the matrix [[4,1,2],[1,3,0],[2,0,5]] to six digits.
Explain the differences between the Copenhagen, many-worlds and Bohmian interpretations with the relevant theorems.
Which drugs interact with warfarin, by what mechanism, and how should the dose be adjusted?
Implement a B+ tree in Rust with range queries, concurrent readers and crash recovery.
What news is there about the election this week?
Review this contract for risks under New York law and propose alternative wording for each clause.
Solve the integral of x^3 * e^(-x^2) * sin(x) from 0 to infinity.
اشرح لي أسباب سقوط الدولة العثمانية بالتفصيل.
Compare Kant's and Hume's views of causality, with references to the passages.
Optimise this delivery route for 25 stops, three vans and time windows, and explain the trade-offs.
Who was the third director of the Bureau of Reclamation and what did he change?
Write a compiler for a small language with type inference in TypeScript.
What is the weather in Recife now?
Design a clinical trial for a new blood pressure drug: sample size, arms, endpoints and statistics.
Translate this poem into Korean and keep the metre.
Explain how the proof of Fermat's last theorem goes, in its main steps.
Write a detailed study schedule for the bar exam over six months with weekly goals, reviews and mock tests.
What is the price of Bitcoin right now?
Compare React, Svelte and Angular for a team of twelve, with costs of migration and a recommendation.
Which papers introduced attention in neural networks, by whom, and in which year?
Write a full unit-tested implementation of the Raft consensus algorithm.
If three dice are rolled, what is the probability that the product is divisible by 12? Show the exact fraction.
Разработай подробный маркетинговый план для кофейни в Москве.
Give a chronology of the Hanseatic League from 1159 to 1669 with the main treaties.
Analyse the strengths and weaknesses of this thesis chapter and suggest a new structure with arguments.
Debug this race condition across the scheduler, the queue and the worker pool, and propose a fix.
What did the central bank decide about interest rates this month?
Set up a Kubernetes cluster with autoscaling, secrets and monitoring: all manifests, please.
Explain the side effects and contraindications of amiodarone in detail.
Plan the renovation of a 90 square metre flat with a budget of 40,000, in phases, with dependencies and risks.
Quelles sont les différences entre le droit des contrats français et allemand ?
Compute the first 20 digits of the square root of 7919.
Which species of frogs were described in the Atlantic Forest between 1980 and 2000?
Planeje uma viagem de 12 dias pelo Japão para quatro pessoas, com orçamento de 5.000 dólares, dois vegetarianos e uma cadeira de rodas, dia a dia.
Quem ganhou o jogo de ontem?
Qual é a versão mais recente do Android e o que mudou nela?
Demonstre que a raiz de 2 é irracional e que a soma de dois irracionais pode ser racional, passo a passo.
Projete a arquitetura de um sistema de pagamentos com dez mil transações por segundo e compare três opções.
Escreva uma API REST completa em Go com autenticação, testes e Dockerfile.
Compare a tributação de fundos imobiliários no Brasil, em Portugal e na Alemanha.
Quais artigos da Constituição de 1988 tratam de terras indígenas, e como o STF os interpretou?
Multiplique 48.391.772 por 9.127.463 exatamente.
Qual é a cotação do dólar hoje?
Liste todos os ganhadores do Prêmio Camões desde 1989 com suas obras principais.
Escreva um plano de negócios com análise de mercado, fluxo de caixa de três anos e estratégia de saída.
Quais medicamentos interagem com a varfarina, por qual mecanismo, e como ajustar a dose?
Implemente uma árvore B+ em Rust com consultas por intervalo e recuperação de falhas.
Quais são as notícias da eleição desta semana?
Revise este contrato segundo o Código de Defesa do Consumidor e proponha nova redação para cada cláusula.
Resolva a integral de x^3 e^(-x^2) sen(x) de 0 a infinito.
Compare as visões de Kant e Hume sobre a causalidade, com referências às passagens.
Otimize esta rota de entregas com 25 paradas, três vans e janelas de horário.
Quem foi o terceiro governador de Rondônia e o que ele mudou?
Escreva um compilador para uma linguagem pequena com inferência de tipos em TypeScript.
Como está o tempo em Recife agora?
Desenhe um ensaio clínico para um novo remédio de pressão: tamanho da amostra, braços, desfechos e estatística.
Monte um cronograma de estudos detalhado para o exame da OAB em seis meses, com metas semanais e simulados.
Qual é o preço do Bitcoin neste momento?
Compare React, Svelte e Angular para uma equipe de doze pessoas, com custos de migração e recomendação.
Escreva uma implementação completa e testada do algoritmo Raft.
Se três dados são lançados, qual é a probabilidade de o produto ser divisível por 12? Mostre a fração exata.
Faça uma cronologia da Revolta da Armada com as datas e os personagens principais.
Analise os pontos fortes e fracos deste capítulo da tese e proponha uma nova estrutura com argumentos.
O que o Banco Central decidiu sobre os juros neste mês?
Configure um cluster Kubernetes com escalonamento automático, segredos e monitoramento: todos os manifestos.
Explique em detalhe os efeitos colaterais e as contraindicações da amiodarona.
Planeje a reforma de um apartamento de 90 metros quadrados com orçamento de 40 mil, em fases, com dependências e riscos.
Calcule os 20 primeiros algarismos da raiz quadrada de 7919.
Quais espécies de sapos foram descritas na Mata Atlântica entre 1980 e 2000?
Elabore uma estratégia de expansão para três países com cronograma, orçamento e riscos de cada etapa.
Explique as diferenças entre as interpretações de Copenhague e de muitos mundos com os teoremas relevantes.
Escreva um parecer jurídico sobre a responsabilidade civil de plataformas, citando a jurisprudência do STJ.
Derive a equação de Navier-Stokes passo a passo e discuta cada hipótese.
Qual foi o placar da final de 2025 e quem marcou os gols?
Refatore este sistema em microsserviços, escreva o plano de migração e estime os riscos.
Faça uma revisão da literatura sobre o manguezal do Nordeste com autores e anos.
Desenvolva um aplicativo completo de controle financeiro com banco de dados, login e gráficos.
Explique o teorema de incompletude de Gödel com o esboço da demonstração.
Compare os sistemas eleitorais da Irlanda, da Austrália e da Nova Zelândia com as datas das reformas.
Traduza este poema para o coreano mantendo a métrica.
Escribe un análisis detallado de la economía argentina entre 1991 y 2001.
Quais foram as conclusões do último relatório do IPCC?
Crie um modelo financeiro com cenários, sensibilidade e valor presente líquido para uma usina eólica.`;

const lines = (text: string): readonly string[] => text.trim().split('\n');

export const routerSet: readonly LabelledRequest[] = [
  ...lines(here).map((text, at) => ({ text, larger: false, heldOut: at % 2 === 1 })),
  ...lines(larger).map((text, at) => ({ text, larger: true, heldOut: at % 2 === 1 })),
];
