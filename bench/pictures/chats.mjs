// What the pictures show: a backup file in our own format, imported the way a person imports one. The answers were
// written by hand, to show what the page makes of formulas, code and tables; the model's name on them says so.

const day = 86_400_000;

/** @typedef {{ title: string, turns: readonly (readonly [string, string])[], ago: number, pinned?: boolean, folder?: string }} Chat */

const complete = { kind: 'complete', finishReason: 'stop', contextFull: false };

/**
 * @param {readonly Chat[]} chats @param {number} now @param {readonly object[]} [more] chats that are records already
 * @returns {string} a backup file
 */
export function backupOf(chats, now, more = []) {
  const conversations = chats.map(({ title, turns, ago, pinned, folder }, index) => {
    const at = now - ago * day - 60_000 * (index + 2);
    const id = `picture-${index}`;
    const messages = turns.flatMap(([question, answer], turn) => [
      {
        role: 'user',
        id: `${id}-${turn}-q`,
        parentId: turn === 0 ? null : `${id}-${turn - 1}-a`,
        createdAt: at + turn * 2,
        text: question,
      },
      {
        role: 'assistant',
        id: `${id}-${turn}-a`,
        parentId: `${id}-${turn}-q`,
        createdAt: at + turn * 2 + 1,
        text: answer,
        model: 'example',
        status: complete,
      },
    ]);
    return {
      schema: 1,
      id,
      title,
      titledAt: at,
      createdAt: at,
      updatedAt: at + messages.length,
      headId: messages.at(-1)?.id,
      ...(pinned && { pinnedAt: at, arrangedAt: at }),
      ...(folder && { folder, arrangedAt: at }),
      messages,
    };
  });
  return JSON.stringify({
    format: 'phield-backup',
    version: 1,
    personas: [],
    conversations: [...conversations, ...more],
  });
}

/**
 * A chat whose answer points at passages of a document.
 * @param {'en' | 'pt'} language @param {{ id: string, name: string }} document @param {number} now
 */
export function sourcesChat(language, document, now) {
  const [title, question, answer] = aboutDocument[language];
  const at = now - 2 * day;
  return {
    schema: 1,
    id: 'sources',
    title,
    titledAt: at,
    createdAt: at,
    updatedAt: at,
    headId: 'sources-a',
    messages: [
      { role: 'user', id: 'sources-q', parentId: null, createdAt: at, text: question },
      {
        role: 'assistant',
        id: 'sources-a',
        parentId: 'sources-q',
        createdAt: at + 1,
        text: answer,
        model: 'example',
        status: complete,
        sources: [1, 2].map((passage) => ({ documentId: document.id, name: document.name, passage })),
      },
    ],
  };
}

const aboutDocument = {
  en: [
    'How many people were asked?',
    'How many people were asked, and where?',
    'In the vehicles [1], at night [2].',
  ],
  pt: [
    'O que vai no pão de queijo?',
    'O que vai no pão de queijo?',
    'Polvilho azedo, leite, óleo, ovos e queijo [1].',
  ],
};

/** @type {Record<'en' | 'pt', readonly Chat[]>} */
export const chatsFor = {
  en: [
    {
      title: 'How fast does a tank drain?',
      ago: 0,
      turns: [
        [
          'A rain tank of 1,000 litres has a hole of 2 cm² at the bottom. How long until it is empty?',
          `Torricelli's law gives the speed of the water at the hole, $v = \\sqrt{2 g h}$, and the level falls by

$$\\frac{dh}{dt} = -\\frac{a}{A}\\sqrt{2 g h}$$

With a base of $A = 1\\,\\text{m}^2$ and a hole of $a = 2\\,\\text{cm}^2$, integrating from 1 m down to nothing:

| Level | Speed at the hole | Time so far |
| ---: | ---: | ---: |
| 1.00 m | 4.43 m/s | 0 min |
| 0.50 m | 3.13 m/s | 11 min |
| 0.10 m | 1.40 m/s | 26 min |
| 0.00 m | 0.00 m/s | **38 min** |

The same by small steps:

\`\`\`python
from math import sqrt

def minutes_to_empty(level, hole, base, step=0.1):
    """Level in m, areas in m², step in s."""
    seconds = 0.0
    while level > 0:
        level -= hole / base * sqrt(2 * 9.81 * level) * step
        seconds += step
    return seconds / 60

print(round(minutes_to_empty(1.0, 2e-4, 1.0)))  # 38
\`\`\`

A real hole lets through about 60 % of that, since the jet narrows[^1]: count on an hour.

[^1]: The *vena contracta*; the discharge coefficient of a sharp edge is near 0.61.`,
        ],
        [
          'And with two holes?',
          'Twice the area, half the time: about **19 minutes**, or half an hour in practice.',
        ],
      ],
    },
    {
      title: 'Bread that rises overnight',
      ago: 0,
      pinned: true,
      turns: [
        [
          'How do I make bread that rises overnight?',
          'Use a quarter of the yeast, cold water, and the fridge.',
        ],
      ],
    },
    {
      title: 'Names for a quiet café',
      ago: 1,
      turns: [['Ten names for a quiet café', '1. Hush\n2. Page & Cup']],
    },
    {
      title: 'Thesis: chapter two, first outline',
      ago: 3,
      folder: 'Thesis',
      turns: [['Outline chapter two', '1. Setting\n2. Method']],
    },
    {
      title: 'Thesis: sources on soil water',
      ago: 4,
      folder: 'Thesis',
      turns: [['Which sources on soil water?', 'Begin with the survey.']],
    },
    {
      title: 'A letter to the landlord about the heating',
      ago: 9,
      turns: [['Write a letter about the heating', 'Dear Ms Moore,']],
    },
    {
      title: 'مقدمة قصيرة عن القهوة',
      ago: 20,
      turns: [['اكتب مقدمة قصيرة عن القهوة', 'القهوة مشروب يجمع الناس منذ قرون.']],
    },
  ],
  pt: [
    {
      title: 'Em quanto tempo a caixa-d’água esvazia?',
      ago: 0,
      turns: [
        [
          'Uma caixa-d’água de 1.000 litros tem um furo de 2 cm² no fundo. Em quanto tempo ela esvazia?',
          `A lei de Torricelli dá a velocidade da água no furo, $v = \\sqrt{2 g h}$, e o nível cai assim:

$$\\frac{dh}{dt} = -\\frac{a}{A}\\sqrt{2 g h}$$

| Nível | Velocidade no furo | Tempo até aqui |
| ---: | ---: | ---: |
| 1,00 m | 4,43 m/s | 0 min |
| 0,50 m | 3,13 m/s | 11 min |
| 0,00 m | 0,00 m/s | **38 min** |

\`\`\`python
print(round(minutos_ate_esvaziar(1.0, 2e-4, 1.0)))  # 38
\`\`\`

Um furo de verdade deixa passar uns 60% disso: conte com uma hora.`,
        ],
      ],
    },
    {
      title: 'Pão que cresce de um dia para o outro',
      ago: 0,
      pinned: true,
      turns: [
        ['Como faço um pão que cresce à noite?', 'Use um quarto do fermento, água fria e a geladeira.'],
      ],
    },
    {
      title: 'Nomes para um café tranquilo',
      ago: 1,
      turns: [['Dez nomes para um café tranquilo', '1. Sossego']],
    },
    {
      title: 'Carta ao proprietário sobre o aquecedor',
      ago: 9,
      turns: [['Escreva uma carta sobre o aquecedor', 'Prezada senhora,']],
    },
  ],
};
