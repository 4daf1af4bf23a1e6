// Names of people where they are cheap to tell: by a title or what stands before, by a given name or a surname that is
// common in English or Portuguese. Names that are words as well ("Will", "Rosa") need a surname or a title.

const words = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

const given = words(`
Aaron Abigail Adam Adriana Adrian Adriano Agatha Alan Alana Albert Alberto Alessandra Alex Alexander Alexandra Alexandre
Alice Alícia Aline Allison Amanda Amélia Amelia Amy Ana Anderson André Andrea Andréia Andressa Andrew Angela Ângela
Anita Anna Anne Anthony Antonia Antônia Antonio Antônio António Arthur Artur Ashley Augusto Barbara Bárbara Beatriz Ben Benedito
Benjamin Bernard Bernardo Beth Betty Bianca Bob Brandon Breno Brenda Brian Bruna Bruno Caio Camila Carl Carla Carlos Carmen
Carol Carolina Caroline Catarina Catherine Cássia Cássio Cauã Cecilia Cecília Célia Celso César Charles Charlotte Chloe Chris
Christian Christina Christine Christopher Cíntia Clara Claudia Cláudia Claudio Cláudio Cleusa Cristiano Cristina Cynthia
Daniel Daniela Danielle Danilo Dave David Davi Débora Deborah Denise Dennis Diana Diane Diego Diogo Donald Donna Dorothy Douglas
Dylan Eder Edna Edson Eduarda Eduardo Edward Elaine Elena Eliane Elias Elisa Elizabeth Ellen Emily Emma Enzo Eric Érica
Erick Ernesto Estela Ester Ethan Eva Evelyn Fabiana Fábio Fabrício Fátima Felipe Fernanda Fernando Filipa Flávia Flávio Frances
Francisca Francisco Frank Fred Gabriel Gabriela Gary George Geraldo Gerald Gilberto Giovana Giovanna Gisele Giulia Gloria Glória
Gonçalo Graça Greg Gregory Guilherme Gustavo Hannah Harold Harry Heather Heitor Helen Helena Helio Hélio Heloísa Henrique
Henry Hugo Iara Igor Inês Ingrid Irene Isaac Isabel Isabela Isabella Isabelle Isadora Isis Ismael Ivan Ivone Jacob
Jacqueline Jaime James Jamie Jane Janet Jason Jeff Jeffrey Jennifer Jeremy Jerry Jessica Jéssica Jim Joan Joana Joaquim João Joe
Joel John Jonas Jonathan Jorge José Joseph Josefa Joshua Joyce Juan Judith Judy Julia Júlia Julian Juliana Juliano Julie Júlio
Justin Karen Karina Kate Katherine Kathleen Kátia Keith Kelly Kenneth Kevin Kimberly Kyle Laís Lara Larissa Larry Laura Lauren
Leandro Léo Leonardo Leonor Letícia Lia Lígia Liam Lilian Linda Lisa Lívia Logan Lorena Lorraine Louis Louise Lourdes Luan Luana
Lucas Lúcia Luciana Luciano Lúcio Lucy Luis Luís Luisa Luísa Luiz Luiza Maicon Manoel Manuel Manuela Marcela Marcelo Márcia Marcia
Márcio Marco Marcos Marcus Margaret Maria Mariana Marie Marilyn Marina Mário Mario Marisa Marlene Marta Martha Martin Mary Mateus
Matheus Matthew Maurício Mauro Megan Melissa Michael Michelle Miguel Mike Milena Mirian Mônica Mónica Murilo Nadia Nancy Natália
Natalia Natalie Nathan Nelson Nicholas Nicolas Nicole Nina Nuno Olga Olivia Olívia Orlando Oscar Osvaldo Otávio Pablo Pamela Patricia
Patrícia Patrick Paul Paula Paulo Pedro Peter Philip Pietro Priscila Rachel Rafael Rafaela Raimunda Raimundo Ralph Ramon Raquel Raul
Rebecca Rebeca Regina Reginaldo Renan Renata Renato Ricardo Richard Rita Robert Roberta Roberto Rodrigo Roger Rogério Romário
Ronald Ronaldo Rosana Rosângela Rosemary Rosimeire Roy Rubens Rui Russell Ruth Ryan Sabrina Sally Samanta Samantha Samuel Sandra
Sara Sarah Scott Sean Sebastião Sérgio Sergio Severino Sharon Sheila Shirley Silvana Sílvia Silvio Sílvio Simone Sofia Solange Sônia
Sophia Sophie Stephanie Stephen Steve Steven Susan Suzana Sueli Sylvia Taís Talita Tânia Tatiana Teresa Teresinha Terry Thaís Thiago
Tiago Theresa Thomas Tim Timothy Tom Tomás Tony Tyler Ulisses Vagner Valdir Valéria Valentina Vanessa Vera Verônica Vicente Victor
Victoria Vinícius Virgínia Vitor Vítor Viviane Vivian Wagner Walter Wanda Wanderson Wellington Wesley Wilson William Willian
Xavier Yara Yasmin Yuri Zachary Zélia Zoe
Mohammed Muhammad Ahmed Ali Fatima Aisha Wei Ming Hiroshi Yuki Priya Raj Ravi Sanjay Anjali Olga Dmitri Sergei Natasha Lars Ingrid
Hans Klaus Jürgen Pierre François Giuseppe Giovanni Kwame Chidi Amara Oluwaseun`);

