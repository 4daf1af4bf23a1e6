// node scripts/serving/deploy-doc.mjs: writes the blocks of docs/deploy.md anew from the list of headers.
// With --base /path/ or --embedders "ORIGIN ORIGIN" it prints them instead, for that host.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { apacheConfig, caddyConfig, netlifyHeaders, nginxConfig } from './snippets.mjs';

export const deployDoc = fileURLToPath(new URL('../../docs/deploy.md', import.meta.url));

const blocks = {
  nginx: { language: 'nginx', print: nginxConfig },
  caddy: { language: 'caddy', print: caddyConfig },
  netlify: { language: 'text', print: netlifyHeaders },
  apache: { language: 'apache', print: apacheConfig },
};

/** @param {string} text of the page @returns {string} with what the list of headers says now */
export function withBlocks(text) {
  return Object.entries(blocks).reduce((page, [name, { language, print }]) => {
    const block = `<!-- ${name} -->\n\`\`\`${language}\n${print()}\`\`\`\n`;
    return page.replace(new RegExp(`<!-- ${name} -->\n(?:\`\`\`[^]*?\n\`\`\`\n)?`), () => block);
  }, text);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { base: { type: 'string' }, embedders: { type: 'string' } } });
  if (values.base !== undefined || values.embedders !== undefined) {
    const options = {
      base: values.base ?? '/',
      ...(values.embedders !== undefined && { embedders: values.embedders.split(/\s+/) }),
    };
    for (const [name, { print }] of Object.entries(blocks)) console.log(`# ${name}\n\n${print(options)}`);
  } else writeFileSync(deployDoc, withBlocks(readFileSync(deployDoc, 'utf8')));
}
