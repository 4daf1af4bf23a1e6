// embed.js: one line in a page. Options are data- attributes of the script element; calls made before it has arrived
// wait in the stub's queue: window.Phield = window.Phield || ((...call) => (Phield.q = Phield.q || []).push(call)).
import { mountWidget, type Widget, type WidgetOptions } from './widget';

type Call = readonly [name: string, ...args: unknown[]];
interface Global {
  Phield?: Partial<Widget> & { readonly q?: readonly Call[] };
}

const script = document.currentScript as HTMLScriptElement | null;
const start = (): void => {
  const { model, theme, position, lang, knowledge, launcher } = script?.dataset ?? {};
  const options = {
    ...(model && { model }),
    ...((theme === 'light' || theme === 'dark') && { theme }),
    ...(position === 'left' && { position }),
    ...((lang === 'en' || lang === 'pt') && { lang }),
    ...(knowledge && { knowledge }),
    ...(launcher === 'false' && { launcher: false }),
  } satisfies WidgetOptions;
  const widget = mountWidget(options, script?.src || location.href);
  const page = window as Global;
  const call = (name: string, ...args: unknown[]): void => {
    const methods = widget as unknown as Readonly<Record<string, (...args: unknown[]) => void>>;
    if (Object.hasOwn(methods, name)) methods[name]?.(...args);
  };
  const early = page.Phield?.q ?? [];
  page.Phield = Object.assign(call, widget);
  for (const [name, ...args] of early) call(name, ...args);
};
if (document.body) start();
else document.addEventListener('DOMContentLoaded', start);
