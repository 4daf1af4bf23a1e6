// Pre-tokenizer steps in a form that means in JavaScript what they mean in the Rust library. @huggingface/tokenizers
// 0.2.0 knows ASCII digits only where Rust's `Digits` takes every number of Unicode, and JavaScript's `\s` is another
// set than Unicode's white space (U+0085 is missing, U+FEFF is in it), which Rust's is. An id that differs by one is
// another word to a model. Held to the Rust library by steps-golden.json and by tokenizer.test.ts.

type Step = Readonly<Record<string, unknown>>;

/** GPT-2's pattern, which `ByteLevel` cuts by unless told not to. */
const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
/** A space in front of a text that has none there. */
const space: Step = { type: 'Replace', pattern: { Regex: '\\A[^ ]' }, content: ' $&' };
/** `\w` of Rust's regex. */
const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}';

/** @param step the `pre_tokenizer` of tokenizer.json; what is no step comes back as it is, for the library to refuse. */
export function mendSteps(step: unknown): unknown {
  if (!isStep(step)) return step;
  switch (step['type']) {
    case 'Sequence': {
      const { pretokenizers } = step;
      return Array.isArray(pretokenizers) ? { ...step, pretokenizers: pretokenizers.map(mendSteps) } : step;
    }
    case 'Digits':
      return cutAt(step['individual_digits'] === true ? '\\p{N}' : '\\p{N}+');
    case 'Split': {
      const { pattern } = step;
      if (!isStep(pattern) || typeof pattern['Regex'] !== 'string') return step;
      return { ...step, pattern: { Regex: unicodeClasses(pattern['Regex']) } };
    }
    case 'ByteLevel': {
      if (step['use_regex'] === false) return step;
      const bytes = { ...step, use_regex: false, add_prefix_space: false };
      // The space in front belongs to the first piece, so it comes before the cut.
      const steps = [cutAt(byteLevelPattern), bytes];
      return {
        type: 'Sequence',
        pretokenizers: step['add_prefix_space'] === true ? [space, ...steps] : steps,
      };
    }
    case 'WhitespaceSplit':
      return matchesOf('\\S+');
    case 'Whitespace':
      return matchesOf(`[${word}]+|[^${word}\\s]+`);
    default:
      return step;
  }
}

/** Matches and what lies between them, each a piece. */
function cutAt(regex: string): Step {
  return {
    type: 'Split',
    pattern: { Regex: unicodeClasses(regex) },
    behavior: 'Isolated',
    invert: false,
  };
}

/** Matches alone: what the library does with an inverted pattern. */
function matchesOf(regex: string): Step {
  return { type: 'Split', pattern: { Regex: unicodeClasses(regex) }, behavior: 'Removed', invert: true };
}

const classes: Readonly<Record<string, string>> = {
  '\\s': '\\p{White_Space}',
  '\\S': '\\P{White_Space}',
  '\\d': '\\p{Nd}',
  '\\D': '\\P{Nd}',
};

/** Escapes a pair at a time, so that a backslash that is itself escaped stays one. */
function unicodeClasses(regex: string): string {
  return regex.replace(/\\[\s\S]/g, (pair) => classes[pair] ?? pair);
}

function isStep(value: unknown): value is Step {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
