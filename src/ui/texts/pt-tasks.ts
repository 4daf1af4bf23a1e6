// The words of tasks, in Brazilian Portuguese.
import type { enTasks } from './en-tasks';

export const ptTasks: typeof enTasks = {
  tasks: {
    title: 'Tarefas',
    lead: 'Para o que pede mais do que uma pergunta. Cada tarefa roda neste aparelho, pode ser parada e retomada, e vira uma conversa.',
    names: {
      summarise: 'Resumir',
      extract: 'Extrair',
      write: 'Escrever',
      story: 'História',
      photo: 'Perguntar a uma foto',
    },
    leads: {
      summarise: 'Um documento longo em poucos parágrafos, parte por parte, para você conferir cada uma.',
      extract:
        'Os dados que você pedir, ou os pontos principais de um relatório, em tabela e com a fonte de cada valor.',
      write: 'Uma descrição de produto, um post ou um e‑mail a partir de umas notas, em três versões.',
      story: 'Uma história curta com um substantivo, um verbo e um adjetivo. Jogue os dados.',
      photo: 'Uma pergunta sobre uma imagem, para modelos que enxergam.',
    },
    back: 'Todas as tarefas',
    start: 'Começar',
    startTiny: 'Tentar com o Phield tiny mesmo assim',
    stop: 'Parar',
    resume: 'Retomar',
    remove: 'Apagar',
    openChat: 'Abrir como conversa',
    earlier: 'Anteriores',
    running: 'Em andamento',
    paused: 'Parada; o que foi feito está guardado.',
    waiting: 'Esperando o modelo…',
    tiny: 'O Phield tiny escreve histórias curtas e responde sobre o Phield. Esta tarefa está além dele; um modelo como o Phi-3-mini dá conta.',
    chooseModel: 'Escolher um modelo',

    document: 'Documento',
    noDocuments: 'Primeiro adicione um documento.',
    addDocument: 'Adicionar arquivo',
    chooseDocument: 'Escolha um documento',

    lengthLabel: 'Tamanho',
    lengths: { short: 'Curto', medium: 'Médio', long: 'Longo' },
    audienceLabel: 'Para',
    audiences: { everyone: 'Todo mundo', experts: 'Especialistas', children: 'Crianças' },
    parts: 'Partes',
    partOf: (done, total) => `parte ${done} de ${total}`,
    part: (number) => `Parte ${number}`,
    partOfParts: (number) => `Resumo dos resumos ${number}`,
    source: 'Abrir no documento',
    result: 'Resultado',

    fieldsLabel: 'O que procurar',
    fieldsHint:
      'Um por linha: fornecedor, preço, prazo de entrega. Deixe vazio para os pontos principais e as tendências.',
    field: 'Campo',
    value: 'Valor',
    from: 'Fonte',
    passage: (number) => `trecho ${number}`,
    notVerbatim: 'não está assim na fonte',
    nothingFound: 'Nada foi encontrado.',
    unusable: (count, text) =>
      count === 1
        ? 'Para uma parte o modelo não deu resposta aproveitável.'
        : `Para ${text} partes o modelo não deu resposta aproveitável.`,
    csv: 'Salvar em CSV',
    json: 'Salvar em JSON',
    insights: 'Pontos principais',

    formLabel: 'O quê',
    forms: { product: 'Descrição de produto', post: 'Post', email: 'E-mail' },
    toneLabel: 'Tom',
    tones: { friendly: 'Amigável', formal: 'Formal', lively: 'Animado' },
    brief: 'Notas',
    briefHint: 'Do que se trata, para quem é e o que não pode faltar.',
    variant: (number) => `Versão ${number}`,
    refine: 'Usar esta e refinar',
    copyVariant: 'Copiar versão',

    noun: 'Substantivo',
    verb: 'Verbo',
    adjective: 'Adjetivo',
    roll: (what) => `Jogar o dado: ${what}`,
    rollAll: 'Jogar os três',
    tell: 'Contar a história',

    photoSees: (model) => `O ${model} enxerga imagens.`,
    photoBlind: (model) => `O ${model} só lê texto. Estes modelos enxergam imagens:`,
    photoNone: 'Nenhum deles roda neste aparelho.',
    photoChoose: 'Escolher uma imagem',
    photoCamera: 'Tirar uma foto',
    photoFits: 'cabe neste aparelho',
    photoTight: 'no limite deste aparelho',
    photoCannot: 'não cabe neste aparelho',

    questions: {
      summarise: (name) => `Resuma ${name}.`,
      extract: (name, fields) => (fields === '' ? `Pontos principais de ${name}` : `De ${name}: ${fields}`),
      write: (form, brief) => `${form}: ${brief}`,
      story: (words) => `Uma história com ${words}`,
    },
  },
};
