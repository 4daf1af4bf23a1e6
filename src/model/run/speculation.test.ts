import { describe, expect, it } from 'vitest';
import { prng } from '../../base/prng';
import { PromptLookup } from './prompt-lookup';
import { Speculation, SpeculationControl, type PassCost } from './speculation';

describe('PromptLookup', () => {
  it('guesses what followed the last ids before, the latest time they stood there', () => {
    const lookup = new PromptLookup([1, 2, 3, 4, 5, 9, 1, 2, 3, 7, 8, 9, 0, 1, 2]);
    // 1 2 stood twice; the later one went on with 3 7.
    expect(lookup.draft(3)).toEqual([3, 7, 8]);
    lookup.push(3);
    expect(lookup.next).toBe(7);
  });

  it('goes on while it is right, looks anew when it was wrong, and may have no guess', () => {
    const lookup = new PromptLookup([5, 6, 7, 8, 1, 2, 5, 6]);
    expect(lookup.draft(2)).toEqual([7, 8]);
    lookup.push(7);
    expect(lookup.draft(2)).toEqual([8, 1]);
    lookup.push(99);
    expect(lookup.found).toBe(false);
    expect(lookup.draft(4)).toEqual([]);
    lookup.push(1);
    lookup.push(2);
    expect(lookup.next).toBe(5);
  });

  it('takes a repetition to go on', () => {
    expect(new PromptLookup([1, 2, 3, 1, 2, 3, 1, 2]).draft(7)).toEqual([3, 1, 2, 3, 1, 2, 3]);
    expect(new PromptLookup([4, 4, 4]).draft(3)).toEqual([4, 4, 4]);
    expect(new PromptLookup([]).draft(3)).toEqual([]);
  });

  it('finds what a search of everything before finds', () => {
    const random = prng(3);
    for (let round = 0; round < 200; round++) {
      const ids = Array.from({ length: 40 }, () => Math.floor(random() * 3));
      const lookup = new PromptLookup(ids.slice(0, 20));
      for (let end = 20; end < ids.length; end++) {
        if (lookup.next !== undefined) {
          // Whatever is guessed has followed the last two ids somewhere.
          const [a, b] = ids.slice(end - 2, end);
          const followed = ids.slice(0, end).some((_, i) => i >= 2 && ids[i - 2] === a && ids[i - 1] === b);
          expect(followed).toBe(true);
        } else {
          const [a, b] = ids.slice(end - 2, end);
          expect(ids.slice(0, end - 2).some((_, i) => ids[i] === a && ids[i + 1] === b)).toBe(false);
        }
        lookup.push(ids[end] ?? 0);
      }
    }
  });
});

/** A machine: a plain step takes 1, a pass what it takes, and the first step after a pass a little more. */
interface Machine {
  readonly pass: number;
  readonly restart: number;
  /** How much a single time may be off, as a share of it. */
  readonly noise: number;
}
/** Of a guess of `length` ids: how many are right, in a pass or seen along plain steps. */
type World = (state: {
  readonly passes: number;
  readonly tokens: number;
  readonly inPass: boolean;
}) => number;

const length = 7;

interface Outcome {
  readonly tokens: number;
  readonly passes: number;
  /** Time over that of plain steps: at the end, and where it stood worst. */
  readonly ratio: number;
  readonly worst: number;
}

function simulate(world: World, machine: Machine, answer: number, cost: PassCost, seed = 1): Outcome {
  const control = new SpeculationControl(cost);
  const random = prng(seed);
  const about = (time: number): number => time * (1 + machine.noise * (2 * random() - 1));
  let [tokens, passes, time, worst] = [0, 0, 0, 0];
  let steady = false;
  while (tokens < answer) {
    if (control.wants()) {
      const gained = Math.min(length, world({ passes, tokens, inPass: true })) + 1;
      const ms = about(machine.pass);
      control.pass(ms, gained);
      time += ms;
      tokens += gained;
      passes++;
      steady = false;
    } else {
      // The guess that a pass would have checked comes true or not, a step at a time.
      const seen = Math.min(length, world({ passes, tokens, inPass: false })) + 1;
      for (let i = 0; i < seen; i++) {
        const ms = about(1) + (steady ? 0 : machine.restart);
        control.step(ms, steady);
        time += ms;
        tokens++;
        steady = true;
      }
      control.seen(seen);
    }
    worst = Math.max(worst, time - tokens * 1.02);
  }
  return { tokens, passes, ratio: time / tokens, worst };
}

