// Finished tasks for the pictures, as records of the app's own database. Their texts are examples, written by hand.

export const jobIds = {
  summarise: '00000000-0000-4000-8000-000000000001',
  extract: '00000000-0000-4000-8000-000000000002',
  write: '00000000-0000-4000-8000-000000000003',
  story: '00000000-0000-4000-8000-000000000004',
};

/**
 * @param {'en' | 'pt'} language
 * @param {{ id: string, name: string }} document what they are about
 * @param {number} now
 * @returns {{ id: string, [field: string]: unknown }[]}
 */
export function jobsFor(language, document, now) {
  const base = (/** @type {string} */ kind) => ({
    id: jobIds[/** @type {keyof typeof jobIds} */ (kind)],
    kind,
    createdAt: now - 3_600_000,
    model: 'example',
    status: { kind: 'done' },
  });
  const words = language === 'en' ? english : portuguese;
  const values = words.values.map(([field, value, passage], at) => ({
    field,
    value,
    passage,
    page: passage + 1,
    verbatim: at !== words.values.length - 1,
  }));
  return [
    {
      ...base('summarise'),
      document,
      length: 'medium',
      audience: 'everyone',
      parts: [
        { level: 0, from: 0, to: 2, text: words.parts[0], final: false },
        { level: 0, from: 2, to: 4, text: words.parts[1], final: false },
        { level: 1, from: 0, to: 2, text: words.parts.join('\n\n'), final: true },
      ],
    },
    { ...base('extract'), document, fields: [], parts: [{ from: 0, to: 4, state: 'done' }], values },
    {
      ...base('write'),
      form: 'post',
      brief: words.brief,
      tone: 'friendly',
      length: 'short',
      language,
      variants: words.variants,
    },
    { ...base('story'), words: words.three, language, text: words.story },
  ];
}

const english = {
  parts: [
    'Four bus lines ran through the night for eighteen months. Passengers were counted at every door, and 1,204 people were asked in the vehicles.',
    'An average of 1,930 people rode each weekend night. Reported assaults at stops fell from 37 to 21; fares covered 41 percent of the costs.',
  ],
  values: /** @type {const} */ ([
    ['Riders, weekend night', '1,930 people', 1],
    ['Riders, weeknight', '410 on weeknights', 1],
    ['Assaults at stops', 'fell from 37 to 21', 1],
    ['Cost of an hour', '128 euros', 2],
    ['Coverage by fares', '41 percent of all costs', 2],
  ]),
  brief: 'A bakery opens on Saturday: sourdough, cinnamon rolls, coffee. First fifty people get a roll.',
  variants: [
    'Saturday smells like cinnamon. We open at eight with sourdough from the stone oven and good coffee, and the first fifty of you get a roll on us. See you at the corner!',
    'New on the corner: a bakery that takes its time. Sourdough, cinnamon rolls, coffee. Doors open on Saturday at eight; fifty rolls are waiting for the fifty who come first.',
    'Set an alarm. Saturday, eight o’clock: our first loaves, our first rolls, our first coffee, and one roll free for each of the first fifty.',
  ],
  three: ['dog', 'jump', 'happy'],
  story:
    'Once there was a little dog named Max. Max saw a big puddle and wanted to jump over it. He ran, and he went up, up, and splash! Max was wet, but he was happy. He shook his fur and ran home for lunch.',
};

const portuguese = {
  parts: [
    'As receitas começam pelo pão de milho, que cresce devagar, e explicam como a farinha muda a massa.',
    'A segunda parte trata das compotas: quanto açúcar, quanto tempo no fogo, e por que esterilizar os vidros.',
  ],
  values: /** @type {const} */ ([
    ['Farinha', '500 gramas', 0],
    ['Descanso da massa', 'duas horas', 1],
    ['Forno', '180 graus', 1],
  ]),
  brief: 'Uma padaria abre no sábado: pão de fermentação natural, rolinhos de canela, café.',
  variants: [
    'Sábado tem cheiro de canela. Abrimos às oito, com pão de fermentação natural e café fresquinho. Os cinquenta primeiros ganham um rolinho!',
    'Chegou uma padaria sem pressa: fermentação natural, canela, café. Sábado, às oito.',
    'Pode pôr o despertador: sábado, oito horas, pão quente e um rolinho por nossa conta.',
  ],
  three: ['cachorro', 'pular', 'feliz'],
  story:
    'Era uma vez um cachorro chamado Max. Max viu uma poça enorme e quis pular por cima dela. Correu, voou e… splash! Ficou todo molhado, mas muito feliz.',
};
