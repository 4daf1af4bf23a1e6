// The file's own chat template (Jinja) -> the plain form that template.ts renders by. The template is run on made-up
// conversations, the parts around the made-up words are what it adds, and the result is held against the template
// again: one that does more than put text around messages is refused rather than followed wrongly. So a person's words
// never pass through Jinja, and what they spell is never taken for a tag.
import { Template } from '@huggingface/jinja';
import { AppError } from '../../base/errors';
import type { ConvTemplate } from '../model-config';
import { partsOf, renderPrompt, type TemplateMessage } from '../template';
import { badGguf } from './header';
import type { Metadata } from './metadata';

const maxTemplateChars = 100_000;
/** Private-use characters around a number: no template has them, and trimming leaves them. */
const word = (n: number): string => `\ue000${n}\ue001`;
/** In the place of the token that begins a text, which goes in as an id: other tags may be spelt like it. */
const bosMark = '\ue002';
const [asked, answered, askedAgain, told] = [word(1), word(2), word(3), word(4)];

type Render = (messages: readonly TemplateMessage[], opensReply: boolean) => string;

/** @throws AppError `model/unsupported-arch` where the template cannot be followed, `model/bad-gguf` without one */
export function templateOf(metadata: Metadata, vocab: number): ConvTemplate {
  if (!metadata.has('tokenizer.chat_template')) {
    throw new AppError(
      'model/unsupported-arch',
      'This file has no chat template: it completes text and was not made for conversations. Choose its "instruct" sibling.',
    );
  }
  const text = metadata.string('tokenizer.chat_template');
  if (text.length > maxTemplateChars) throw badGguf(`has a chat template of ${text.length} characters`);
  const tokens = metadata.strings('tokenizer.ggml.tokens');
  const id = (name: string): number | undefined =>
    metadata.has(`tokenizer.ggml.${name}`)
      ? metadata.whole(`tokenizer.ggml.${name}`, 0, vocab - 1)
      : undefined;
  const bosId = id('bos_token_id');
  const bos = bosId === undefined ? '' : (tokens[bosId] ?? '');
  const eos = tokens[id('eos_token_id') ?? -1] ?? '';
  const { render, template } = followed(text, { eos, bos, hasSystemTag: tokens.includes('<|system|>') });
  const startsWithBos = render([user(asked)], true).startsWith(bosMark);
  const isSpm = metadata.string('tokenizer.ggml.model') === 'llama';
  const addsBos = metadata.flag('tokenizer.ggml.add_bos_token') ?? (isSpm || startsWithBos);
  // One that spells it out has it already.
  const spelt = bos !== '' && (template.systemTemplate + template.roles.user).startsWith(bos);
  const prefix = bosId !== undefined && !spelt && (addsBos || startsWithBos) ? [bosId] : [];
  return { ...template, systemPrefixTokenIds: prefix, stopTokenIds: stopIds(id, tokens) };
}

const user = (content: string): TemplateMessage => ({ role: 'user', content });
const assistant = (content: string): TemplateMessage => ({ role: 'assistant', content });
const system = (content: string): TemplateMessage => ({ role: 'system', content });

interface Tags {
  readonly eos: string;
  readonly bos: string;
  readonly hasSystemTag: boolean;
}

/** Templates of models that see may go through a message part by part: its words are then such a part. */
function followed(text: string, tags: Tags): { readonly render: Render; readonly template: ConvTemplate } {
  const as = (form: (content: string) => unknown): ReturnType<typeof followed> => {
    const render = markingBos(renderer(text, tags.eos, form), tags.bos);
    return { render, template: follow(render, tags.eos, tags.hasSystemTag) };
  };
  try {
    return as((content) => content);
  } catch (thrown) {
    try {
      return as((content) => [{ type: 'text', text: content }]);
    } catch {
      // What is wrong with it in the usual way is what counts.
      throw thrown;
    }
  }
}

/** One that spells the token that begins a text, and spells it nowhere else, may be read as if it named it. */
function markingBos(render: Render, bos: string): Render {
  const isSpelt = (): boolean => {
    try {
      const text = render([user(asked), assistant(answered), user(askedAgain)], true);
      return bos !== '' && text.startsWith(bos) && !text.includes(bos, bos.length);
    } catch {
      return false;
    }
  };
  if (!isSpelt()) return render;
  return (messages, opensReply) => {
    const text = render(messages, opensReply);
    return text.startsWith(bos) ? bosMark + text.slice(bos.length) : text;
  };
}

function renderer(text: string, eos: string, form: (content: string) => unknown): Render {
  try {
    const template = new Template(text);
    return (said, opensReply) => {
      const messages = said.map(({ role, content }) => ({ role, content: form(content) }));
      const given = { messages, add_generation_prompt: opensReply, bos_token: bosMark, eos_token: eos };
      try {
        return template.render({ ...given, tools: null });
      } catch {
        // Most ask whether there are tools; some, whether anybody speaks of tools.
        return template.render(given);
      }
    };
  } catch (cause) {
    throw notFollowed('it is not a template that can be read', cause);
  }
}

