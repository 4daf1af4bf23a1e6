// Whether a larger model is the honest answer to a request, judged on this device by what is known of it. Pure: rules that
// decide alone, and a logistic regression over the signs of features.ts whose weights are data (router-weights.json;
// `npm run eval:router -- --train` makes them). Says why, and never decides for chats that are to stay here.
import { featureNames, featuresOf, type Feature, type Features, type Reason } from './features';
import type { RouterMode } from './remote';
import learned from './router-weights.json';

export interface RouteInput {
  readonly text: string;
  readonly mode: RouterMode;
  readonly isPrivate: boolean;
  readonly hasDocuments: boolean;
  /** A person has allowed chats with documents. */
  readonly allowsDocuments: boolean;
  readonly hasImages: boolean;
  /** Of the model on this device. */
  readonly local: {
    readonly parameters: number;
    readonly seesImages: boolean;
    readonly contextWindow: number;
  };
  /** Tokens of the request as the local model counts them, where that is known. */
  readonly promptTokens?: number;
  /** Of the answer here, where there is one: the mean of its tokens' ln p, nats. */
  readonly meanLogprob?: number;
}

export type Route =
  | { readonly to: 'here' }
  | { readonly to: 'larger'; readonly reason: Reason; readonly probability: number };

export interface Weights {
  readonly bias: number;
  readonly features: Readonly<Record<Feature, number>>;
}

const weights: Weights = learned;
const here: Route = { to: 'here' };

/** Of models that are smaller than Phi-3-mini, for which the weights were made: less is asked of them. */
const smallParameters = 2e9;
const smallerBias = 1;
/**
 * An answer of a lower mean ln p was a guess at nearly every word. SmolLM2-135M is as sure of what it cannot know as of what
 * it can (`npm run eval:router -- --surety`), so this is below all of its 200 answers: only what is worse than those counts.
 */
export const unsureBelow = -2.5;
/** More of the window than this leaves no room for an answer. */
const fullShare = 0.9;

export function route(input: RouteInput): Route {
  const { mode, isPrivate, hasDocuments, allowsDocuments, local, meanLogprob } = input;
  if (mode === 'off' || isPrivate || (hasDocuments && !allowsDocuments)) return here;
  const features = featuresOf(input.text);
  const sure = rule(input, features);
  if (sure) return { to: 'larger', reason: sure, probability: 1 };
  const probability = probabilityOf(features, local.parameters < smallParameters ? smallerBias : 0);
  if (probability >= 0.5) return { to: 'larger', reason: reasonFor(features), probability };
  if (meanLogprob !== undefined && meanLogprob < unsureBelow)
    return { to: 'larger', reason: 'unsure', probability };
  return here;
}

/** What decides alone: no model on this device can. */
function rule({ hasImages, local, promptTokens }: RouteInput, features: Features): Reason | undefined {
  if (hasImages && !local.seesImages) return 'images';
  if (promptTokens !== undefined && promptTokens > local.contextWindow * fullShare) return 'length';
  return features.language > 0 ? 'language' : undefined;
}

export function probabilityOf(features: Features, extra = 0, { bias, features: of } = weights): number {
  const sum = featureNames.reduce((total, name) => total + of[name] * features[name], bias + extra);
  return 1 / (1 + Math.exp(-sum));
}

const reasons: Partial<Record<Feature, Reason>> = {
  recent: 'recent',
  maths: 'maths',
  code: 'code',
  planning: 'planning',
  knowledge: 'knowledge',
};

/** The sign that weighed most, where it is one that can be said. */
function reasonFor(features: Features): Reason {
  const weighed = (Object.keys(reasons) as Feature[])
    .filter((name) => features[name] > 0)
    .sort((a, b) => weights.features[b] - weights.features[a]);
  const [first] = weighed;
  return (first && reasons[first]) ?? 'learned';
}
