// Help: what phield-tiny was taught about Phield, to be read without asking.
import { useState, type ReactNode } from 'react';
import { answers } from 'virtual:help-answers';
import { fold } from '../../chat/search/words';
import { useApp } from '../app-context';
import { chatHref } from '../common/route';
import { helpWords } from '../texts/help-words';
import { groupNames, helpGroups } from './groups';

export function HelpPage(): ReactNode {
  const { chat, texts } = useApp();
  const words = helpWords(texts.language);
  const language = texts.language === 'pt' ? 'pt' : 'en';
  const [query, setQuery] = useState('');
  const wanted = fold(query.trim()).split(/\s+/);
  const groups = groupNames.flatMap((name) => {
    const found = helpGroups[name].flatMap((id) => {
      const said = answers[id]?.[language];
      const text = fold(`${said?.title} ${said?.answer}`);
      return said && wanted.every((word) => text.includes(word)) ? [{ id, ...said }] : [];
    });
    return found.length > 0 ? [{ name, found }] : [];
  });
  return (
    <section className="page-body" aria-labelledby="help-title">
      <h1 id="help-title">{texts.help.title}</h1>
      <p className="lead">{words.lead}</p>
      <input
        className="passage-search-box"
        type="search"
        aria-label={words.find}
        placeholder={words.find}
        value={query}
        onChange={({ target }) => setQuery(target.value)}
      />
      {groups.map(({ name, found }) => (
        <section key={name} aria-labelledby={`help-${name}`}>
          <h2 id={`help-${name}`}>{words.groups[name]}</h2>
          <dl className="answers">
            {found.map(({ id, title, answer }) => (
              <div key={id}>
                <dt>{title}</dt>
                <dd>{answer}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      {groups.length === 0 && (
        <>
          <p role="status">{words.none}</p>
          <div className="links">
            <a className="button" href={chatHref(null)} onClick={() => chat.newChat()}>
              {words.ask}
            </a>
          </div>
        </>
      )}
    </section>
  );
}
