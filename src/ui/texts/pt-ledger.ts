// As palavras da página Privacidade e da página que apaga tudo, em português do Brasil.
import type { LedgerWords } from './en-ledger';

export const ptLedger: LedgerWords = {
  sent: (count, formatted) => (count === 1 ? '1 envio' : `${formatted} envios`),
  sentTitle: (count, formatted) =>
    count === 0
      ? 'Nada do que você escreveu saiu deste aparelho'
      : count === 1
        ? 'Uma mensagem sua foi para um modelo maior, com a sua autorização'
        : `${formatted} mensagens suas foram para um modelo maior, com a sua autorização`,
  cutShort: 'rede desligada',
  lead: 'O Phield trabalha neste aparelho. Aqui está tudo o que ele pediu à rede desde que foi aberto pela primeira vez.',
  reading: 'Lendo o registro…',
  cut: 'Desligar a rede para o Phield',
  cutNote:
    'Nada de downloads, modelo maior ou busca de atualizações. As conversas continuam com o que está guardado aqui. Fica assim até você ligar de novo. (O próprio navegador ainda pode perguntar a este site se o aplicativo mudou; nada seu vai junto.)',
  ledger: 'Registro',
  sentLong: (count, formatted, bytes) =>
    count === 0
      ? '0 envios: nada do que você escreveu saiu deste aparelho.'
      : count === 1
        ? `1 envio a um modelo maior, com a sua autorização: ${bytes}.`
        : `${formatted} envios a um modelo maior, com a sua autorização: ${bytes}.`,
  fetched: (requests, bytes) => `Baixado: ${bytes} em ${requests} pedidos.`,
  since: (day) => `Anotado desde ${day}.`,
  ledgerNote:
    'Só servidores, tamanhos e horários, nunca o conteúdo. O que o navegador pergunta por conta própria a um servidor antes (se esta página pode pedir algo) não aparece na lista.',
  columns: ['Quando', 'Servidor', 'Para quê', 'Pedidos', 'Enviado', 'Recebido'],
  purposes: {
    app: 'O próprio aplicativo',
    offline: 'O aplicativo, guardado para uso sem rede',
    update: 'Busca de versão nova',
    model: 'Modelos',
    'larger-model': 'Modelo maior fora daqui',
  },
  notTold: 'não informado',
  more: 'Aqui estão os mais recentes. O arquivo tem todos.',
  export: 'Salvar o registro',
  bounds: 'O que o navegador garante',
  prove: 'Confira você mesmo',
  proof: [
    'Abra as ferramentas de desenvolvedor do navegador (F12), na aba Rede. Marque “Preservar registro”.',
    'Escreva uma mensagem. Enquanto a resposta sai, nenhuma linha aparece: o modelo roda aqui.',
    'Veja o iniciador e o servidor de uma linha: os downloads de modelos vão aos servidores que a página Modelos mostra e não levam nada do que você escreve.',
    'Compare as linhas com o registro acima. As marcadas como “ServiceWorker” ou “cache” não chegaram à rede e por isso não estão no registro.',
    'Desligue a rede (Rede, Off-line, ou tire o cabo) e pergunte de novo: a resposta vem mesmo assim.',
  ],
  toPage: 'O que foi enviado e baixado, e o botão que desliga a rede',
  stored: 'O que está guardado aqui',
  what: 'O quê',
  where: 'Onde neste navegador',
  stores: {
    chats: 'Conversas',
    search: 'O índice que acha palavras nelas',
    documents: 'Documentos e o texto deles',
    tasks: 'Tarefas e seus resultados',
    prompts: 'Prompts salvos',
    models: 'Modelos, e o que já leram de conversas longas',
    keys: 'Chaves de um modelo maior, cifradas, se você as guardar',
    ledger: 'Este registro e o botão da rede',
    device: 'Velocidades medidas neste aparelho',
    settings: 'Configurações, personas, rascunhos, autorizações',
    waiting: 'O que espera pelo modelo nesta aba, ou foi compartilhado e ainda não apareceu',
    app: 'O aplicativo, para uso sem rede',
  },
  places: {
    database: 'IndexedDB',
    files: 'arquivos privados',
    cache: 'Cache Storage',
    texts: 'localStorage',
    tab: 'sessionStorage',
    worker: 'service worker',
  },
  erase: 'Apagar tudo…',
  eraseNote:
    'Conversas, documentos, modelos, configurações e os arquivos do aplicativo, em todas as abas deste navegador.',
  erasing: {
    title: 'Apagar tudo',
    lead: 'Isto apaga tudo o que o Phield guarda neste navegador: conversas, documentos, modelos, chaves, configurações, o registro e os arquivos do aplicativo. As outras abas do Phield são encerradas antes. Não dá para desfazer. Exporte antes o que quiser manter.',
    go: 'Apagar tudo agora',
    back: 'Voltar ao Phield',
    working: 'Apagando…',
    elsewhere: 'Tudo o que o Phield guarda neste navegador está sendo apagado a partir de outra aba.',
    done: 'Tudo foi apagado.',
    notAll: 'Nem tudo pôde ser apagado:',
    refused: (what, reason) => `${what}: ${reason}`,
    inUse: 'ainda em uso por outra aba. Feche todas as abas deste site e tente de novo aqui.',
    unknown: (message) => `o navegador recusou (${message})`,
    again: 'Tentar de novo',
  },
};
