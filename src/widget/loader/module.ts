// embed.mjs: for those who build their page. `mount(options)`, and the element <phield-chat>, which fills the place it
// stands in.
import { mountWidget, type Widget, type WidgetOptions } from './widget';

export type { Widget, WidgetEvents, WidgetOptions } from './widget';

const base = import.meta.url;

export function mount(options: WidgetOptions = {}): Widget {
  return mountWidget(options, base);
}

class PhieldChat extends HTMLElement {
  #widget: Widget | undefined;

  connectedCallback(): void {
    const read = (name: string): string | undefined => this.getAttribute(name) ?? undefined;
    const [model, theme, lang, knowledge] = ['model', 'theme', 'lang', 'knowledge'].map(read);
    this.#widget ??= mountWidget(
      {
        target: this,
        ...(model && { model }),
        ...((theme === 'light' || theme === 'dark') && { theme }),
        ...((lang === 'en' || lang === 'pt') && { lang }),
        ...(knowledge && { knowledge }),
      },
      base,
    );
  }

  disconnectedCallback(): void {
    this.#widget?.destroy();
    this.#widget = undefined;
  }
}

if (!customElements.get('phield-chat')) customElements.define('phield-chat', PhieldChat);
