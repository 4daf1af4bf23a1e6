// The server is gone, really: its process stops listening. The app opens and answers all the same.
import { Chat, expect, test } from './app';
import { restWorks } from './rest-works';

test('opens and answers with the server gone, also after a restart of the browser @both', async ({
  ownApp: app,
}) => {
  const page = await app.open('max_tokens=48');
  const chat = new Chat(page);
  await chat.send('What is Phield?');
  await page.evaluate(() => navigator.serviceWorker.ready);

  await app.killServer();
  await expect(fetch(app.address)).rejects.toThrow();
  await page.reload();
  await expect(chat.log).toContainText('What is Phield?');
  await chat.send('Does my data leave my device?');
  await expect(chat.words).toContainText(/\w+ \w+/);

  await app.openBrowser();
  const later = await app.open('max_tokens=48');
  const again = new Chat(later);
  await expect(again.log).toContainText('Does my data leave my device?');
  await again.send('How do I work offline?');
  await expect(again.words).toContainText(/\w+ \w+/);
  // In Chromium by the installed window: installed.spec.ts.
  if (app.browser === 'firefox') await restWorks(later, app.address);
});

test('the service worker keeps the app and never the weights', async ({ app }) => {
  const page = await app.open('max_tokens=48');
  await new Chat(page).send('What is Phield?');
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cached = await page.evaluate(async () => {
    const urls: string[] = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) urls.push(request.url);
    return urls;
  });
  expect(cached.some((url) => url.includes('index.html'))).toBe(true);
  expect(cached.filter((url) => url.includes('/models/'))).toEqual([]);
});
