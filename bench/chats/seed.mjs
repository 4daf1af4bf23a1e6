// Chats for the benchmark, written into the app's own database in the page, as records of schema 2: many short ones
// and a long one with code and tables. The words are drawn by a seeded generator, so that every run has the same.

/**
 * Runs in the page.
 * @param {{ chats: number, messages: number, long: number }} sizes
 */
export async function seedChats({ chats, messages, long }) {
  const open = indexedDB.open('phield-chats');
  /** @type {IDBDatabase} */
  const database = await new Promise((resolve, reject) => {
    open.onupgradeneeded = () => open.result.createObjectStore('records');
    open.onsuccess = () => resolve(open.result);
    open.onerror = () => reject(open.error ?? new Error('no database'));
  });
  let state = 42;
  const random = () => (state = (state * 1664525 + 1013904223) >>> 0) / 2 ** 32;
  const syllables = 'ba de fi go lu ma ne pi ro su ta ve xi zo cha bre gran plo stri quen'.split(' ');
  const words = Array.from({ length: 4000 }, () =>
    Array.from(
      { length: 2 + Math.floor(random() * 3) },
      () => syllables[Math.floor(random() * syllables.length)],
    ).join(''),
  );
  // Some words are said far more often than others, as in any language.
  const word = () => words[Math.floor(random() ** 3 * words.length)];
  /** @param {number} count */
  const text = (count) => Array.from({ length: count }, word).join(' ');
  const rich = () =>
    `${text(25)}\n\n\`\`\`ts\nconst ${word()} = ${Math.floor(random() * 99)};\nexport function ${word()}(n: number) {\n  return n * 2;\n}\n\`\`\`\n\n` +
    `| ${word()} | ${word()} |\n| --- | --- |\n| ${word()} | ${word()} |\n| ${word()} | ${word()} |\n\n${text(20)}`;
  const now = Date.now();

  /** @param {IDBObjectStore} store @param {string} id @param {number} count @param {number} at @param {() => string} answer */
  const put = (store, id, count, at, answer) => {
    /** @type {string | null} */
    let parentId = null;
    let first = '';
    for (let i = 0; i < count; i += 1) {
      const isQuestion = i % 2 === 0;
      /** @type {string} */
      const body = isQuestion ? text(8) : answer();
      first ||= body;
      const messageId = `${id}-${i}`;
      store.put(
        {
          role: isQuestion ? 'user' : 'assistant',
          id: messageId,
          parentId,
          createdAt: at + i,
          text: body,
          ...(isQuestion
            ? {}
            : {
                model: 'phield-tiny',
                status: { kind: 'complete', finishReason: 'stop', contextFull: false },
              }),
        },
        ['message', id, messageId],
      );
      parentId = messageId;
    }
    store.put(
      {
        schema: 2,
        id,
        title: first.slice(0, 42),
        createdAt: at,
        updatedAt: at + count,
        headId: parentId,
        writtenAt: at,
      },
      ['head', id],
    );
  };

  for (let from = 0; from < chats; from += 200) {
    const transaction = database.transaction('records', 'readwrite', { durability: 'relaxed' });
    const store = transaction.objectStore('records');
    for (let i = from; i < Math.min(chats, from + 200); i += 1)
      put(store, `chat-${i}`, messages, now - (i + 1) * 4_000_000, () => text(40));
    if (from === 0 && long > 0) put(store, 'long', long, now - 1_000_000, rich);
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
  }
  database.close();
}