describe('SpeculationControl', () => {
  const machines: Machine[] = [1.2, 2, 4, 9].flatMap((pass) =>
    [0, 0.3].map((restart) => ({ pass, restart, noise: 0 })),
  );
  const worlds: Record<string, World> = {
    'nothing is ever right': () => 0,
    'right until it is paid for': ({ inPass }) => (inPass ? 0 : length),
    'right when watched, then one pass in four': ({ inPass, passes }) =>
      !inPass || passes % 4 === 0 ? length : 0,
    'good for a hundred tokens, then never': ({ tokens }) => (tokens % 1000 < 100 ? length : 0),
    'wins until it is trusted': ({ inPass, passes }) => (inPass && passes > 20 ? 0 : length),
  };

  it.each(Object.entries(worlds))('costs at most 2 %, whatever comes: %s', (_name, world) => {
    for (const machine of machines) {
      for (const answer of [40, 200, 3000]) {
        const { worst } = simulate(world, machine, answer, { steps: machine.pass });
        // The start of an answer and the first restart are not known beforehand.
        expect(worst, JSON.stringify({ machine, answer })).toBeLessThan(1.5 * machine.restart + 1e-9);
      }
    }
  });

  it('costs at most 2 % over random worlds and machines, with times that vary', () => {
    const random = prng(17);
    let passes = 0;
    for (let round = 0; round < 400; round++) {
      const machine = { pass: 1 + 6 * random(), restart: random(), noise: 0.1 * random() };
      const chances = Array.from({ length: 12 }, () => random() ** 2);
      const trickery = random();
      const draw = prng(round);
      const world: World = ({ tokens, inPass }) => {
        if (inPass && draw() < trickery) return 0;
        const chance = chances[Math.floor(tokens / 150) % chances.length] ?? 0;
        let right = 0;
        while (right < length && draw() < chance) right++;
        return right;
      };
      const { worst, passes: made } = simulate(world, machine, 1500, { steps: machine.pass }, round);
      passes += made;
      // One pass and one restart may each turn out dearer than foreseen; and the time of a step, by which all is
      // judged, is itself only known from some twenty of them.
      expect(worst, JSON.stringify(machine)).toBeLessThan(
        2 * machine.restart + machine.noise * machine.pass + (1500 * machine.noise) / Math.sqrt(20),
      );
    }
    expect(passes).toBeGreaterThan(1000);
  });

  it('halves the time and better where guesses are right', () => {
    const always: World = () => length;
    expect(simulate(always, { pass: 2, restart: 0.2, noise: 0 }, 1000, { steps: 2 }).ratio).toBeLessThan(0.4);
    const most: World = ({ passes }) => (passes % 3 === 0 ? 2 : 6);
    expect(simulate(most, { pass: 2, restart: 0.2, noise: 0.1 }, 1000, { steps: 2 }).ratio).toBeLessThan(0.6);
    // Short answers have nothing to risk yet.
    expect(simulate(always, { pass: 2, restart: 0.2, noise: 0 }, 40, { steps: 2 }).passes).toBe(0);
  });

  it('never tries where a pass costs more than it could give', () => {
    const { passes, ratio } = simulate(() => 2, { pass: 4, restart: 0, noise: 0 }, 2000, { steps: 4 });
    expect(passes).toBe(0);
    expect(ratio).toBe(1);
  });

  it('learns what a pass costs, for the next answer too', () => {
    const cost = { steps: 2 };
    const first = simulate(() => 3, { pass: 6, restart: 0, noise: 0 }, 1000, cost);
    expect(first.passes).toBeGreaterThan(0);
    expect(cost.steps).toBeGreaterThan(3);
    const later = simulate(() => 3, { pass: 6, restart: 0, noise: 0 }, 1000, cost);
    expect(later.passes).toBeLessThan(first.passes);
  });

  it('comes back when the answer begins to repeat its source', () => {
    const turns: World = ({ tokens }) => (tokens < 600 ? 0 : length);
    const { passes, ratio } = simulate(turns, { pass: 2, restart: 0.2, noise: 0.05 }, 1200, { steps: 2 });
    expect(passes).toBeGreaterThan(40);
    expect(ratio).toBeLessThan(0.75);
  });
});

describe('Speculation', () => {
  it('wants a pass only once the steps have shown that guesses come true', () => {
    const loop = Array.from({ length: 30 }, (_, i) => i);
    const follow = (ids: readonly number[]): number => {
      const speculation = new Speculation(loop, 7, 'auto', { steps: 1.5 });
      for (const [i, id] of ids.entries()) {
        if (speculation.wants()) return i;
        speculation.step(id, i === 0 ? 50 : 10, i > 0);
      }
      return Infinity;
    };
    const echo = Array.from({ length: 200 }, (_, i) => i % 30);
    expect(follow(echo)).toBeLessThan(60);
    const random = prng(4);
    expect(follow(echo.map(() => Math.floor(random() * 1000)))).toBe(Infinity);
  });

  it('is off, or always on where there is a guess', () => {
    const history = [1, 2, 3, 1, 2];
    expect(new Speculation(history, 4, 'off', { steps: 1 }).wants()).toBe(false);
    const always = new Speculation(history, 4, 'always', { steps: 9 });
    expect(always.wants()).toBe(true);
    expect(always.draft()).toEqual([3, 1, 2, 3]);
    always.pass([3, 8], 100);
    expect(always.wants()).toBe(false);
  });
});
