// The words of a larger model elsewhere, in English. Fetched with what shows them.
export const enRemote = {
  heading: 'A larger model elsewhere',
  note: 'Phield answers on this device. For what is beyond it you may name a larger model: on your own machine, at your company, or in a cloud. Nothing goes there before you have seen it and said yes.',
  look: 'Look on this machine',
  lookNote: 'Asks the usual ports of Ollama, LM Studio, llama.cpp, vLLM and Jan, now and only now.',
  looking: 'Asking this machine…',
  found: (name: string, count: number) => `${name}: ${count} ${count === 1 ? 'model' : 'models'}`,
  foundNone: 'None of them answered. If one runs, it may have to be told that this page may ask it:',
  address: 'Address',
  addressNote: 'Of an OpenAI-compatible server, such as https://gateway.example.com/v1.',
  key: 'Key',
  keyNote: 'Only where it wants one. It goes to that address and nowhere else.',
  keepKey: 'Keep the key on this device, encrypted',
  keepKeyNote: 'Otherwise it is forgotten when this page closes.',
  connect: 'Show its models',
  connecting: 'Asking for its models…',
  model: 'Model',
  use: 'Use it',
  mixed:
    'This page came encrypted, so the browser lets it reach only this machine without encryption. Give that server an https address, or use localhost.',
  current: (model: string, host: string) => `${model} at ${host}`,
  change: 'Change',
  remove: 'Remove it',
  removeNote: 'Forgets its address and key, and asks again in every chat.',
  mode: 'When to suggest it',
  modes: {
    off: 'Never: only when I ask for it',
    ask: 'When it may do better',
    automatic: 'Ask it automatically, in chats where I have agreed',
  },
  modeNote: 'This device decides which model should answer. Private chats are never sent.',
  documents: 'Include chats with documents',
  documentsNote: 'Documents themselves are never sent, but answers about them quote them.',
  agreed: (count: number) =>
    count === 1
      ? '1 chat may be sent there without asking.'
      : `${count} chats may be sent there without asking.`,
  revokeAll: 'Ask again in every chat',
  send: {
    title: (host: string) => `Send to ${host}?`,
    lead: (model: string) => `This and nothing else goes to ${model}:`,
    roles: { user: 'You', assistant: 'Answer', system: 'System' },
    picturesLeftOut: 'Pictures are not sent.',
    documentsLeftOut: 'Documents are not sent, but what answers quote of them is.',
    found: (count: number) =>
      count === 1 ? '1 piece of personal data is marked.' : `${count} pieces of personal data are marked.`,
    foundNone: 'No personal data was found. Look for yourself: not everything can be found.',
    redact: 'Send placeholders instead, and put the real ones back into the answer',
    again: 'Do not ask again in this chat',
    send: 'Send',
    longer: (count: string) => `${count} characters in all`,
    isPrivate: 'This chat is private: it stays on this device. Change that in the chat’s menu first.',
    busy: 'An answer is being written. Wait for it, or stop it.',
    none: 'No larger model is set up.',
    setUp: 'Set one up',
  },
  sent: {
    count: (count: number, formatted: string) =>
      count === 0
        ? '0 sent: nothing you wrote has left this device.'
        : `${formatted} sent to a larger model, after you agreed.`,
    question: (host: string, sent: string, received: string) =>
      `${host}: ${sent} bytes sent, ${received} received`,
    list: (host: string, _sent: string, received: string) =>
      `${host}: its list of models, ${received} bytes received`,
    export: 'Save this list',
    prove: 'Check it yourself',
    proof: [
      'Open the browser’s developer tools (F12) and go to Network. Tick “Preserve log”.',
      'Write a message. While it is answered no line appears: the model runs here.',
      'Look at a line’s initiator and host: downloads of models go to the hosts that the Models page names, and carry none of your words.',
      'Switch the network off (Network, Offline, or pull the plug) and ask again: it still answers.',
    ],
  },
  hint: {
    suggest: (reason: string, host: string) => `${reason} ${host} may do better.`,
    ask: 'Ask it',
    dismiss: 'Not now',
    reasons: {
      knowledge: 'This needs knowledge that a small model rarely has.',
      planning: 'This needs several steps of reasoning.',
      code: 'This is a larger programming task.',
      maths: 'This needs exact arithmetic.',
      language: 'The model here does not speak this language well.',
      length: 'This is longer than the model here can hold.',
      images: 'The model here cannot see pictures.',
      recent: 'This asks about recent events, which no model on this device can know.',
      learned: 'A larger model usually does better with questions like this.',
    },
  },
};
export type RemoteWords = typeof enRemote;
