// Horizontal bars on one scale from zero, each with its value in words beside it.
import { useId } from 'react';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

const rowHeight = 30;
const labelWidth = 150;
const barWidth = 270;

export function BarChart({ title, bars }: { readonly title: string; readonly bars: readonly Bar[] }) {
  const titleId = useId();
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  return (
    <figure className="chart">
      <figcaption id={titleId}>{title}</figcaption>
      <svg viewBox={`0 0 520 ${bars.length * rowHeight}`} role="img" aria-labelledby={titleId}>
        {bars.map(({ label, value, text }, row) => {
          const width = (value / most) * barWidth;
          const middle = row * rowHeight + rowHeight / 2;
          return (
            <g key={label}>
              <text className="chart-label" x={labelWidth - 10} y={middle}>
                {label}
              </text>
              <rect className="chart-bar" x={labelWidth} y={middle - 9} width={width} height={18} rx={4} />
              <text className="chart-value" x={labelWidth + width + 8} y={middle}>
                {text}
              </text>
            </g>
          );
        })}
      </svg>
    </figure>
  );
}