/** What the template puts around each kind of message. */
function follow(render: Render, eos: string, hasSystemTag: boolean): ConvTemplate {
  const around = (messages: readonly TemplateMessage[], opensReply: boolean): string[] => {
    let text: string;
    try {
      text = render(messages, opensReply);
    } catch (cause) {
      throw notFollowed('it refuses an ordinary conversation', cause);
    }
    return withoutBos(text).split(/\ue000\d\ue001/);
  };
  const [start = '', lastUser] = around([user(asked)], false);
  const turns = [user(asked), assistant(answered), user(askedAgain)];
  const [, between, betweenTurns, reply] = around(turns, true);
  const [, , lastAnswer] = around(turns.slice(0, 2), false);
  const afterUser = lastUser && withoutLastToken(lastUser, between, eos);
  const afterAnswer = lastAnswer && withoutLastToken(lastAnswer, betweenTurns, eos);
  if (afterUser === undefined || between === undefined || betweenTurns === undefined || reply === undefined)
    throw notFollowed('it leaves messages out');
  // Some templates open the reply right after a user's words: what also ends an answer ends the message.
  const end = afterAnswer !== undefined && afterUser.startsWith(afterAnswer) ? afterAnswer : afterUser;
  const answerHead = without(between, end);
  const replyHead = without(reply, end);
  // Some put a space before words, and none where the words are still to come.
  const space = answerHead.startsWith(replyHead) ? answerHead.slice(replyHead.length) : '';
  const answerEnd = afterAnswer ?? '';
  const userHead = without(betweenTurns, answerEnd);
  if (!userHead.endsWith(space)) throw notFollowed('it opens an answer in another way than it shows one');
  if (!start.endsWith(userHead)) throw notFollowed('its first message differs from its later ones');
  const preface = start.slice(0, start.length - userHead.length);
  const said = around([system(told), user(asked)], false);
  const [before = '', after] = said.length === 3 ? said : [];
  const hasSystem = after?.endsWith(userHead) === true;
  const systemEnd = hasSystem ? after.slice(0, after.length - userHead.length) : '';
  const invents = preface !== '' && hasSystem && preface.startsWith(before) && preface.endsWith(systemEnd);
  const template: ConvTemplate = {
    name: 'gguf',
    // A template without a place for system words would lose them: Phi-3's has a tag for them all the same, and
    // elsewhere they are a message of their own.
    systemTemplate: hasSystem
      ? `${before}{system_message}${systemEnd}`
      : `${hasSystemTag ? '<|system|>\n' : userHead}{system_message}${end}`,
    systemMessage: invents ? preface.slice(before.length, preface.length - systemEnd.length) : undefined,
    systemPrefixTokenIds: [],
    roles: {
      user: userHead.slice(0, userHead.length - space.length),
      assistant: answerHead.slice(0, answerHead.length - space.length),
    },
    roleTemplates: { user: '{user_message}', assistant: '{assistant_message}' },
    seps: [end, answerEnd],
    roleContentSep: space,
    roleEmptySep: replyHead.slice(commonStart(replyHead, answerHead)),
    stopStrings: [],
    stopTokenIds: [],
  };
  if (replyHead !== template.roles.assistant + template.roleEmptySep)
    throw notFollowed('it opens an answer in another way than it shows one');
  if (!invents && preface !== '') throw notFollowed('it begins in a way of its own');
  check(render, template, hasSystem);
  return template;
}

/** That the plain form says what the template says, for every kind of conversation. */
function check(render: Render, template: ConvTemplate, hasSystem: boolean): void {
  const turns = [user(asked), assistant(answered), user(askedAgain)];
  for (const messages of [turns.slice(0, 1), turns, ...(hasSystem ? [[system(told), ...turns]] : [])]) {
    const { pieces } = renderPrompt(template, messages);
    const ours = pieces.flatMap((piece) => partsOf(piece)).map(({ text }) => text);
    if (ours.join('') !== withoutBos(render(messages, true)))
      throw notFollowed('it does more than put text around messages');
  }
}

const withoutBos = (text: string): string => (text.startsWith(bosMark) ? text.slice(1) : text);

/** Where no answer is asked for, some templates end the whole text in a token that no message ends in. */
function withoutLastToken(tail: string, inside: string | undefined, eos: string): string {
  const isOfMessage = inside === undefined || inside.startsWith(tail);
  return isOfMessage || eos === '' || !tail.endsWith(eos) ? tail : tail.slice(0, -eos.length);
}

function without(text: string, start: string): string {
  if (text.startsWith(start)) return text.slice(start.length);
  throw notFollowed('messages end in more than one way');
}

function commonStart(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}

/** Tokens that end a turn in the families at hand, whichever of them the file names. */
const turnEnds = ['<|im_end|>', '<|end|>', '<|eot_id|>', '<|eom_id|>', '<|endoftext|>', '<|end_of_text|>'];

function stopIds(id: (name: string) => number | undefined, tokens: readonly string[]): number[] {
  const named = ['eos_token_id', 'eot_token_id', 'eom_token_id'].map(id);
  const known = turnEnds.map((token) => tokens.indexOf(token)).filter((index) => index >= 0);
  return [...new Set([...named.filter((n) => n !== undefined), ...known])];
}

function notFollowed(why: string, cause?: unknown): AppError {
  return new AppError(
    'model/unsupported-arch',
    `This file's chat template cannot be followed: ${why}. Choose another file or model.`,
    { details: { why }, cause },
  );
}