/** Given names that are words, places or months too: not enough alone. */
const ambiguous =
  words(`Grace Rose Will Mark Hope Faith Joy May April June Summer Ivy Violet Lily Daisy Jack Bill Pat Art Rich Dawn
Sandy Ray Dale Dean Chase Grant Drew Rosa Vitória Luz Íris Flor Jordan Austin Paris Florence Sydney Virginia Carolina Victoria
Santiago Francisco Orlando Diego Jade Pérola Aurora Alma Sol Amor Benedito Wilson Nelson Douglas Jackson Scott Terry Frank Gene`);

const surnames =
  words(`Smith Johnson Williams Jones Brown Davis Miller Wilson Moore Taylor Anderson Thomas Jackson Harris Martin
Thompson Garcia Martinez Robinson Clark Rodriguez Lewis Walker Hall Allen Young Hernandez King Wright Lopez Hill Scott Green Adams Baker
Gonzalez Nelson Carter Mitchell Perez Roberts Turner Phillips Campbell Parker Evans Edwards Collins Stewart Sanchez Morris Rogers Reed
Cook Morgan Bell Murphy Bailey Cooper Richardson Cox Howard Ward Peterson Gray Ramirez Watson Brooks Kelly Sanders Price Bennett Wood
Barnes Ross Henderson Coleman Jenkins Perry Powell Long Patterson Hughes Flores Washington Butler Simmons Foster Bryant Hayes Fisher
O'Brien O'Connor Nguyen Patel Khan Singh Kim Chen Wang Li Zhang Tanaka Suzuki Schmidt Müller Weber Fischer Rossi Dubois Ivanov
Silva Santos Oliveira Souza Sousa Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro Martins Carvalho Almeida Lopes Soares
Fernandes Vieira Barbosa Rocha Dias Nascimento Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana
Teixeira Araújo Araujo Cavalcante Cavalcanti Monteiro Moura Correia Corrêa Pinto Batista Campos Castro Melo Mello Azevedo Borges Pires
Cunha Neves Barros Miranda Duarte Tavares Fonseca Medeiros Farias Coelho Guimarães Magalhães Nogueira Macedo Peixoto Queiroz
Rezende Sampaio Siqueira Vasconcelos Xavier Figueiredo Matos Brito Cruz Franco Leite Lacerda Pacheco Paiva Antunes Amaral Bezerra`);

/** Capitalised, next to a name or like one, and no part of it. */
const never =
  words(`The This That These Those There Then When Where What Which Who Why How If In On At And But Or For From With
Street Avenue Road Bank University College School Hospital Company Inc Ltd Corporation Group Department Institute Museum River Lake Mount
North South East West New Saint City County State National International Federal Central
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March August September October November December
Rua Avenida Praça Banco Universidade Faculdade Escola Instituto Empresa Cia Ltda Rio Lagoa Serra Vila Porto Nova Novo Santa São
O A Os As Um Uma Não Sim Se Em No Na E Ou Mas Para Por Com Como Quando Onde Quem Qual Que
Janeiro Fevereiro Março Abril Maio Junho Julho Agosto Setembro Outubro Novembro Dezembro Segunda Terça Quarta Quinta Sexta Sábado Domingo
Java Python Windows Linux Google Microsoft Amazon Apple`);

