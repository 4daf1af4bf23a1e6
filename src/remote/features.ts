// What can be known of a request before anybody answers it: signs in its words, each with the reason it stands for. Data;
// English and Portuguese, since those are the languages that the app speaks.

export type Reason =
  | 'knowledge'
  | 'planning'
  | 'code'
  | 'maths'
  | 'language'
  | 'length'
  | 'images'
  | 'recent'
  | 'unsure'
  | 'learned';

/** Found or not, but for `length` and `detail`, which go from 0 to 1. */
export const featureNames = [
  'recent',
  'language',
  'maths',
  'code',
  'planning',
  'knowledge',
  'detail',
  'easy',
  'length',
] as const;
export type Feature = (typeof featureNames)[number];
export type Features = Readonly<Record<Feature, number>>;

/** A whole word at its beginning; endings are left open where the pattern leaves them. */
const sign = (source: string): RegExp => new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${source})`, 'giu');

const signs = {
  recent: sign(
    String.raw`today|yesterday|tonight|right now|currently|now\?|latest|newest|this (?:week|month|year)|last (?:week|night)|news|weather|price of|exchange rate|hoje|ontem|agora|neste momento|atualmente|(?:nest|dest|ess)[ae] (?:semana|mês|ano)|mais recente|últim[oa]s? (?:versão|relatório|jogo|notícias?)|notícias?|cotação|preço d[oe]|como está o tempo|(?:final|copa|eleição|eleições) de 20\d\d`,
  ),
  maths: sign(
    String.raw`prove|proof|theorem|lemma|derive|integral|derivative|eigenvalues?|matrix|probability|primes?\b|exact(?:ly)? fraction|digits of|square root|equation|demonstr(?:e|ação)|teorema|derive|matriz|probabilidade|fração exata|algarismos|raiz (?:quadrada|de)|equação|\d{1,3}(?:[.,]\d{3}){2,}`,
  ),
  code: sign(
    String.raw`(?:implement|refactor|debug|compiler|microservices?|kubernetes|docker|rest api|race condition|b\+ tree|raft|concurren|consensus|unit-tested|complete .{0,20}(?:app|api|program)|implement(?:e|ação)|refator|compilador|microsserviços|completa? e testad|aplicativo completo|árvore b)`,
  ),
  planning: sign(
    String.raw`plan\b|itinerary|strategy|architecture|design (?:the|a)|roadmap|schedule|business plan|trade-?offs?|migration|estimate|optimi[sz]e|compare|review this contract|clinical trial|analy[sz]e|day by day|step by step|in phases|planej|roteiro|estratégia|arquitetura|projete|desenhe|cronograma|plano de|migração|estime|otimize|compare|revise este contrato|ensaio clínico|analise|passo a passo|em fases|cenários|elabore|monte um`,
  ),
  knowledge: sign(
    String.raw`list all|which (?:papers|species|clauses|drugs|articles)|who was the|chronology|history of|according to|constitution|supreme court|treaties|contraindications|interact with|laureates|casualties|tax treatment|mechanism|interpretations|references|sources|conclusions|liste tod|quais (?:artigos|espécies|medicamentos|foram)|quem foi|quem ganhou|cronologia|história d[aoe]|segundo o|constituição|jurisprudência|stf|stj|tratados|contraindicaç|interage|ganhadores|tributação|mecanismo|interpretações|referências|revisão da literatura|conclusões|sistemas eleitorais`,
  ),
  detail: sign(
    String.raw`detailed|in detail|complete|full|each|all|discuss|recommendation|risks?|budget|sources|options|with .{3,40}, .{3,40} and|detalh|complet|cada|tod[ao]s|discuta|recomendação|riscos?|orçamento|opções|com .{3,40}, .{3,40} e`,
  ),
  easy: sign(
    String.raw`hi\b|hello|thanks|rewrite|fix the|correct the|summari[sz]e|shorter|translate to (?:english|portuguese)|haiku|joke|bedtime|story|poem|slogan|caption|title|synonym|opposite|meaning?\b|mean\?|names? for|ideas|bullet points|alphabetical|table|more formally|out-of-office|thank-you|invitation|recipe|packing list|positive or negative|past tense|short|in one sentence|ten year old|simple|oi\b|olá|obrigad|reescreva|corrija|resuma|traduza para o (?:inglês|português)|haicai|piada|ninar|história:|poema curto|legenda|título|sinônimo|contrário|significa|nomes? para|ideias|tópicos|alfabética|tabela|mais formal|bilhete|convite|receita|lista do que|positiva ou negativa|passado|curt[oa]|em uma frase|criança|simples|sílabas`,
  ),
} as const;

/** Scripts and little words of languages that models of this size speak badly. */
const otherScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Devanagari}\p{Script=Thai}]/gu;
const otherWords = sign(
  String.raw`(?:der|die|das|und|eine[rs]?|ist|nicht|les|des|une|est|sont|quelles?|entre le|el|los|las|una|del|qué|cómo|y)\b(?![\p{L}])`,
);
const namesOther = sign(
  String.raw`(?:in|into|to|em|para o|para) (?:korean|japanese|chinese|arabic|russian|german|french|coreano|japonês|chinês|árabe|russo|alemão|francês)`,
);

const count = (pattern: RegExp, text: string): number => [...text.matchAll(pattern)].length;
const found = (pattern: RegExp, text: string): number => (count(pattern, text) > 0 ? 1 : 0);

export function featuresOf(text: string): Features {
  // A pasted book is judged by how it begins and ends: what is asked stands there.
  const asked = text.length > 4_000 ? `${text.slice(0, 2_000)}\n${text.slice(-2_000)}` : text;
  const words = asked.split(/\s+/).length;
  const isOther =
    count(otherScript, asked) > asked.length * 0.2 ||
    count(otherWords, asked) >= Math.max(2, words * 0.15) ||
    found(namesOther, asked) > 0;
  return {
    recent: found(signs.recent, asked),
    language: isOther ? 1 : 0,
    maths: found(signs.maths, asked),
    code: found(signs.code, asked),
    planning: found(signs.planning, asked),
    knowledge: found(signs.knowledge, asked),
    detail: Math.min(1, count(signs.detail, asked) / 3),
    easy: found(signs.easy, asked),
    length: Math.min(1, Math.max(0, asked.length - 40) / 160),
  };
}
