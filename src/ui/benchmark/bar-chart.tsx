// Horizontal bars on one scale from zero, each under its name and with its value in words beside it: as legible on a
// telephone as on a desk.
import { useId } from 'react';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

const rowHeight = 44;
const width = 340;
const barWidth = 240;

export function BarChart({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const titleId = useId();
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  return (
    <figure className="chart">
      <figcaption id={titleId}>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${bars.length * rowHeight}`} role="img" aria-labelledby={titleId}>
        {bars.map(({ label, value, text }, row) => {
          const length = (value / most) * barWidth;
          const top = row * rowHeight;
          return (
            <g key={label}>
              <text x={0} y={top + 10}>
                {label}
              </text>
              <rect className="chart-bar" x={0} y={top + 20} width={length} height={16} rx={4} />
              <text x={length + 8} y={top + 28}>
                {text}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
