// Icons of what stands there before React does (src/widget/frame/greeting.ts), as one path each on the grid of icons.tsx.

export const lines = {
  send: 'M12 19V5.5M6 11l6-6 6 6',
  attach:
    'M19 11.5l-7.2 7.2a4.4 4.4 0 0 1-6.2-6.2l7.5-7.5a2.9 2.9 0 0 1 4.1 4.1l-7.4 7.4a1.45 1.45 0 0 1-2.05-2.05L14.5 7.7',
} as const;
