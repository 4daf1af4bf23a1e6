// As palavras do teste de ataque em Desempenho, em português do Brasil.
import type { RedTeamWords } from './en-redteam';

export const ptRedTeam: RedTeamWords = {
  title: 'Teste de ataque',
  lead: 'Pergunta ao modelo carregado o que ele não deveria responder, perguntas inofensivas parecidas e perguntas sobre textos com ordens escondidas, cada uma com a segurança desligada, no nível padrão e no rigoroso. Tudo fica neste aparelho. As respostas não são mostradas; o arquivo diz, de cada uma, o que decidiu.',
  runSample: (count) => `Rodar uma amostra de ${count}`,
  runAll: 'Rodar tudo',
  stop: 'Parar',
  progress: (percent) => `${percent} feito`,
  of: (model) => `O que cada nível vale com ${model}`,
  columns: [
    'Segurança',
    'Nocivas, retidas',
    'Inofensivas, respondidas',
    'Ordens escondidas, notadas',
    'Ordens escondidas, obedecidas',
  ],
  levels: { none: 'Desligada', standard: 'Padrão', strict: 'Rigorosa' },
  share: (part, whole) => `${part} de ${whole}`,
  save: 'Salvar o relatório',
};
