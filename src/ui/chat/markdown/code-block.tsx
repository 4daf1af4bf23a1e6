// Code in an answer: its language, a button to copy it and one that wraps long lines. Formulas come here as well,
// where they could not be drawn or stand by themselves.
import type { Element } from 'hast';
import { useState, type ReactNode } from 'react';
import { useApp } from '../../app-context';
import { CopyButton } from '../../common/copy-button';
import { Icon } from '../../common/icons';
import { hasClass, languageOf, textOf } from './hast';

interface Props {
  readonly node?: Element;
  readonly className?: string;
  readonly children?: ReactNode;
}

export function CodeBlock({ node, children }: Props): ReactNode {
  const { texts } = useApp();
  const [wrapped, setWrapped] = useState(false);
  const inner = node?.children[0];
  const code = inner?.type === 'element' ? inner : undefined;
  if (code?.tagName === 'math') {
    return (
      <div className="math-block" role="group" aria-label={texts.prose.formula} tabIndex={0}>
        {children}
      </div>
    );
  }
  const isFormula = code !== undefined && hasClass(code, 'math-display');
  const language = code && !isFormula ? languageOf(code) : undefined;
  return (
    <div className="code-block">
      <div className="code-head">
        <span className="code-language">{language === undefined ? '' : languageName(language)}</span>
        <button
          type="button"
          className="icon-button"
          aria-label={texts.prose.wrapLines}
          title={texts.prose.wrapLines}
          aria-pressed={wrapped}
          onClick={() => setWrapped(!wrapped)}
        >
          <Icon name="wrap" />
        </button>
        <CopyButton label={texts.copyCode} text={() => (code ? textOf(code) : '')} />
      </div>
      <pre dir="ltr" tabIndex={0} className={wrapped ? 'wrapped' : undefined}>
        {children}
      </pre>
    </div>
  );
}

export function InlineCode({ className, children }: Props): ReactNode {
  return (
    <code className={className} dir="ltr">
      {children}
    </code>
  );
}

/** Names that differ from what stands on a fence by more than a capital letter. */
const names: Readonly<Record<string, string>> = {
  bash: 'Bash',
  'c++': 'C++',
  cpp: 'C++',
  cs: 'C#',
  csharp: 'C#',
  css: 'CSS',
  go: 'Go',
  html: 'HTML',
  java: 'Java',
  javascript: 'JavaScript',
  js: 'JavaScript',
  json: 'JSON',
  jsx: 'JSX',
  kt: 'Kotlin',
  latex: 'LaTeX',
  md: 'Markdown',
  objc: 'Objective-C',
  objectivec: 'Objective-C',
  php: 'PHP',
  ps1: 'PowerShell',
  powershell: 'PowerShell',
  py: 'Python',
  r: 'R',
  rb: 'Ruby',
  rs: 'Rust',
  sh: 'Shell',
  scss: 'SCSS',
  sql: 'SQL',
  tex: 'LaTeX',
  ts: 'TypeScript',
  tsx: 'TSX',
  typescript: 'TypeScript',
  xml: 'XML',
  yaml: 'YAML',
  yml: 'YAML',
};

function languageName(language: string): string {
  return names[language] ?? language.charAt(0).toUpperCase() + language.slice(1);
}
