// As palavras de Configurações > Privacidade, em português do Brasil.
import type { enPrivacy } from './en-privacy';

export const ptPrivacy: typeof enPrivacy = {
  privacy: {
    heading: 'Privacidade',
    title: 'Privacidade',
    checking: 'Perguntando ao navegador a que o Phield está limitado…',
    held: 'O próprio navegador impede que a página e o motor, que veem o que você escreve, acessem qualquer outro endereço.',
    notHeld:
      'Neste site o navegador não impede que a página ou o motor acessem outros endereços. O Phield não envia nada do que você escreve, mas aqui nada garante isso.',
    storeHeld:
      'A parte que baixa modelos nunca vê o que você escreve e só pode acessar o seu computador e endereços https.',
    storeNotHeld:
      'Este site não envia cabeçalhos de segurança, então a parte que baixa modelos não tem restrições. Ela nunca vê o que você escreve.',
    framesForbidden: 'Outros sites não podem exibir esta página em um quadro sem permissão.',
    framesAllowed:
      'Qualquer site pode exibir esta página em um quadro, pois este não envia um cabeçalho contra isso.',
  },
};
