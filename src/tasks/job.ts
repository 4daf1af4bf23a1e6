// What a task is while it runs and after: everything that is needed to go on after a reload. Records come back from
// storage, where another version may have written them: what does not fit is not shown.
import type { ErrorCode } from '../base/errors';
import { errorCodes } from '../base/errors';
import type { DocumentRef } from '../chat/conversation';

export type JobStatus =
  | { readonly kind: 'running' }
  /** By the person, or because the page was left: it can go on. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

interface JobBase {
  readonly id: string;
  readonly createdAt: number;
  readonly model: string;
  readonly status: JobStatus;
  /** The chat that keeps the result. */
  readonly chatId?: string;
}

export type SummaryLength = 'short' | 'medium' | 'long';
export type Audience = 'everyone' | 'experts' | 'children';

/** A part of the text, or of the summaries one level below, and what became of it. */
export interface SummaryPart {
  readonly level: number;
  /** Passages (level 0) or parts of the level below, by their index: from, and up to but not including. */
  readonly from: number;
  readonly to: number;
  readonly text?: string;
  /** The last one: its text is the summary. */
  readonly final: boolean;
}

export interface SummaryJob extends JobBase {
  readonly kind: 'summarise';
  readonly document: DocumentRef;
  readonly length: SummaryLength;
  readonly audience: Audience;
  readonly parts: readonly SummaryPart[];
}

export interface ExtractedValue {
  readonly field: string;
  readonly value: string;
  /** Index of the passage that the model names for it. */
  readonly passage: number;
  readonly page?: number;
  /** Whether the value stands in that passage word for word. */
  readonly verbatim: boolean;
}

export interface ExtractPart {
  readonly from: number;
  readonly to: number;
  readonly state: 'waiting' | 'done' | 'unusable';
}

export interface ExtractJob extends JobBase {
  readonly kind: 'extract';
  readonly document: DocumentRef;
  /** Empty: key insights and trends. */
  readonly fields: readonly string[];
  readonly parts: readonly ExtractPart[];
  readonly values: readonly ExtractedValue[];
}

export type WriteForm = 'product' | 'post' | 'email';
export type Tone = 'friendly' | 'formal' | 'lively';
export type WriteLength = 'short' | 'medium' | 'long';

export interface WriteJob extends JobBase {
  readonly kind: 'write';
  readonly form: WriteForm;
  readonly brief: string;
  readonly tone: Tone;
  readonly length: WriteLength;
  readonly language: string;
  readonly variants: readonly string[];
}

export interface StoryJob extends JobBase {
  readonly kind: 'story';
  /** Noun, verb, adjective. */
  readonly words: readonly [string, string, string];
  readonly language: string;
  readonly text: string;
}

export type Job = SummaryJob | ExtractJob | WriteJob | StoryJob;
export type JobKind = Job['kind'];

export const variantCount = 3;

/** The job of an untrusted record; one that was running when the page went away comes back as paused. */
export function readJob(value: unknown): Job | undefined {
  if (!isObject(value)) return undefined;
  const { id, createdAt, model, status, kind } = value;
  if (typeof id !== 'string' || typeof createdAt !== 'number' || typeof model !== 'string') return undefined;
  if (!isObject(status) || !isWhole(kind, value)) return undefined;
  return { ...(value as unknown as Job), status: readStatus(status) };
}

function readStatus(status: Record<string, unknown>): JobStatus {
  if (status['kind'] === 'done') return { kind: 'done' };
  const { code, message } = status;
  if (status['kind'] === 'failed' && errorCodes.includes(code as ErrorCode))
    return { kind: 'failed', code: code as ErrorCode, message: typeof message === 'string' ? message : '' };
  return { kind: 'paused' };
}

function isWhole(kind: unknown, job: Record<string, unknown>): boolean {
  switch (kind) {
    case 'summarise':
      return isDocument(job['document']) && isList(job['parts'], isRange);
    case 'extract':
      return (
        isDocument(job['document']) &&
        isTexts(job['fields']) &&
        isList(job['parts'], isRange) &&
        isList(job['values'], isValue)
      );
    case 'write':
      return typeof job['brief'] === 'string' && isTexts(job['variants']);
    case 'story':
      return (
        isTexts(job['words']) && (job['words'] as unknown[]).length === 3 && typeof job['text'] === 'string'
      );
    default:
      return false;
  }
}

function isValue(value: Record<string, unknown>): boolean {
  return (
    typeof value['field'] === 'string' && typeof value['value'] === 'string' && isIndex(value['passage'])
  );
}

function isRange(part: Record<string, unknown>): boolean {
  return isIndex(part['from']) && isIndex(part['to']);
}

function isDocument(value: unknown): boolean {
  return isObject(value) && typeof value['id'] === 'string' && typeof value['name'] === 'string';
}

function isList(value: unknown, isItem: (item: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isObject(item) && isItem(item));
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isIndex(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The summary, once it is written. */
export function summaryOf(job: SummaryJob): string | undefined {
  return job.parts.find(({ final }) => final)?.text;
}
