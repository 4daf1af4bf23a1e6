// The address of an OpenAI-compatible endpoint as a person types it, made sure of: it goes into a policy and gets a key.
import { AppError } from '../base/errors';

/** `2024-10-21`, `2025-04-01-preview`, `preview`. */
const versions = /^(?:\d{4}-\d{2}-\d{2}(?:-preview)?|preview|latest|v1)$/;
const paths = /\/(?:chat\/completions|completions|models)\/?$/;

/**
 * @param typed with or without https:// and what stands behind the base; a bare host gets /v1. Of what stands behind a
 *   question mark only Azure's `api-version` stays.
 * @returns the base without a slash at its end
 * @throws AppError `network/bad-address`
 */
export function endpointAddress(typed: string): string {
  const text = typed.trim();
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? '' : isOwnMachine(text.split(/[:/]/)[0] ?? '') ? 'http://' : 'https://'; // oxfmt-ignore
  let url: URL;
  try {
    url = new URL(scheme + text);
  } catch {
    throw bad('no address');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw bad('scheme');
  if (url.username !== '' || url.password !== '') throw bad('name or password in it');
  // A policy cannot name an IPv6 address; the own machine has another name for the same.
  if (url.hostname === '[::1]') url.hostname = 'localhost';
  if (url.hostname.startsWith('['))
    throw bad(
      'browsers cannot be held to an IPv6 address, so enter the name of the host, or its IPv4 address',
    );
  // What may stand in a policy: no wildcard.
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(url.hostname)) throw bad('host');
  const path = url.pathname.replace(paths, '').replace(/\/+$/, '');
  const version = url.searchParams.get('api-version') ?? '';
  const query = versions.test(version) ? `?api-version=${version}` : '';
  return `${url.origin}${path === '' ? '/v1' : path}${query}`;
}

function bad(why: string): AppError {
  return new AppError('network/bad-address', `This cannot be the address of an endpoint: ${why}.`);
}

export interface EndpointParts {
  /** Without what stands behind a question mark. */
  readonly base: string;
  /** Azure's, which then also wants its key in a header of its own. */
  readonly apiVersion: string | undefined;
  /** Azure's address may be that of one model, and then there is no list of them. */
  readonly deployment: string | undefined;
}

/** @param address as `endpointAddress` makes it */
export function endpointParts(address: string): EndpointParts {
  const { origin, pathname, searchParams } = new URL(address);
  const apiVersion = searchParams.get('api-version') ?? undefined;
  const deployment = /\/deployments\/([^/]+)$/.exec(pathname)?.[1];
  return {
    base: `${origin}${pathname}`,
    apiVersion,
    deployment:
      apiVersion === undefined || deployment === undefined ? undefined : decodeURIComponent(deployment),
  };
}

export const originOf = (address: string): string => new URL(address).origin;
/** What a person knows it by. */
export const hostOf = (address: string): string => new URL(address).host;

export function isOwnMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127(?:\.\d+){3}$/.test(hostname);
}

/** A page that came encrypted may only reach its own machine in the clear. */
export function isBlockedAsMixed(address: string, pageProtocol: string): boolean {
  const { protocol, hostname } = new URL(address);
  return pageProtocol === 'https:' && protocol === 'http:' && !isOwnMachine(hostname);
}

export interface Preset {
  readonly id: 'ollama' | 'lm-studio' | 'llama.cpp' | 'vllm' | 'jan';
  readonly name: string;
  readonly address: string;
  /** What its server must be told before a page may ask it; undefined where it lets every page. */
  readonly allow?: (origin: string) => string;
}

/** Where each listens unless told otherwise. */
export const presets: readonly Preset[] = [
  {
    id: 'ollama',
    name: 'Ollama',
    address: 'http://localhost:11434/v1',
    allow: (origin) => `OLLAMA_ORIGINS=${origin} ollama serve`,
  },
  {
    id: 'lm-studio',
    name: 'LM Studio',
    address: 'http://localhost:1234/v1',
    allow: () => 'lms server start --cors',
  },
  { id: 'llama.cpp', name: 'llama.cpp', address: 'http://localhost:8080/v1' },
  { id: 'vllm', name: 'vLLM', address: 'http://localhost:8000/v1', allow: (origin) => `vllm serve MODEL --allowed-origins '["${origin}"]'` }, // oxfmt-ignore
  { id: 'jan', name: 'Jan', address: 'http://localhost:1337/v1' },
];
