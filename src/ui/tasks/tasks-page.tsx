// The tasks: a tile each, and behind #/tasks/NAME the page of one.
import { useEffect, useSyncExternalStore } from 'react';
import { useApp } from '../app-context';
import { Icon } from '../common/icons';
import { ExtractPage } from './extract-page';
import { PhotoPage } from './photo-page';
import { StoryPage } from './story-page';
import { SummarisePage } from './summarise-page';
import { readTasksRoute, taskHref, taskIcons, taskNames } from './task-words';
import { WritePage } from './write-page';

function onHash(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function TasksPage() {
  const { desk, texts } = useApp();
  const hash = useSyncExternalStore(onHash, () => location.hash);
  useEffect(() => void desk.load(), [desk]);
  const route = readTasksRoute(hash);
  if (route) {
    const { name, job } = route;
    return (
      <section className="page-body task" aria-labelledby="task-title" key={`${name}/${job ?? ''}`}>
        {name === 'summarise' && <SummarisePage shown={job} />}
        {name === 'extract' && <ExtractPage shown={job} />}
        {name === 'write' && <WritePage shown={job} />}
        {name === 'story' && <StoryPage shown={job} />}
        {name === 'photo' && <PhotoPage />}
      </section>
    );
  }
  return (
    <section className="page-body" aria-labelledby="tasks-title">
      <h1 id="tasks-title">{texts.tasks.title}</h1>
      <p className="lead">{texts.tasks.lead}</p>
      <ul className="task-tiles">
        {taskNames.map((name) => (
          <li key={name}>
            <a href={taskHref(name)}>
              <Icon name={taskIcons[name]} />
              <strong>{texts.tasks.names[name]}</strong>
              <span>{texts.tasks.leads[name]}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
