// What a text is about that a model should be careful with: by words, in English and Portuguese. A sign of a thing and an
// intent to do it, both near each other, make a category; what shows that it is meant otherwise unmakes it. Rules, and so
// easily fooled by whoever wants to: a layer, never the only one.

export const categories = [
  'self-harm',
  'violence',
  'weapons',
  'drugs',
  'fraud',
  'hacking',
  'sexual',
  'hate',
  'personal-data',
] as const;
export type Category = (typeof categories)[number];

interface CategoryRule {
  readonly category: Category;
  readonly thing: RegExp;
  /** Absent: the thing alone is enough. */
  readonly intent?: RegExp;
  readonly unless?: RegExp;
}

const sign = (source: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})`, 'iu');

/** Asks for the way to do it. */
const how = String.raw`how (?:do|can|could|would|to|should)|ways? to|steps? (?:to|for)|instructions?|guide|tutorial|recipe|teach me|show me|help me|tell me|explain how|give me|write\b|make (?:me )?an?|create|build|plan|need to|want to|como|modos? de|maneiras? de|passo a passo|instruções|guia|receita|me ensin|me mostr|me ajud|me diga|ensine|me dê|escreva|faça|crie|monte|planej|preciso|quero`;
/** Understanding, stopping or telling of it. */
const study = String.raw`prevent|protect|detect|avoid|defend|recogni[sz]e|spot|report\b|stop\b|history of|film|movie|documentary|law\b|laws\b|penalt|why (?:do|is|are)|statistics|museum|safely dispose|symptoms|treat(?:ment)?|recover|quit|survivor|prevenir|proteger|detectar|evitar|defender|reconhecer|identificar|denunciar|parar|história d|filme|documentário|lei\b|leis\b|pena\b|por que|estatística|museu|descartar|sintomas|tratamento|recuperar|largar|sobreviv`;

const rules: readonly CategoryRule[] = [
  {
    category: 'self-harm',
    thing: sign(
      String.raw`kill myself|end my (?:own )?life|suicide|hurt(?:ing)? myself|cut(?:ting)? myself|harm(?:ing)? myself|want to die|better off dead|don'?t want to (?:live|be alive)|me matar|acabar com (?:a )?minha vida|suicíd|me machuc|me cort[aoe]\b|me cortar|me fer[ie]|quero morrer|queria morrer|não quero (?:mais )?viver|tirar (?:a )?(?:minha )?(?:própria )?vida`,
    ),
    unless: sign(
      String.raw`cut myself (?:some|a) (?:slack|slice|piece)|suicide squad|esquadrão suicida|suicide prevention|prevenção (?:do|ao) suicídio|political suicide|suicídio político|statistics|estatística`,
    ),
  },
  {
    category: 'violence',
    thing: sign(
      String.raw`(?:kill|murder|poison|stab|strangle|torture|kidnap|hurt|beat up|attack) (?:my|a|an|the|his|her|someone|somebody|him|people|him|them)\b(?! (?:process|time|weeds?|bacteria|virus|engine|zombie|dragon|boss|problem))|hit ?man|mass shooting|(?:matar|assassinar|envenenar|esfaquear|estrangular|torturar|sequestrar|machucar|bater n|atacar) (?:meu|minha|um|uma|o|a|os|as|alguém|ele|ela|no|na)\b|matador de aluguel|chacina|massacre n`,
    ),
    intent: sign(how),
    unless: sign(
      `${study}|story|character|game|chess|in minecraft|conto|personagem|jogo|xadrez|process|weed|bacteria|germs|rats?\\b|mosquito|formiga|barata|processo|tempo|sede|fome|saudade|cachorro|cão\b|training|não atacar`,
    ),
  },
  {
    category: 'weapons',
    thing: sign(
      String.raw`bombs?\b|explosives?|grenade|silencer|ghost gun|untraceable gun|nerve (?:agent|gas)|sarin|ricin|anthrax|chemical weapon|molotov|pipe bomb|bombas? (?:caseira|de)|uma bomba|explosivos?|granada|silenciador|arma (?:caseira|fantasma|química|sem registro)|coquetel molotov|gás sarin|ricina|antraz`,
    ),
    intent: sign(how),
    unless: sign(
      `${study}|bath bomb|chocolate bomb|bomb cake|bomb-proof|bombproof|photo ?bomb|glitter bomb|seed bomb|bomba de (?:chocolate|água|banho|combustível|sementes|ar)|bomba d'água|disposal|desarm`,
    ),
  },
  {
    category: 'drugs',
    thing: sign(
      String.raw`meth\b|methamphetamine|crack cocaine|cocaine|heroin\b|fentanyl|lsd\b|mdma|ecstasy|metanfetamina|cocaína|heroína\b|fentanil|lança-perfume|loló\b|drogas? ilíc`,
    ),
    intent: sign(
      String.raw`${how}|cook|synthesi[sz]e|sell|buy|smuggle|cozinhar|sintetizar|vender|comprar|contrabandear|produzir|fabricar`,
    ),
    unless: sign(study),
  },
  {
    category: 'fraud',
    thing: sign(
      String.raw`counterfeit|fake (?:passport|id\b|invoice|money|reviews?|diploma|charity)|forge|launder|phishing|ponzi|pyramid scheme|scam|steal (?:a |an |the |someone|credit|identit|money|car)|shoplift|evade taxes|blackmail|credit card (?:numbers|fraud)|falsific|dinheiro falso|notas? falsas?|(?:passaporte|identidade|diploma|documento|boleto|comprovante) falsos?|lavar dinheiro|lavagem de dinheiro|pirâmide financeira|golpe|roubar|furtar|sonegar|chantage|clonar (?:um )?(?:cartão|cartões|whatsapp)`,
    ),
    intent: sign(String.raw`${how}|without (?:being|getting) caught|sem ser pego`),
    unless: sign(
      `${study}|victim of|vítima de|caí em|fell for|golpe de (?:estado|ar|mestre)|scam(?:mer)?s? (?:work|call)|steal the (?:show|scene|spotlight)|warn|avisar|alerta|forge (?:a )?(?:friend|path|ahead)|blacksmith|roubar a cena`,
    ),
  },
  {
    category: 'hacking',
    thing: sign(
      String.raw`hack (?:into )?(?:my|a|an|the|someone|his|her|their|into)|ransomware|keylogger|malware|computer virus|trojan|botnet|ddos|break into (?:a|an|the|someone).{0,20}(?:account|network|computer|phone|wi-?fi|server)|crack (?:a |the |someone).{0,12}password|steal (?:password|cookies|session)|sql injection|bypass (?:the )?(?:login|authentication|paywall)|spyware|invadir|hackear|vírus de computador|cavalo de troia|quebrar (?:a )?senha|roubar senhas?|injeção de sql|derrubar (?:um|o) site|espionar (?:o )?celular`,
    ),
    intent: sign(how),
    unless: sign(
      `${study}|my own|life hack|growth hack|hackathon|meu próprio|minha própria|removed?\\b|remove|remover|limpar|clean|horta|jardim|quintal|espaço`,
    ),
  },
  {
    category: 'sexual',
    thing: sign(
      String.raw`(?:sex|sexual|nude|naked|erotic|porn\w*)[^.?!]{0,40}(?:child|minor|underage|teen|girl of \d|boy of \d|schoolgirl|\b1[0-7][- ]year)|(?:child|minor|underage|teen|schoolgirl)[^.?!]{0,40}(?:sex|nude|naked|erotic|porn)|(?:sexo|sexual|nua|nu\b|pelad[oa]|erótic|porn\w*)[^.?!]{0,40}(?:criança|menor|adolescente|menina|menino)|(?:criança|menor de idade|adolescente|menina|menino)[^.?!]{0,40}(?:sexo|nua|pelad[oa]|erótic|porn)|deepfake (?:nude|porn)|undress (?:her|this|a photo)|nude (?:photo|picture)s? of (?:my|a|her)|fotos? nuas? d[aeo]|tirar a roupa d(?:ela|a foto)|explicit (?:sex|porn)|porn(?:ographic)? (?:story|scene)|conto pornográfico|cena de sexo explícit`,
    ),
    unless: sign(
      `${study}|education|abuse hotline|educação sexual|disque|consent|talk to|conversar|doctor|pediatr`,
    ),
  },
  {
    category: 'hate',
    thing: sign(
      String.raw`(?:all |why )?(?:jews|muslims|blacks|black people|immigrants|gays|gay people|women|indigenous people|asians|disabled people|christians|northeasterners|judeus|muçulmanos|negros|imigrantes|gays|mulheres|indígenas|nordestinos|deficientes|evangélicos|haitianos|venezuelanos|ciganos|gypsies)[^.?!]{0,60}(?:inferior|vermin|should (?:die|be (?:killed|expelled|banned))|subhuman|stupid|parasites|criminals by nature|deserve|are (?:trash|dirty|worthless)|inferiores|vermes|deveriam (?:morrer|ser (?:mortos|expulsos))|sub-?humanos|burr[oa]s|parasitas|merecem|são (?:lixo|sujos))|(?:racist|antisemitic|homophobic|hateful|sexist|racista|antissemita|homofóbic|xenofóbic|preconceituos|machista)[^.?!]{0,40}(?:joke|slogan|speech|post|flyer|text|song|piada|slogan|discurso|panfleto|texto|música)|(?:piada|slogan|discurso|panfleto|texto|música)s? (?:racista|antissemita|homofóbic|xenofóbic|preconceituos|machista)|ethnic cleansing|limpeza étnica`,
    ),
    unless: sign(
      String.raw`prevent|history of|report\b|law\b|lei\b|combat|respond to|answer to|against|why .{0,20}wrong|responder a|contra o|combater|errad|remove`,
    ),
  },
  {
    category: 'personal-data',
    thing: sign(
      String.raw`home address|where (?:does )?(?:my ex|she|he|this (?:woman|man|person)|my neighbou?r|a judge|the judge)[^.?!]{0,20}(?:live|is)|social security number|license plate owner|who owns the (?:number|plate)|dox|stalk|track (?:my (?:ex|wife|husband|girlfriend|boyfriend)|her|his|someone)|read (?:my (?:wife|husband|girlfriend|boyfriend)|her|his)[^.?!]{0,16}messages|endereço (?:da casa|residencial|de uma|de um|da minha ex|d[ao] (?:min|m)h?[ae]u? ex|do meu ex|dela|dele)|onde (?:ela|ele|minha ex|meu ex|mora)|cpf d(?:e|a|o) |dono da placa|perseguir|stalkear|rastrear (?:minha|meu|a|o|alguém)|ler as mensagens d[aeo]|seguir .{0,20}sem que`,
    ),
    intent: sign(String.raw`${how}|find|give|look up|get\b|ache|encontr|descubr|descobr|consig|pegue`),
    unless: sign(
      `${study}|my own|hide my|remove my|change my|update my|meu próprio|esconder|remover meu|mudar meu|atualizar|mudei|pizza|package|encomenda|pacote|parcel|my dog|my cat|my keys|meu cachorro|meu gato`,
    ),
  },
];

export interface CategoryHit {
  readonly category: Category;
  /** The words that made it, as they stand in the text. */
  readonly words: string;
}

/** The first category that the text is of; undefined for most texts. */
export function categoryOf(text: string): CategoryHit | undefined {
  // Letters put apart or written as digits, to be read past.
  const plain = unmasked(text);
  for (const { category, thing, intent, unless } of rules) {
    const hit = thing.exec(plain);
    if (!hit) continue;
    const near = plain.slice(Math.max(0, hit.index - 160), hit.index + hit[0].length + 160);
    if (intent && !intent.test(near)) continue;
    if (unless?.test(near)) continue;
    return { category, words: hit[0] };
  }
  return undefined;
}

const digitsAsLetters: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
};

/** The text without the commonest disguises: zero-width characters, b-o-m-b, b0mb. */
export function unmasked(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, '')
    .replace(/(?<![\p{L}])\p{L}([-._*])(?:\p{L}\1){2,}\p{L}/gu, (spelt) => spelt.replace(/[-._*]/g, ''))
    .replace(/\p{L}+[013457@$]\p{L}+/gu, (word) =>
      word.replace(/[013457@$]/g, (digit) => digitsAsLetters[digit] ?? digit),
    );
}
