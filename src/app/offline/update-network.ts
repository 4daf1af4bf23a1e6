// What updates ask the network for, held to the switch; fetched beside the first paint.
import { note } from '../../ledger/book';
import { isCut, throughSwitch } from '../../ledger/switch';

const noteCheck = (): void => note({ at: Date.now(), host: location.host, purpose: 'update', sentBytes: 0 });

/** The ledger has it from here, since the browser lists it nowhere. @throws AppError `network/cut` */
export async function lookForNew(made: ServiceWorkerRegistration): Promise<void> {
  await throughSwitch();
  noteCheck();
  await made.update();
}

/** Some that block service workers answer with nothing instead of an error. */
export async function registered(container: ServiceWorkerContainer): Promise<ServiceWorkerRegistration> {
  const here = (await isCut()) && (await container.getRegistration('./'));
  if (here) return here;
  const made = (await container.register('./sw.js', { scope: './' })) as
    | ServiceWorkerRegistration
    | undefined;
  if (made) return made;
  throw new Error('Service workers are blocked here.');
}
