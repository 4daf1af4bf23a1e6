// As palavras de "Qual para quê" na página Modelos, em português do Brasil.
import type { WhichWords } from './en-which';

export const ptWhich: WhichWords = {
  title: 'Qual para quê',
  note: 'O menor modelo que cabe neste aparelho e dá conta da tarefa. A qualidade é a que os testes deste projeto mostraram; a velocidade é a mediana das suas respostas nas conversas abertas aqui.',
  columns: ['Tarefa', 'Use', 'Qualidade', 'Velocidade aqui', 'Memória', 'Download'],
  tasks: {
    stories: 'Historinhas',
    documents: 'Perguntas sobre documentos',
    support: 'Respostas a partir das páginas de um site',
    extract: 'Dados tirados de textos, em tabela',
    write: 'Redação, resumos, código',
    images: 'Perguntas sobre uma imagem',
    knowledge: 'Fatos recentes, conhecimento profundo ou raro, raciocínio longo',
  },
  tiny: {
    stories: 'todas as 200 histórias usam as três palavras pedidas; nenhuma se contradiz',
    support: 'Ele cita: 39 de 40 trechos certos; em 19 de 20 casos diz que não sabe',
  },
  larger: {
    documents:
      'O trecho certo está entre os três primeiros em 60 de 60 perguntas; o que o modelo faz dele não foi medido aqui',
    extract: 'A forma sai sempre certa, por uma máscara no sorteio; os dados não foram medidos aqui',
  },
  notMeasured: 'não medido',
  perSecond: (rate) => `${rate} tokens/s`,
  included: 'vem com o aplicativo',
  elsewhere: 'Nenhum que rode aqui. Um modelo maior fora daqui é a resposta honesta, se você quiser um.',
  noneFits:
    'Nenhum modelo para isto cabe neste aparelho. Um modelo maior fora daqui é a resposta honesta, se você quiser um.',
  setUp: 'Um modelo maior fora daqui…',
};
