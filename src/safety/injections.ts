// Instructions in what is only to be read: documents, pages, what a host tells. They are shown to the person as what they
// are; the fence around the text (src/documents/ground.ts) is what keeps a model from taking them for the person's.

const sign = (source: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})`, 'giu');

const signs: readonly RegExp[] = [
  sign(
    String.raw`(?:ignore|disregard|forget|override|bypass)[^.\n]{0,30}(?:previous|above|prior|earlier|all|your|the|any)[^.\n]{0,20}(?:instructions?|prompts?|rules?|guidelines?|directions?|context)`,
  ),
  sign(
    String.raw`(?:ignore|desconsidere|esqueça|descarte|desobedeça)[^.\n]{0,30}(?:instruç|ordens|regras|comandos|orientaç|contexto|tudo (?:o que )?(?:acima|antes))`,
  ),
  sign(
    String.raw`(?:you are|you're|act as|pretend to be|become) (?:now )?(?:in )?(?:an? )?(?:dan\b|unrestricted|unfiltered|jailbroken|developer mode|evil|different (?:assistant|ai)|root\b|admin)|(?:from now on|a partir de agora),? (?:you|você)|você (?:agora )?é (?:um |uma )?(?:assistente |ia )?(?:sem (?:filtro|restriç|limites)|dan\b|admin)`,
  ),
  sign(
    String.raw`(?:reveal|show|print|repeat|output|leak|display|tell me|send)[^.\n]{0,30}(?:system (?:prompt|message|text)|hidden (?:prompt|instructions)|your (?:instructions|prompt|rules)|initial prompt)|(?:revele|mostre|imprima|repita|exiba|envie)[^.\n]{0,30}(?:prompt (?:do|de) sistema|texto do sistema|mensagem do sistema|suas instruções|instruções (?:ocultas|iniciais|secretas))`,
  ),
  sign(
    String.raw`(?:send|post|forward|upload|submit|transmit|exfiltrate|email)[^.\n]{0,60}(?:conversation|chat|history|messages|user'?s|passwords?|data|contents?|key|answers?)[^.\n]{0,40}(?:https?:|to\b|via)|(?:envie|mande|poste|encaminhe|transmita)[^.\n]{0,60}(?:conversa|histórico|mensagens|senhas?|dados|conteúdo|chave)[^.\n]{0,40}(?:https?:|para\b|via)`,
  ),
  sign(
    String.raw`(?:do not|don't|never) (?:tell|mention|inform|reveal|alert|warn)[^.\n]{0,20}(?:the )?(?:user|human|person|reader)|(?:não|nunca) (?:conte|diga|mencione|informe|avise|revele)[^.\n]{0,20}(?:ao |a |à |o |pr[ao] )?(?:usuári|pessoa|leitor|humano)`,
  ),
  sign(
    String.raw`!\[[^\]]{0,80}\]\(https?:[^)\s]*(?:\?|%7b|\{)[^)]*\)|(?:visit|open|click|load|fetch|acesse|abra|clique|carregue)[^.\n]{0,40}https?:\/\/[^\s)]*(?:\?|=|\{)`,
  ),
  sign(
    String.raw`<\|(?:system|user|assistant|end|im_start|im_end)\|>|\[\/?INST\]|<<SYS>>|###? ?(?:system|instruction)\b|(?:^|\n)\s*(?:system|assistant|sistema|assistente) ?:`,
  ),
  sign(
    String.raw`(?:note|message|instructions?|attention|important)[^.\n]{0,12} (?:to|for) (?:the |any )?(?:ai|assistant|llm|language model|chatbot|model)\b|(?:nota|mensagem|instruç(?:ão|ões)|atenção|importante)[^.\n]{0,12} (?:para|à|ao) (?:a |o )?(?:ia\b|assistente|modelo|chatbot)|(?:ai|llm|assistant|assistente|ia) (?:must|should|deve|precisa) (?:now |agora )?(?:say|answer|reply|respond|output|write|dizer|responder|escrever)`,
  ),
];

export interface Injection {
  readonly start: number;
  readonly end: number;
}

/** Where the text gives orders to a model, in its order; none overlaps another. */
export function findInjections(text: string): readonly Injection[] {
  const found: Injection[] = [];
  for (const pattern of signs)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (!found.some((one) => start < one.end && one.start < end)) found.push({ start, end });
    }
  return found.sort((a, b) => a.start - b.start);
}
