// What can go wrong with a larger model elsewhere, in English.
export const enRemoteErrors = {
  'network/cut': {
    title: 'You have switched the network off',
    help: 'Nothing was fetched or sent. What is stored on this device works; Privacy turns the network on again.',
  },
  'remote/unreachable': {
    title: 'The larger model could not be reached',
    help: 'Check that it runs, its address, and that it lets this page ask: Ollama and LM Studio must be told so first. Settings say how.',
  },
  'remote/bad-key': { title: 'The key is not accepted', help: 'Enter it again under Settings.' },
  'remote/unknown-model': {
    title: 'That model is not there',
    help: 'Choose another from its list under Settings, or check the address.',
  },
  'remote/rate-limited': {
    title: 'It is not taking more questions right now',
    help: 'Wait a little, then ask again.',
  },
  'remote/cut': { title: 'The answer broke off', help: 'What came is kept. Ask again, or ask here.' },
  'remote/bad-answer': {
    title: 'What came back could not be used as an answer',
    help: 'Check that the address is that of an OpenAI-compatible server.',
  },
  'remote/redirected': {
    title: 'That address redirects to another one',
    help: 'It was not followed, so that your words and key reach one host only. Enter the final address.',
  },
  'remote/failed': {
    title: 'The larger model failed',
    help: 'The problem is on its side. Try again later, or ask here.',
  },
  'remote/not-held': {
    title: 'Nothing was sent',
    help: 'This browser does not limit the connection to that one host, so Phield does not open it.',
  },
};
