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
    `*Isto não foi respondido: parece ser ${category} (“${words}”). Quem decidiu foi uma lista de palavras, que pode errar. Você pode escolher outro nível em Configurações, Segurança.*`,
  cut: (category, words) =>
    `*O resto desta resposta foi retido: parece ser ${category} (“${words}”). Você pode escolher outro nível em Configurações, Segurança.*`,
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