const word = String.raw`\p{Lu}(?:\p{Ll}+|['’]\p{Lu}\p{Ll}+)(?:[-'’]\p{Lu}?\p{Ll}+)*`;
const particle = String.raw`(?:d[aeo]s?|e|del?|di|van|von|der|den|la|le|bin|al|ibn)`;
const initial = String.raw`\p{Lu}\.`;
const run = new RegExp(
  `(?<![\\p{L}\\p{N}])${word}(?:[ \\u00a0](?:${particle}[ \\u00a0])*(?:${word}|${initial}))*`,
  'gu',
);
const title =
  /(?:^|[^\p{L}])(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Sr|Sra|Srta|Dra|Profa|Dona|Seu|Senhora?|Doutora?|Professora?)\.?[ \u00a0]$/u;
const introduced =
  /(?:\b(?:my name is|name is|named|name:|called|i am|i'm|this is|regards,|best,|sincerely,|cheers,|thanks,|dear|hi|hello|hey|attn:?|patient|client|customer|employee|tenant|neighbou?r|colleague|husband|wife|son|daughter|brother|sister|friend)|(?:^|[^\p{L}])(?:meu nome é|me chamo|chamad[oa]|se chama|nome:|sou [oa]|aqui é [oa]|prezad[oa]|car[oa]|olá|oi|abraços?,|atenciosamente,|obrigad[oa],|paciente|cliente|funcionári[oa]|inquilin[oa]|vizinh[oa]|colega|marido|esposa|filh[oa]|irmã|irmão|amig[oa]))[ \u00a0\n,]+$/iu;

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where in the text people are named, in its order. */
export function findNames(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(run)) found.push(...namesIn(text, match[0], match.index));
  return found;
}

function namesIn(text: string, capitalised: string, offset: number): readonly Span[] {
  const parts = [...capitalised.matchAll(/[^ \u00a0]+/gu)].map((part) => ({ text: part[0], at: part.index }));
  // What only begins a sentence, or is no name wherever it stands, is cut from the front.
  let first = 0;
  // "São Paulo", "Santa Bárbara": places, as often as saints.
  if (/^(?:São|Santo|Santa|Saint|San)$/.test(parts[0]?.text ?? '') && parts.length < 3) return [];
  while (first < parts.length && (never.has(parts[first]?.text ?? '') || isTitle(parts[first]?.text ?? '')))
    first++;
  let last = parts.length - 1;
  while (last >= first && never.has(parts[last]?.text ?? '')) last--;
  // "Ask Maria", "Contact John Smith": a word that begins a sentence before a name that is known.
  const later = parts.findIndex((part, at) => at > first && at <= last && given.has(part.text));
  const head = parts[first];
  if (later > first && head && !given.has(head.text) && !ambiguous.has(head.text)) {
    const before = text.slice(Math.max(0, offset + head.at - 3), offset + head.at);
    if (later === first + 1 && /(?:^|[.!?:\n]\s?)$/.test(before)) first = later;
  }
  const [from, to] = [parts[first], parts[last]];
  if (!from || !to) return [];
  const inside = parts.slice(first, last + 1);
  const start = offset + from.at;
  const end = offset + to.at + to.text.length;
  const before = text.slice(Math.max(0, start - 24), start);
  const isNamed =
    title.test(before) ||
    (introduced.test(before) && !given.has(from.text.toUpperCase()) && !isCommonStart(from.text)) ||
    (given.has(from.text) && (inside.length > 1 || !ambiguous.has(from.text))) ||
    (inside.length > 1 && (surnames.has(to.text) || surnames.has(inside.at(-2)?.text ?? ''))) ||
    (inside.length > 1 && ambiguous.has(from.text) && !never.has(to.text));
  return isNamed ? [{ start, end }] : [];
}

const isTitle = (part: string): boolean =>
  /^(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Sr|Sra|Dra|Profa|Dona|Seu|Senhora?|Doutora?|Professora?)\.?$/.test(part);

/** What follows "Dear" or "I am" and is no name. */
const isCommonStart = (part: string): boolean =>
  /^(?:Sir|Madam|Team|All|Customer|Support|Friend|Everyone|Brazilian|American|English|Portuguese|Senhor|Equipe|Todos|Pessoal|Cliente|Brasileir[oa]|I|You|We|They|He|She|It|Eu|Você|Nós|Can|Could|Please|Thanks|Obrigad[oa])$/.test(
    part,
  );
