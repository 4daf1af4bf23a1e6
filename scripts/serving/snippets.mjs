// The header rules in the languages of the common hosts: docs/deploy.md holds these texts, and its test holds them equal.
import { headerRules, headersOf, patternSource } from './headers.mjs';

/**
 * For a file called `_headers`, as Netlify and Cloudflare Pages read it. With the build's files each rule names
 * those it matches, since not every such host knows a star within a name.
 * @param {{ files?: readonly string[], base?: string, embedders?: readonly string[] }} [options]
 */
export function netlifyHeaders({ files, base = '/', embedders } = {}) {
  const blocks = headerRules(embedders ? { embedders } : {}).map((rule) => {
    const paths = rule.files.flatMap((pattern) => {
      if (pattern === '**' || pattern.endsWith('/**')) return pattern.slice(0, -1);
      if (!pattern.includes('*') || !files) return pattern;
      const expression = new RegExp(`^${patternSource(pattern)}$`);
      return files.filter((file) => expression.test(file));
    });
    const headers = Object.entries(rule.headers).map(([name, value]) => `  ${name}: ${value}`);
    return paths.map((path) => [`${base}${path}`, ...headers].join('\n')).join('\n');
  });
  return `${blocks.filter((block) => block !== '').join('\n')}\n`;
}

/**
 * nginx: `add_header` of an inner block replaces those of the outer one, so each block has all of its own.
 * @param {{ base?: string, embedders?: readonly string[] }} [options]
 */
export function nginxConfig({ base = '/', embedders } = {}) {
  const rules = headerRules(embedders ? { embedders } : {});
  /** @param {import('./headers.mjs').Headers} headers @param {string} indent */
  const add = (headers, indent) =>
    Object.entries(headers).map(([name, value]) => `${indent}add_header ${name} "${value}" always;`);
  // Whichever matches first serves the file: the narrow ones come first.
  const narrow = groupsOf(rules).flatMap(({ name, expression, patterns, headers }) => [
    '',
    `  # ${name}`,
    `  location ~ "${expression(base)}" {`,
    ...(patterns.includes('embed') || patterns.includes('remote')
      ? ['    try_files $uri $uri.html =404;']
      : []),
    ...(patterns.includes('manifest.webmanifest') ? ['    default_type application/manifest+json;'] : []),
    ...add(headers, '    '),
    '  }',
  ]);
  return lines([
    `location ${base} {`,
    '  index index.html;',
    '  gzip_static on;',
    ...add(headersOf('*', rules), '  '),
    ...narrow,
    '}',
  ]);
}

/** Caddy sets what each matching block says; no file gets one header from two. @param {{ base?: string, embedders?: readonly string[] }} [options] */
export function caddyConfig({ base = '/', embedders } = {}) {
  const rules = headerRules(embedders ? { embedders } : {});
  return lines([
    ...rules.flatMap(({ name, files, headers }, i) => [
      `# ${name}`,
      `@phield${i} path_regexp ${expressionOf(files, base)}`,
      `header @phield${i} {`,
      ...Object.entries(headers).map(([header, value]) => `  ${header} "${value}"`),
      '}',
    ]),
    'file_server {',
    '  precompressed br gzip',
    '}',
  ]);
}

/** Apache 2.4 with mod_headers, in its configuration or as .htaccess. @param {{ base?: string, embedders?: readonly string[] }} [options] */
export function apacheConfig({ base = '/', embedders } = {}) {
  const rules = headerRules(embedders ? { embedders } : {});
  return lines([
    'DirectoryIndex index.html',
    'Options -MultiViews -Indexes',
    'AddType application/manifest+json .webmanifest',
    ...rules.flatMap(({ name, files, headers }) => [
      `# ${name}`,
      `<If "%{REQUEST_URI} =~ m#${expressionOf(files, base)}#">`,
      ...Object.entries(headers).map(([header, value]) => `  Header always set ${header} "${value}"`),
      '</If>',
    ]),
  ]);
}

/** @param {readonly string[]} files @param {string} base */
function expressionOf(files, base) {
  const sources = files.map(patternSource);
  const any = sources.length === 1 ? sources.join('') : `(?:${sources.join('|')})`;
  return `^${patternSource(base)}${any}$`;
}

/** The sets of files that get the same headers, each with all of them. @param {readonly import('./headers.mjs').Rule[]} rules */
function groupsOf(rules) {
  return rules
    .filter(({ files }) => !files.includes('**'))
    .map(({ name, files }) => ({
      name,
      patterns: files,
      /** @param {string} base */
      expression: (base) => expressionOf(files, base),
      headers: headersOf((files[0] ?? '').replace(/\*+/g, 'x'), rules),
    }));
}

/** @param {readonly string[]} all */
function lines(all) {
  return `${all.join('\n')}\n`;
}
