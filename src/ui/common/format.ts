// Numbers as a person reads them, in the language of the page.

export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value);
}

/** 10.3 million as "10.3M": for parameter counts. */
export function formatCompact(value: number, language: string): string {
  return new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** Decimal units, as download sizes are usually told. */
export function formatBytes(bytes: number, language: string): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const text = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return `${text} ${units[unit] ?? 'B'}`;
}

export function formatSeconds(milliseconds: number, language: string): string {
  const seconds = milliseconds / 1000;
  const digits = seconds < 10 ? 2 : 0;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(seconds)} s`;
}

export function formatRate(perSecond: number, language: string): string {
  const digits = perSecond < 100 ? 1 : 0;
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(perSecond);
}

/** "2 min 5 s": rough on purpose. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export function formatPercent(fraction: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    // Never says 100 % before it is.
    fraction >= 1 ? 1 : Math.min(0.99, fraction),
  );
}
