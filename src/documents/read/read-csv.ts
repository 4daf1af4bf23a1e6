// Tables of text: every row becomes "column: value" so that a row means something on its own when it is quoted.
import Papa from 'papaparse';
import { Blocks, type Block } from './blocks';

export function readCsv(text: string): readonly Block[] {
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: 'greedy', header: false });
  return readRows(data, new Blocks()).list;
}

/** The first row names the columns where it looks like names: several, all filled, no numbers, none twice. */
export function readRows(
  rows: readonly (readonly string[])[],
  blocks: Blocks,
  extra: { readonly page?: number } = {},
): Blocks {
  const [first, ...rest] = rows;
  if (!first) return blocks;
  const isHeader =
    rest.length > 0 &&
    first.length > 1 &&
    first.every((cell) => cell.trim() !== '' && !/^[-+]?[\d.,]+%?$/.test(cell.trim())) &&
    new Set(first.map((cell) => cell.trim())).size === first.length;
  if (!isHeader) {
    for (const row of rows) blocks.add(row.join(' | '), extra);
    return blocks;
  }
  for (const row of rest) {
    const cells = row.flatMap((cell, column) => {
      const value = cell.trim();
      if (value === '') return [];
      const name = first[column]?.trim();
      return name === undefined ? value : `${name}: ${value}`;
    });
    blocks.add(cells.join('; '), extra);
  }
  return blocks;
}
