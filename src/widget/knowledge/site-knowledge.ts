// Pages of a site -> knowledge for its chat: every passage under the headings it stands under, with the page's address.
// For `scripts/knowledge.mjs`; read as the app reads a document that a person adds.
import { readDocument } from '../../documents/read/read-document';

export interface SitePage {
  /** File name or last part of the address: tells what kind of file it is. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where a visitor finds it. */
  readonly url?: string | undefined;
}

export interface KnowledgeEntry {
  readonly question: string;
  readonly answer: string;
  readonly url?: string;
}

/** Shorter ones are crumbs: a menu's link, a button. */
const leastLetters = 20;

/**
 * @returns entries in the order of the pages, each text once however many pages carry it, as menus and footers do.
 * @throws AppError of readDocument for a page that is no text.
 */
export async function knowledgeOf(pages: readonly SitePage[]): Promise<readonly KnowledgeEntry[]> {
  const seen = new Set<string>();
  const entries: KnowledgeEntry[] = [];
  for (const { name, bytes, url } of pages) {
    const { passages } = await readDocument({ name, bytes });
    for (const { headings, blocks } of passages) {
      // A heading with nothing under it is its passage's only block.
      const answer = blocks
        .filter((block) => block !== headings.at(-1))
        .join('\n\n')
        .trim();
      if (answer.length < leastLetters || seen.has(answer)) continue;
      seen.add(answer);
      const question = headings.length > 0 ? headings.slice(-2).join(': ') : titleOf(name);
      entries.push({ question, answer, ...(url !== undefined && { url }) });
    }
  }
  return entries;
}

/** Addresses of the pages that a sitemap lists, or of further sitemaps. */
export function sitemapAddresses(xml: string): readonly string[] {
  return [...xml.matchAll(/<loc>\s*([^<\s]+)\s*<\/loc>/g)].map(([, address = '']) =>
    address.replaceAll('&amp;', '&'),
  );
}

function titleOf(name: string): string {
  return name.replace(/\.\w+$/, '').replace(/[-_]+/g, ' ');
}
