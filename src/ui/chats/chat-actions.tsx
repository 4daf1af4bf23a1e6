// What can be done with a chat. Deleting it stands last, apart, and can be undone.
import { useId, useState } from 'react';
import { folderNames, moveToFolder, pin, stayHere, unpin } from '../../chat/chat-list';
import type { Conversation } from '../../chat/conversation';
import { folderLength } from '../../chat/conversation-record';
import { asJson, asMarkdown, type ChatFile } from '../../chat/saved/export';
import { useApp, useStore } from '../app-context';
import { saveFile } from '../common/save-file';
import { modelName } from '../models/model-view';

export interface ChatActionsProps {
  readonly id: string;
  readonly onDone: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
}

export function ChatActions({ id, onDone, onRename, onDelete }: ChatActionsProps) {
  const { chat, remote, texts } = useApp();
  const pinned = useStore(chat, (state) => state.conversations.get(id)?.pinnedAt !== undefined);
  const isPrivate = useStore(chat, (state) => state.conversations.get(id)?.staysHere === true);
  const [moving, setMoving] = useState(false);
  if (moving) return <MoveForm id={id} onDone={onDone} />;
  const save = (make: (conversation: Conversation) => ChatFile): void => {
    onDone();
    void chat.open(id).then((conversation) => conversation && saveFile(make(conversation)));
  };
  const words = { you: texts.you, picture: texts.attachedPicture, model: modelName };
  return (
    <>
      <button
        type="button"
        onClick={() => {
          chat.arrange(id, (one) => (pinned ? unpin : pin)(one, Date.now()));
          onDone();
        }}
      >
        {pinned ? texts.sidebar.unpin : texts.sidebar.pin}
      </button>
      <button type="button" onClick={onRename}>
        {texts.renameChat}
      </button>
      <button type="button" onClick={() => setMoving(true)}>
        {texts.sidebar.moveToFolder}
      </button>
      {remote && (
        <button
          type="button"
          onClick={() => {
            chat.arrange(id, (one) => stayHere(one, !isPrivate, Date.now()));
            onDone();
          }}
        >
          {isPrivate ? texts.sidebar.endPrivate : texts.sidebar.makePrivate}
        </button>
      )}
      <button type="button" onClick={() => save((one) => asMarkdown(one, words))}>
        {texts.exportMarkdown}
      </button>
      <button type="button" onClick={() => save((one) => asJson(one, new Date()))}>
        {texts.exportJson}
      </button>
      <hr />
      <button type="button" className="menu-danger" onClick={onDelete}>
        {texts.deleteChat}
      </button>
    </>
  );
}

function MoveForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { chat, texts } = useApp();
  const { sidebar } = texts;
  const field = useId();
  const [name, setName] = useState('');
  const [folders] = useState(() => folderNames(chat.getState().conversations.values()));
  const current = useStore(chat, (state) => state.conversations.get(id)?.folder);
  const move = (folder: string): void => {
    chat.arrange(id, (one) => moveToFolder(one, folder, Date.now()));
    onDone();
  };
  return (
    <>
      <h2 className="menu-title">{sidebar.moveToFolder}</h2>
      {folders
        .filter((folder) => folder !== current)
        .map((folder) => (
          <button key={folder} type="button" onClick={() => move(folder)}>
            {folder}
          </button>
        ))}
      {current !== undefined && (
        <button type="button" onClick={() => move('')}>
          {sidebar.noFolder}
        </button>
      )}
      <form
        className="menu-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') move(name);
        }}
      >
        <label className="hidden" htmlFor={field}>
          {sidebar.folderName}
        </label>
        <input
          id={field}
          autoFocus
          maxLength={folderLength}
          placeholder={sidebar.newFolder}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="button button-small" disabled={name.trim() === ''}>
          {sidebar.move}
        </button>
      </form>
    </>
  );
}
