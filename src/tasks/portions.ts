// Cuts a row of texts into groups that each fit a number of tokens. Counting is the engine's; a first guess by characters
// saves it most of the work.

export interface Portion {
  readonly from: number;
  readonly to: number;
}

export async function portions(
  texts: readonly string[],
  room: number,
  count: (text: string) => Promise<number>,
): Promise<readonly Portion[]> {
  if (texts.length === 0) return [];
  const sample = texts.slice(0, 4).join('\n');
  const charactersPerToken = Math.max(1, sample.length / Math.max(1, await count(sample)));
  const result: Portion[] = [];
  for (let from = 0; from < texts.length;) {
    let to = from + 1;
    let size = texts[from]?.length ?? 0;
    while (to < texts.length && size + (texts[to]?.length ?? 0) < room * charactersPerToken * 0.95)
      size += texts[to++]?.length ?? 0;
    // The guess was for other words than these.
    while (to - from > 1 && (await count(texts.slice(from, to).join('\n'))) > room)
      to = from + Math.max(1, Math.floor((to - from) * 0.8));
    result.push({ from, to });
    from = to;
  }
  return result;
}
