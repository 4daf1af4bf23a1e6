// As palavras do modelo maior em outro lugar, em português do Brasil.
import type { RemoteWords } from './en-remote';

export const ptRemote: RemoteWords = {
  heading: 'Um modelo maior em outro lugar',
  note: 'O Phield responde neste aparelho. Para o que passa dele, você pode indicar um modelo maior: no seu computador, na sua empresa ou em uma nuvem. Nada vai para lá antes de você ver e concordar.',
  look: 'Procurar neste computador',
  lookNote: 'Pergunta às portas habituais do Ollama, LM Studio, llama.cpp, vLLM e Jan, só agora.',
  looking: 'Perguntando a este computador…',
  found: (name, count) => `${name}: ${count} ${count === 1 ? 'modelo' : 'modelos'}`,
  foundNone:
    'Nenhum respondeu. Se algum está no ar, talvez precise saber que esta página pode perguntar a ele:',
  address: 'Endereço',
  addressNote: 'De um servidor compatível com a OpenAI, como https://gateway.example.com/v1.',
  key: 'Chave',
  keyNote: 'Só se ele pedir uma. Ela vai para esse endereço e para nenhum outro.',
  keepKey: 'Guardar a chave neste aparelho, criptografada',
  keepKeyNote: 'Se não, ela é esquecida quando esta página fecha.',
  connect: 'Mostrar os modelos',
  connecting: 'Perguntando pelos modelos…',
  model: 'Modelo',
  use: 'Usar este',
  mixed:
    'Esta página veio criptografada, por isso o navegador só a deixa chegar sem criptografia a este computador. Dê a esse servidor um endereço https ou use localhost.',
  current: (model, host) => `${model} em ${host}`,
  change: 'Alterar',
  remove: 'Remover',
  removeNote: 'O endereço, a chave e as permissões de todas as conversas.',
  mode: 'Quando sugerir',
  modes: {
    off: 'Nunca: só quando eu pedir',
    ask: 'Quando ele puder responder melhor',
    automatic: 'Perguntar automaticamente, nas conversas em que concordei',
  },
  modeNote: 'Quem responde o quê é decidido neste aparelho. Conversas privadas nunca são enviadas.',
  documents: 'Também conversas com documentos',
  documentsNote: 'Os documentos nunca são enviados, mas as respostas sobre eles trazem trechos.',
  agreed: (count) =>
    count === 1
      ? '1 conversa pode ser enviada sem perguntar.'
      : `${count} conversas podem ser enviadas sem perguntar.`,
  revokeAll: 'Voltar a perguntar em todas',
  send: {
    title: (host) => `Enviar para ${host}?`,
    lead: (model) => `Isto, e nada além disto, vai para ${model}:`,
    roles: { user: 'Você', assistant: 'Resposta', system: 'Sistema' },
    picturesLeftOut: 'As imagens não são enviadas.',
    documentsLeftOut: 'Os documentos não são enviados, mas os trechos que as respostas citam são.',
    found: (count) =>
      count === 1 ? '1 dado pessoal está marcado.' : `${count} dados pessoais estão marcados.`,
    foundNone: 'Nenhum dado pessoal foi encontrado. Confira você também: nem tudo pode ser encontrado.',
    redact: 'Enviar marcadores no lugar e pôr os dados de volta na resposta',
    again: 'Não perguntar de novo nesta conversa',
    send: 'Enviar',
    longer: (count) => `${count} caracteres ao todo`,
    isPrivate: 'Esta conversa é privada: ela fica neste aparelho. Para mudar, use o menu da conversa.',
    busy: 'Uma resposta está sendo escrita. Espere por ela ou pare-a.',
    none: 'Nenhum modelo maior foi configurado.',
    setUp: 'Configurar um',
  },
  hint: {
    suggest: (reason, host) => `${reason} ${host} pode responder melhor.`,
    ask: 'Perguntar a ele',
    dismiss: 'Agora não',
    reasons: {
      knowledge: 'Isto pede conhecimentos que um modelo pequeno raramente tem.',
      planning: 'Isto pede vários passos de raciocínio.',
      code: 'Isto é um programa mais longo.',
      maths: 'Isto pede contas exatas.',
      language: 'O modelo daqui não fala bem esta língua.',
      length: 'Isto é mais longo do que o modelo daqui comporta.',
      images: 'O modelo daqui não enxerga imagens.',
      recent: 'Isto é sobre fatos recentes, que nenhum modelo neste aparelho pode conhecer.',
      unsure: 'O modelo daqui não estava seguro do que escreveu.',
      learned: 'Um modelo maior costuma responder melhor a perguntas assim.',
    },
  },
};
