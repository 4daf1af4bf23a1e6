// What the models of the catalogue are called, by each id and folder name that a page may meet them under.
import { places } from './places';

export function catalogueNames(): readonly (readonly [id: string, name: string])[] {
  return places.flatMap(({ id, name, builds }) => [
    [id, name] as const,
    ...builds.flatMap((build) => {
      const folder = build.folder
        .replace(/\/resolve\/[^/]+\/$/, '')
        .replace(/\/$/, '')
        .split('/')
        .at(-1);
      // Two builds of one model may lie beside each other.
      const shown = build.quantization === 'q4f32_1' ? `${name} (q4f32_1)` : name;
      return [[build.id, shown] as const, ...(folder ? [[folder, shown] as const] : [])];
    }),
  ]);
}
