// Firefox's compiler (naga, as of Firefox 153) ends the whole browser over an `override` that stands behind an array whose
// size is computed from another, as in `array<u32, 2u * TILE>`. WGSL gives the order of declarations no meaning, so all
// of them go in front, whichever parts a kernel's source was put together from.

const directive = /^(?:enable|requires|diagnostic)\b.*;/;
const override = /^override\b.*;/;

/** @param code WGSL with one declaration of an override a line, at the line's beginning. */
export function overridesFirst(code: string): string {
  const lines = code.split('\n');
  const isOther = (line: string): boolean => !directive.test(line) && !override.test(line);
  return [
    ...lines.filter((line) => directive.test(line)),
    ...lines.filter((line) => override.test(line)),
    ...lines.filter(isOther),
  ].join('\n');
}
