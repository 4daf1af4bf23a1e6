// "This device" is three pages: what is stored, how fast it is, what leaves it.
import type { Page } from '../common/route';

export const devicePages = ['storage', 'benchmark', 'privacy'] as const satisfies readonly Page[];
export type DevicePage = (typeof devicePages)[number];

export function isDevicePage(page: string): page is DevicePage {
  return devicePages.some((name) => name === page);
}
