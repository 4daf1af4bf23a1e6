// Words of the frame alone, in each language.

export interface FrameTexts {
  readonly onDevice: string;
  readonly openInPhield: string;
  readonly welcome: string;
  /** In the message box. */
  readonly placeholder: string;
  readonly contact: string;
  readonly notKept: string;
  readonly untilClosed: string;
  readonly noOrigin: string;
  readonly back: string;
  readonly unknown: (contact: string | undefined) => string;
  readonly knowledgeName: string;
  /** Of a model that may lie on this device already. */
  readonly shared: {
    readonly offered: string;
    readonly use: string;
    readonly looking: string;
    readonly refused: string;
    readonly absent: string;
    readonly inPhield: string;
    readonly again: string;
  };
}

const en: FrameTexts = {
  onDevice: 'runs on your device',
  openInPhield: 'Open in Phield',
  welcome: 'Ask a question. The answer is written on this device; what you type is sent to nobody.',
  placeholder: 'Ask a question…',
  contact: 'Prefer a person?',
  notKept: 'This page lets the chat keep nothing: the model is fetched again at each visit.',
  untilClosed: 'This page shows the chat in a frame that forgets: the model is fetched again at each visit.',
  noOrigin:
    'This page shows the chat in a sandbox where it cannot run. It needs allow-same-origin beside allow-scripts. Open it in a tab of its own instead.',
  back: 'Back to the chat',
  unknown: (contact) =>
    contact === undefined
      ? 'I do not know. The information I was given here does not answer that.'
      : `I do not know. The information I was given here does not answer that. You can ask here: ${contact}`,
  knowledgeName: 'About this site',
  shared: {
    offered:
      'If you have it in Phield on this device already, this chat can use it from there: nothing to download.',
    use: 'Use the one on this device',
    looking: 'Looking on this device…',
    refused:
      'The browser did not let this chat look. Open Phield in a tab of its own once, then come back and try again.',
    absent:
      'It is not on this device in one piece. Downloaded here, it serves this site only; downloaded in Phield, every site.',
    inPhield: 'Download it in Phield',
    again: 'Look again',
  },
};

const pt: FrameTexts = {
  onDevice: 'roda no seu aparelho',
  openInPhield: 'Abrir no Phield',
  welcome: 'Pergunte. A resposta é escrita neste aparelho, e o que você digita não é enviado a ninguém.',
  placeholder: 'Faça uma pergunta…',
  contact: 'Prefere falar com alguém?',
  notKept: 'Esta página não deixa a conversa guardar nada: o modelo é baixado de novo a cada visita.',
  untilClosed:
    'Esta página mostra a conversa num quadro que esquece tudo: o modelo é baixado de novo a cada visita.',
  noOrigin:
    'Esta página mostra a conversa numa caixa isolada em que ela não consegue rodar: falta allow-same-origin ao lado de allow-scripts. Abra numa aba própria.',
  back: 'Voltar à conversa',
  unknown: (contact) =>
    contact === undefined
      ? 'Não sei. O que me passaram sobre este site não responde a isso.'
      : `Não sei. O que me passaram sobre este site não responde a isso. Você pode perguntar aqui: ${contact}`,
  knowledgeName: 'Sobre este site',
  shared: {
    offered:
      'Se você já tem esse modelo no Phield deste aparelho, a conversa pode usá-lo de lá, sem baixar nada.',
    use: 'Usar o que já está aqui',
    looking: 'Procurando neste aparelho…',
    refused:
      'O navegador não deixou procurar. Abra o Phield uma vez numa aba própria, volte e tente de novo.',
    absent:
      'Não há uma cópia completa neste aparelho. Baixado por aqui, ele serve só para este site; baixado no Phield, serve para todos.',
    inPhield: 'Baixar no Phield',
    again: 'Procurar de novo',
  },
};

export function frameTextsFor(language: string): FrameTexts {
  return language.startsWith('pt') ? pt : en;
}
