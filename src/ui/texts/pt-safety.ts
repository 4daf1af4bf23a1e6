// As palavras da verificação de segurança, em português do Brasil.
import type { SafetyWords } from './en-safety';

export const ptSafety: SafetyWords = {
  heading: 'Segurança',
  level: 'Verificar o que se pergunta e responde',
  levels: {
    off: 'Desligada',
    standard: 'Padrão: só o mais grave, e ajuda para quem está em perigo',
    strict: 'Rigorosa: pega mais coisas e mostra as respostas frase a frase',
  },
  levelHelp:
    'Uma lista de palavras e formas, neste aparelho. É fácil de contornar e às vezes erra: ela sempre diz por quê, e a escolha é sua.',
  held: (category, words) =>
    `*Isto não foi respondido: parece ser ${category} (“${words}”). Quem decidiu foi uma lista de palavras, que pode errar.*`,
  cut: (category, words) => `*O resto desta resposta foi retido: parece ser ${category} (“${words}”).*`,
  judged: (category) =>
    `*Isto não foi respondido: o próprio modelo, chamado a julgar, entende que é ${category}. Ele pode errar.*`,
  yourChoice: '*Você pode escolher outro nível em Configurações, Segurança.*',
  blocked: (topic) => `Não posso falar disso aqui (${topic}).`,
  offTopic: (topics) => `Só posso ajudar com: ${topics.join(', ')}.`,
  judge: {
    able: 'No nível rigoroso, o modelo carregado também julga cada pedido antes de responder.',
    'too-small': 'O modelo carregado é pequeno demais para julgar pedidos; só a lista de palavras é usada.',
    'unknown-size': 'O modelo carregado não diz o seu tamanho; só a lista de palavras é usada.',
    'none-loaded': 'Nenhum modelo carregado; um grande também pode julgar pedidos, no nível rigoroso.',
  },
  categories: {
    'self-harm': 'autolesão',
    violence: 'violência contra alguém',
    weapons: 'fabricação de armas',
    drugs: 'tráfico de drogas',
    fraud: 'fraude ou roubo',
    hacking: 'invasão do que não é seu',
    sexual: 'conteúdo sexual',
    hate: 'ódio contra um grupo',
    'personal-data': 'investigar alguém em segredo',
  },
  orders: {
    answer: (count) =>
      count === 1
        ? 'Um dos trechos por trás desta resposta tenta dizer ao modelo o que fazer. Confira a resposta com o texto.'
        : `${count} dos trechos por trás desta resposta tentam dizer ao modelo o que fazer. Confira a resposta com o texto.`,
    title: 'Instruções dirigidas ao modelo',
    note: (count) =>
      `${count === 1 ? 'Um trecho' : `${count} trechos`} deste documento ${count === 1 ? 'tenta' : 'tentam'} dizer a um modelo de linguagem o que fazer. O modelo recebe isso como texto citado. Desconfie das respostas sobre este documento.`,
  },
  help: (line) =>
    `**Se você pensa em se machucar, fale com alguém agora.** ${line} Em caso de perigo, ligue para a emergência. Um modelo de linguagem não substitui uma pessoa.`,
  lines: {
    BR: 'No Brasil: CVV, 188, dia e noite, de graça.',
    PT: 'Em Portugal: SNS 24, 808 24 24 24, opção 4; SOS Voz Amiga, 213 544 545.',
    US: 'Nos EUA e no Canadá: ligue ou mande mensagem para 988.',
    CA: 'Nos EUA e no Canadá: ligue ou mande mensagem para 988.',
    GB: 'No Reino Unido e na Irlanda: Samaritans, 116 123.',
    IE: 'No Reino Unido e na Irlanda: Samaritans, 116 123.',
    AU: 'Na Austrália: Lifeline, 13 11 14.',
    other: 'Uma linha onde você mora: https://findahelpline.com',
  },
};
