// A bar that fills: how far a load, a download or another long task has come.
import type { ReactNode } from 'react';

interface LoadTrackProps {
  readonly label: string;
  /** 0 to 1 */
  readonly fraction: number;
  /** What a screen reader says instead of the percentage. */
  readonly text?: string;
}

export function LoadTrack({ label, fraction, text }: LoadTrackProps): ReactNode {
  return (
    <div
      className="load-track"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(fraction * 100)}
      aria-valuetext={text}
    >
      <div className="load-fill" style={{ transform: `scaleX(${fraction})` }} />
    </div>
  );
}
