// O que pode dar errado com um modelo maior em outro lugar, em português do Brasil.
export const ptRemoteErrors = {
  'network/cut': {
    title: 'Você desligou a rede',
    help: 'Nada foi baixado nem enviado. O que está guardado neste aparelho funciona; em Privacidade você liga a rede de novo.',
  },
  'remote/unreachable': {
    title: 'Não foi possível chegar ao modelo maior',
    help: 'Veja se ele está no ar, se o endereço está certo e se ele aceita esta página: o Ollama e o LM Studio precisam ser avisados antes. As configurações mostram como.',
  },
  'remote/bad-key': { title: 'A chave não foi aceita', help: 'Digite-a de novo nas configurações.' },
  'remote/unknown-model': {
    title: 'Esse modelo não está lá',
    help: 'Escolha outro da lista nas configurações ou confira o endereço.',
  },
  'remote/rate-limited': {
    title: 'Ele não aceita mais perguntas por enquanto',
    help: 'Espere um pouco e pergunte de novo.',
  },
  'remote/cut': {
    title: 'A resposta foi interrompida',
    help: 'O que chegou foi guardado. Pergunte de novo, ou pergunte aqui.',
  },
  'remote/bad-answer': {
    title: 'O que voltou não serve como resposta',
    help: 'Confira se o endereço é de um servidor compatível com a OpenAI.',
  },
  'remote/redirected': {
    title: 'Esse endereço encaminha para outro',
    help: 'O desvio não foi seguido, para que suas palavras e sua chave cheguem a um só servidor. Digite o endereço final.',
  },
  'remote/failed': {
    title: 'O modelo maior falhou',
    help: 'O problema é do lado dele. Tente mais tarde, ou pergunte aqui.',
  },
  'remote/not-held': {
    title: 'Nada foi enviado',
    help: 'Este navegador não limita a conexão a esse único servidor, por isso o Phield não a abre.',
  },
};
