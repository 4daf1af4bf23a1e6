// Trains the router's weights on one half of the labelled requests and judges it on the other.
import { featureNames, featuresOf, type Feature } from '../features';
import { probabilityOf, route, type RouteInput, type Weights } from '../route';
import { routerSet, type LabelledRequest } from './router-set';

const phi3: RouteInput['local'] = { parameters: 3.8e9, seesImages: false, contextWindow: 4096 };

const asked = (text: string, change: Partial<RouteInput> = {}): RouteInput => ({
  text,
  mode: 'ask',
  isPrivate: false,
  hasDocuments: false,
  allowsDocuments: false,
  hasImages: false,
  local: phi3,
  ...change,
});

/** Plain gradient descent with a little weight decay, on what is not held out; the same numbers every time. */
export function train(): Weights {
  const set = routerSet.filter(({ heldOut }) => !heldOut);
  const rows = set.map(({ text, larger }) => ({ features: featuresOf(text), label: larger ? 1 : 0 }));
  let bias = 0;
  const of = Object.fromEntries(featureNames.map((name) => [name, 0])) as Record<Feature, number>;
  for (let step = 0; step < 4_000; step++) {
    const gradient = Object.fromEntries(featureNames.map((name) => [name, 0])) as Record<Feature, number>;
    let gradientBias = 0;
    for (const { features, label } of rows) {
      const error = probabilityOf(features, 0, { bias, features: of }) - label;
      gradientBias += error;
      for (const name of featureNames) gradient[name] += error * features[name];
    }
    bias -= (0.5 * gradientBias) / rows.length;
    for (const name of featureNames) of[name] -= 0.5 * (gradient[name] / rows.length + 0.004 * of[name]);
  }
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    bias: round(bias),
    features: Object.fromEntries(featureNames.map((name) => [name, round(of[name])])) as Weights['features'],
  };
}

export interface RouterReport {
  readonly requests: number;
  /** Of the half that is held out. */
  readonly right: number;
  readonly rightInTraining: number;
  /** Of private chats and chats with documents, how many were suggested. */
  readonly privateSuggested: number;
  /** With the router off: 0 or something is very wrong. */
  readonly sentWithoutConsent: number;
  readonly wrong: readonly string[];
}

export function evaluateRouter(): RouterReport {
  const isRight = ({ text, larger }: LabelledRequest): boolean =>
    (route(asked(text)).to === 'larger') === larger;
  const heldOut = routerSet.filter((one) => one.heldOut);
  const training = routerSet.filter((one) => !one.heldOut);
  const share = (set: readonly LabelledRequest[]): number => set.filter(isRight).length / set.length;
  const suggested = (change: Partial<RouteInput>): number =>
    routerSet.filter(({ text }) => route(asked(text, change)).to === 'larger').length;
  return {
    requests: routerSet.length,
    right: share(heldOut),
    rightInTraining: share(training),
    privateSuggested:
      (suggested({ isPrivate: true }) + suggested({ hasDocuments: true })) / (2 * routerSet.length),
    sentWithoutConsent: suggested({ mode: 'off' }),
    wrong: routerSet
      .filter((one) => !isRight(one))
      .map(
        ({ text, larger, heldOut }) =>
          `${heldOut ? 'held out' : 'training'}, ${larger ? 'larger' : 'here'}: ${text}`,
      ),
  };
}
