import { expect, it } from 'vitest';
import { knowledgeMarkdown } from './knowledge';
import { knowledgeOf, sitemapAddresses } from './site-knowledge';

const page = (name: string, html: string, url?: string) => ({
  name,
  bytes: new TextEncoder().encode(`<!doctype html><html><body>${html}</body></html>`),
  url,
});

it('a page becomes its passages, under their headings, with where they stand; what every page repeats comes once', async () => {
  const footer = '<footer><p>Open every day from nine to six, except on holidays.</p></footer>';
  const entries = await knowledgeOf([
    page(
      'shipping.html',
      `<h1>Help</h1><h2>Shipping</h2><p>Shipping costs 12 reais in the whole country.</p>${footer}`,
      'https://shop.example/shipping.html',
    ),
    page('returns.html', `<h1>Returns</h1><p>You may send things back within 30 days.</p>${footer}`),
  ]);
  expect(entries[0]).toMatchObject({
    question: 'Help: Shipping',
    url: 'https://shop.example/shipping.html',
  });
  expect(entries[0]?.answer).toContain('Shipping costs 12 reais');
  expect(entries.filter(({ answer }) => answer.includes('send things back'))).toHaveLength(1);
  expect(knowledgeMarkdown(JSON.stringify(entries))).toContain(
    '## Help: Shipping\n\nShipping costs 12 reais',
  );
});

it('a sitemap names its pages', () => {
  const xml =
    '<urlset><url><loc> https://shop.example/a?x=1&amp;y=2 </loc></url><url><loc>https://shop.example/b</loc></url></urlset>';
  expect(sitemapAddresses(xml)).toEqual(['https://shop.example/a?x=1&y=2', 'https://shop.example/b']);
});
