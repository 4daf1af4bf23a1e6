// The browser's own offer to install the app, kept until the person asks for it: nobody is asked unasked.
import { Subscribable } from '../../chat/subscribable';

/** `BeforeInstallPromptEvent`, of Chromium alone. */
export interface InstallOffer {
  prompt(): Promise<unknown>;
}

export const installOffer = new Subscribable<InstallOffer | undefined>(undefined);

/** From the start: the browser makes its offer once. */
export function keepInstallOffer(page: Window): void {
  page.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installOffer.set(event as Event & InstallOffer);
  });
  page.addEventListener('appinstalled', () => installOffer.set(undefined));
}
