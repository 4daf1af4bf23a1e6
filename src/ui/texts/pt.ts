// Portuguese. The shape is that of en.ts, so a missing text does not compile.
import type { Texts } from './en';
import { ptChat } from './pt-chat';
import { ptChats } from './pt-chats';
import { ptDocumentErrors, ptDocuments } from './pt-documents';
import { ptPlaces } from './pt-places';
import { ptPrivacy } from './pt-privacy';
import { ptRemoteErrors } from './pt-remote-errors';
import { ptProcessor } from './pt-processor';
import { ptPages } from './pt-pages';
import { ptTasks } from './pt-tasks';

export const pt: Texts = {
  language: 'pt',
  appName: 'Phield',
  skipToComposer: 'Ir para a caixa de mensagem',

  otherPages: 'Outras páginas',
  chats: 'Conversas',
  newChat: 'Nova conversa',
  openChats: 'Abrir a lista de conversas',
  closeChats: 'Fechar a lista de conversas',
  deleteChat: 'Apagar conversa',
  chatOptions: 'Opções da conversa',
  renameChat: 'Renomear',
  chatName: 'Nome da conversa',
  exportMarkdown: 'Exportar como Markdown',
  exportJson: 'Exportar como JSON',
  chatDeleted: (title) => `Apagada: ${title}`,
  undo: 'Desfazer',
  noChats: 'Suas conversas aparecerão aqui. Elas ficam somente neste aparelho.',
  answeringHere: 'Respondendo',

  conversation: 'Conversa',
  you: 'Você',
  message: 'Mensagem',
  messagePlaceholder: 'Escreva uma mensagem…',
  noModelPlaceholder: 'Não há modelo para responder',
  send: 'Enviar',
  stop: 'Parar',
  removePicture: (index: number) => `Remover imagem ${index}`,
  attachedPicture: (index: number) => `Imagem ${index}`,
  tooManyPictures: (count: number) => `Uma mensagem aceita até ${count} imagens.`,
  notAPicture: 'Este arquivo não é uma imagem que este navegador consiga ler.',
  regenerate: 'Gerar de novo',
  editMessage: 'Editar mensagem',
  editedText: 'Novo texto',
  editSubmit: 'Perguntar de novo',
  cancel: 'Cancelar',
  copyMessage: 'Copiar mensagem',
  copyCode: 'Copiar código',
  copied: 'Copiado',
  copyFailed: 'Não foi possível copiar: o navegador recusou.',
  versions: 'Versões',
  previousVersion: 'Versão anterior',
  nextVersion: 'Próxima versão',
  versionOf: (index, count) => `${index} de ${count}`,
  toNewest: 'Ir para o texto mais novo',
  waitingForModel: 'Esperando o modelo carregar…',
  readingPrompt: 'Lendo a sua mensagem…',
  readingAgain: 'A conversa ficou longa: lendo tudo de novo…',
  answering: 'Respondendo…',
  answerComplete: (text) => `Resposta: ${text}`,
  stopped: 'Parado.',
  stoppedBeforeText: 'Parado antes da primeira palavra.',
  emptyAnswer: 'O modelo terminou sem dizer nada. Tente “Gerar de novo”, ou outras palavras.',
  maxTokens: (tokens) =>
    `Parou no limite de ${tokens} tokens. “Máximo de tokens”, nas Configurações, aumenta o limite.`,
  maxTokensUnknown: 'Parou no limite de tokens. “Máximo de tokens”, nas Configurações, aumenta o limite.',
  contextFull: (tokens) =>
    `A conversa encheu o contexto do modelo${tokens === undefined ? '' : `, de ${tokens} tokens`}; por isso a resposta termina aqui. Comece uma nova conversa, ou edite uma mensagem anterior para tomar um caminho mais curto.`,
  busyElsewhere: 'Uma resposta está sendo escrita em outra conversa.',
  imageLeftOut: (alt) => `[imagem não carregada: ${alt}]`,
  usageTokens: (count, text) => (count === 1 ? '1 token' : `${text} tokens`),
  usageFirst: (seconds) => `primeiro em ${seconds}`,
  usageRate: (rate) => `${rate} tokens/s`,
  answeredBy: (model) => `Respondido por ${model}`,

  suggestions: 'Sugestões',
  suggested: ['O que é o Phield?', 'Meus dados saem do meu aparelho?', 'Como uso o Phield sem internet?'],

  modelDetails: 'Detalhes do modelo',
  tinyTruth:
    'O Phield tiny é um modelo bem pequeno que vem com o app: começa logo, conta historinhas e responde sobre o Phield, em português e inglês. Um modelo maior sabe muito mais.',
  softwareAdapter: 'por software, portanto devagar',
  runsOn: (adapter) => `Roda em ${adapter}`,
  unknownAdapter: 'uma GPU sem nome',
  loadingModel: (model) => `Carregando ${model}`,
  loadingAgain: (model) => `Carregando ${model} de novo`,
  loadProgress: 'Carregando o modelo',
  bytesOf: (loaded, total) => `${loaded} de ${total}`,
  bytesPerSecond: (rate) => `${rate}/s`,
  timeLeft: (time) => `faltam ${time}`,
  modelFailed: 'Não carregado',
  phases: {
    config: 'Lendo a configuração',
    tokenizer: 'Lendo o vocabulário',
    manifest: 'Lendo a lista de arquivos',
    shards: 'Buscando os pesos',
    verify: 'Conferindo os pesos',
    upload: 'Levando os pesos para a GPU',
    compile: 'Compilando os programas da GPU',
    ready: 'Pronto',
  },
  starting: 'Iniciando',
  facts: {
    engine: 'Motor',
    parameters: 'Parâmetros',
    context: 'Contexto',
    weights: 'Pesos',
    gpuMemory: 'Memória da GPU',
    adapter: 'Adaptador',
    halfPrecision: 'Aritmética de 16 bits',
  },
  tokens: (text) => `${text} tokens`,
  yes: 'sim',
  no: 'não',

  settings: 'Configurações',
  close: 'Fechar',
  answersHeading: 'Respostas',
  answersNote: 'Valem já na próxima resposta. O modelo não precisa carregar de novo.',
  modelDefault: (value) => `do modelo: ${value}`,
  modelDefaultUnknown: 'do modelo',
  seedDefault: 'uma nova a cada vez',
  temperature: 'Temperatura',
  temperatureHelp: '0 escolhe sempre a palavra mais provável; valores maiores variam mais.',
  topP: 'Top-p',
  topPHelp: 'Deixa de fora as palavras improváveis; 1 não deixa nenhuma.',
  repetitionPenalty: 'Penalidade de repetição',
  repetitionPenaltyHelp: '1 desliga; valores maiores evitam repetições.',
  maxTokensLabel: 'Máximo de tokens',
  maxTokensHelp: 'O maior tamanho que uma resposta pode ter.',
  seed: 'Semente',
  seedHelp: 'A mesma semente e as mesmas palavras dão a mesma resposta.',
  systemPrompt: 'Instrução do sistema',
  systemPromptHelp: 'Vem antes de toda conversa. Modelos muito pequenos podem ligar pouco para ela.',
  outOfRange: (min, max) => `Use um número de ${min} a ${max}.`,
  wholeNumber: (min, max) => `Use um número inteiro de ${min} a ${max}.`,
  resetAnswers: 'Voltar estes cinco aos valores do modelo',
  pageHeading: 'Aparência e idioma',
  theme: 'Tema',
  themes: { auto: 'Como no aparelho', light: 'Claro', dark: 'Escuro' },
  languageLabel: 'Idioma',
  languages: { auto: 'Como no navegador', en: 'English', pt: 'Português' },

  dismiss: 'Dispensar',
  fromAddress: (names) => `Este link definiu, para esta visita: ${names}.`,
  useMine: 'Usar as minhas configurações',
  rejectedParameters: (names) => `Parte deste link não pôde ser usada e foi ignorada: ${names}.`,
  saveFailed: 'Suas conversas não podem ser salvas agora; elas duram até você fechar esta página.',
  unreadableChats: (count) =>
    count === 1
      ? 'Uma conversa salva não pôde ser lida. Ela foi deixada como está.'
      : `${count} conversas salvas não puderam ser lidas. Elas foram deixadas como estão.`,
  updateReady: 'Uma nova versão está pronta',
  reload: 'Recarregar',
  reloadWhenDone: 'A página será recarregada quando terminar o que está em andamento.',

  regionBroke: 'Esta parte da página falhou.',
  partMissing: 'Não foi possível carregar esta parte da página.',
  tryAgain: 'Tentar de novo',
  reloadModel: 'Recarregar o modelo',
  useBuiltIn: 'Usar o modelo embutido',
  technicalDetails: 'Detalhes técnicos',
  noWebGpu: {
    title: 'Este navegador não oferece WebGPU',
    lead: 'O Phield calcula as respostas no seu processador gráfico, por meio de WebGPU. Sem ele as respostas vêm do processador, devagar, ou de outro navegador. Suas conversas salvas estão seguras e ainda podem ser lidas.',
    browsersHeading: 'Navegadores que o têm',
    browsers: [
      'Chrome ou Edge 113 ou mais novo no Windows, macOS e ChromeOS; 121 ou mais novo no Android 12 em diante',
      'Safari 26 ou mais novo no macOS, iPhone e iPad',
      'Firefox 141 ou mais novo no Windows, 145 ou mais novo em Macs com Apple silicon',
    ],
    enableHeading: 'Se o seu é um deles',
    enable: [
      'Atualize o navegador e reinicie-o.',
      'Chrome e Edge: ligue “Usar aceleração gráfica quando disponível” em Configurações, Sistema.',
      'Chrome no Linux: abra chrome://flags/#enable-unsafe-webgpu, escolha Enabled e reinicie.',
      'Firefox em outros sistemas: abra about:config e ponha dom.webgpu.enabled em true.',
      'Modos de bloqueio e algumas políticas de empresa desligam o WebGPU.',
    ],
    insecure:
      'Esta página não foi aberta por uma conexão segura. Os navegadores só oferecem WebGPU em endereços https:// e em localhost; confira primeiro o endereço.',
  },
  noAdapter: {
    title: 'Nenhum adaptador gráfico respondeu',
    lead: 'O navegador conhece WebGPU, mas não encontrou um adaptador que possa usar.',
    checks: [
      'Ligue “Usar aceleração gráfica quando disponível” nas configurações do navegador e reinicie-o.',
      'Atualize o driver gráfico: os navegadores bloqueiam os antigos.',
      'Chrome e Edge: chrome://gpu diz, em “WebGPU”, o que está bloqueado e por quê.',
      'Áreas de trabalho remotas e máquinas virtuais muitas vezes não têm adaptador utilizável.',
    ],
  },
  ...ptPages,
  ...ptChat,
  ...ptChats,
  ...ptDocuments,
  ...ptPlaces,
  ...ptPrivacy,
  ...ptProcessor,
  ...ptTasks,

  errors: {
    'gpu/unavailable': {
      title: 'Este navegador não oferece WebGPU',
      help: 'Abra o Phield em um navegador que ofereça, ou ligue-o.',
    },
    'gpu/no-adapter': {
      title: 'Nenhum adaptador gráfico respondeu',
      help: 'Ligue a aceleração gráfica, atualize o driver e reinicie o navegador.',
    },
    'gpu/limit-too-low': {
      title: 'Este adaptador gráfico é pequeno demais para o modelo',
      help: 'Escolha um modelo menor ou o outro motor em Modelos, ou tente outro navegador ou aparelho: cada um dá outros limites ao WebGPU.',
    },
    'gpu/device-lost': {
      title: 'O dispositivo gráfico se perdeu',
      help: 'Isso acontece depois de um reinício do driver, ao suspender, ou quando a memória acaba. Recarregue o modelo; se continuar, feche outras abas pesadas.',
    },
    'gpu/out-of-memory': {
      title: 'A memória gráfica está cheia',
      help: 'Feche outras abas e programas que usam gráficos, ou escolha um modelo menor.',
    },
    'gpu/shader-invalid': {
      title: 'O driver gráfico recusou um programa',
      help: 'Atualize o driver e o navegador. Se continuar, relate o problema com os detalhes abaixo.',
    },
    'gpu/wrong-numbers': {
      title: 'Este dispositivo gráfico calcula números errados',
      help: 'As respostas deste modelo sairiam erradas aqui, por isso ele não foi iniciado. Atualize o driver de vídeo e o navegador, ou escolha um modelo em outro formato.',
    },
    'processor/unavailable': {
      title: 'Isto não roda no processador aqui',
      help: 'Escolha um arquivo GGUF ou o modelo embutido, ou use um Chrome, Edge ou Firefox atual.',
    },
    'processor/stopped': {
      title: 'O programa no processador parou',
      help: 'Carregue o modelo de novo. Se parar outra vez, talvez falte memória no aparelho: escolha um modelo menor.',
    },
    'network/offline': {
      title: 'Não se alcança o servidor',
      help: 'Confira a conexão e o endereço e tente de novo. Um modelo já guardado não precisa de rede.',
    },
    'network/bad-address': {
      title: 'Isso não é um endereço de onde se possa carregar um modelo',
      help: 'Dê o endereço http:// ou https:// de um arquivo GGUF ou de uma pasta, ou o nome de um modelo.',
    },
    'network/http-status': {
      title: 'O servidor não entregou um arquivo do modelo',
      help: 'Confira o endereço, ou tente mais tarde.',
    },
    'network/timeout': { title: 'O servidor ficou mudo', help: 'Tente de novo: o que chegou está guardado.' },
    'network/cors': {
      title: 'Esse servidor não deixa outras páginas lerem seus arquivos',
      help: 'O dono precisa permitir (CORS), ou a pasta deve ser servida deste endereço.',
    },
    'network/not-a-model': {
      title: 'Não há nenhum modelo ali',
      help: 'É preciso um arquivo GGUF com todas as suas partes, ou uma pasta no formato MLC, a que contém mlc-chat-config.json.',
    },
    'storage/quota': {
      title: 'Não há mais espaço para guardar isto',
      help: 'Libere espaço no aparelho ou apague outros modelos e tente de novo: o que chegou está guardado.',
    },
    'storage/integrity': {
      title: 'Um arquivo do modelo está danificado',
      help: 'Tente de novo: somente o arquivo danificado é buscado outra vez. “Conferir”, em Armazenamento, relê todos.',
    },
    'storage/blocked': {
      title: 'Outra aba está com o armazenamento',
      help: 'Feche as outras abas com Phield e tente de novo.',
    },
    'storage/unavailable': {
      title: 'O navegador não oferece armazenamento aqui',
      help: 'Janelas privadas e regras estritas de cookies podem proibi-lo. Permita os dados deste site.',
    },
    'model/lfs-pointer': {
      title: 'Os arquivos grandes ainda não estão nesta pasta',
      help: 'Ela foi clonada sem o Git LFS e só tem ponteiros no lugar deles. Rode “git lfs pull” na pasta e tente de novo.',
    },
    'model/unsupported-arch': {
      title: 'Este tipo de modelo não é aceito',
      help: 'O Phield roda modelos das famílias Phi-3, Llama e Qwen2, em arquivos GGUF ou no formato MLC. Os detalhes dizem o que impede; outro arquivo do mesmo modelo pode servir.',
    },
    'model/bad-config': {
      title: 'A configuração do modelo não serve',
      help: 'Confira se a pasta está completa e no formato MLC.',
    },
    'model/bad-manifest': {
      title: 'A lista de arquivos do modelo não serve',
      help: 'Confira se a pasta está completa e no formato MLC.',
    },
    'model/bad-gguf': {
      title: 'Este arquivo GGUF está danificado ou não é GGUF',
      help: 'Baixe-o de novo na origem. Um arquivo cortado no meio da cópia também aparece assim.',
    },
    'model/shape-mismatch': {
      title: 'Os pesos do modelo não combinam com a configuração',
      help: 'Os arquivos são de modelos ou versões diferentes. Busque-os de novo de uma só fonte.',
    },
    'model/missing-tensor': {
      title: 'Faltam pesos ao modelo',
      help: 'A pasta está incompleta. Busque-a de novo na origem.',
    },
    'model/unknown-model': {
      title: 'O Phield não conhece esse modelo',
      help: 'Confira o nome no endereço desta página, ou dê o endereço de uma pasta.',
    },
    'model/bad-library': {
      title: 'A biblioteca compilada do modelo não serve',
      help: 'Tente de novo: ela é buscada outra vez. Se continuar, escolha o outro motor ou outro modelo.',
    },
    'tokenizer/unknown-token': {
      title: 'O vocabulário e o modelo não combinam',
      help: 'Busque o modelo de novo de uma só fonte.',
    },
    'tokenizer/bad-vocab': {
      title: 'O vocabulário do modelo não serve',
      help: 'Baixe de novo os arquivos na origem do modelo. Se não adiantar, escolha outro modelo.',
    },
    'worker/outdated': {
      title: 'Esta página é de uma versão anterior',
      help: 'Uma versão mais nova do Phield tomou o lugar dela. Recarregue a página: as conversas e os modelos ficam.',
    },
    'worker/crashed': {
      title: 'O motor parou',
      help: 'Recarregue o modelo. Se faltar memória, feche antes outras abas.',
    },
    'worker/protocol-mismatch': {
      title: 'Duas versões do Phield se encontraram',
      help: 'Recarregue a página para juntá-las.',
    },
    'widget/bad-origin': {
      title: 'Uma página não autorizada tentou falar com o Phield',
      help: 'As mensagens dela são ignoradas.',
    },
    'widget/bad-message': {
      title: 'A página em volta do Phield enviou uma mensagem desconhecida',
      help: 'Ela é ignorada.',
    },
    'run/aborted': { title: 'Parado', help: '“Gerar de novo” pergunta outra vez.' },
    'run/context-full': {
      title: 'Isto é mais do que o modelo comporta de uma vez',
      help: 'Encurte a mensagem, comece uma nova conversa, ou edite uma mensagem anterior.',
    },
    'run/needs-consent': {
      title: 'Primeiro é preciso baixar este modelo',
      help: 'Nada grande é buscado antes de você concordar.',
    },
    'run/busy': { title: 'O modelo ainda está ocupado', help: 'Espere um momento e tente de novo.' },
    'run/bad-request': {
      title: 'O motor não pôde usar este pedido',
      help: 'Confira as configurações e tente de novo.',
    },
    'run/bad-logits': {
      title: 'O modelo calculou algo que não é um número',
      help: 'Carregue o modelo de novo. Se continuar, deixe “Conferir”, em Armazenamento, procurar arquivos danificados, escolha outro modelo ou atualize o driver de vídeo.',
    },
    ...ptDocumentErrors,
    ...ptRemoteErrors,
    'chats/bad-file': {
      title: 'Não há conversas neste arquivo',
      help: 'Escolha uma conversa ou um backup exportado aqui, ou o conversations.json de uma exportação do ChatGPT.',
    },
    'chats/too-large': {
      title: 'Este arquivo é grande demais para ser lido de uma vez',
      help: 'Divida o arquivo, ou importe só as conversas que importam.',
    },
    'internal/invariant': {
      title: 'O Phield cometeu um erro',
      help: 'Tente de novo. Se continuar, relate o problema com os detalhes abaixo.',
    },
    'internal/unexpected': {
      title: 'Aconteceu algo inesperado',
      help: 'Tente de novo. Se continuar, relate o problema com os detalhes abaixo.',
    },
  },
};
