// O aplicativo instalado.
import type { enInstall } from './en-install';

export const ptInstall: typeof enInstall = {
  title: 'Como aplicativo',
  note: 'Janela e ícone próprios, arquivos abertos direto nele, e conversas e modelos que o navegador demora mais a apagar.',
  install: 'Instalar o Phield',
  installed: 'O Phield está instalado: esta é a janela dele.',
  iosShare: 'Toque no botão Compartilhar do navegador.',
  iosAdd: 'Escolha “Adicionar à Tela de Início”.',
  elsewhere:
    'Este navegador não oferece instalação no momento. Não falta nada: numa aba o Phield também funciona sem rede.',
};
