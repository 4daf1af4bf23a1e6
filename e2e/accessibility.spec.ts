// Every screen (bench/pictures/screens.mjs) in both languages, for everyone: rules of WCAG in light and dark, and as narrow
// as a small phone under a finger. What can be measured; that each control has a name a person can use, the other specs
// show by using it.
import { fill, leave, screens, words } from '../bench/pictures/screens.mjs';
import { expect, settingsProbes, test } from './app';
import { axe, fits, keepsRules, measure, takeFinger } from './looks';

const sizes = {
  wide: { width: 1280, height: 800 },
  /** `wide` at 200 %. */
  zoomed: { width: 640, height: 400 },
  phone: { width: 320, height: 568 },
  usualPhone: { width: 390, height: 844 },
} as const;

/** Parts of others: the rest of the same dialog, list or page. */
const inOthers = new Set(['chat-top', 'drawer', 'settings-answers', 'personas', 'privacy', 'data']);
const looked = Object.entries(screens).filter(([name]) => !inOthers.has(name));

for (const language of ['en', 'pt'] as const)
  test(`every screen is for everyone, in ${language} @chromium`, async ({ app }) => {
    // Some hundred looks; on a busy machine each takes its time.
    test.setTimeout(600_000);
    app.expectConsoleError(settingsProbes);
    const page = await app.open(`lang=${language}#/`);
    await expect(page.getByText(words[language].ready)).toBeVisible();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await fill(page, language);
    // That the address names the language.
    await page.locator('.notice .icon-button').click();
    // On a phone of usual height nothing of the first screen lies behind the message box.
    await page.setViewportSize(sizes.usualPhone);
    const room = await page.evaluate(() => {
      const boxOf = (part: string): DOMRect | undefined =>
        document.querySelector(part)?.getBoundingClientRect();
      return (boxOf('.dock')?.top ?? NaN) - (boxOf('.suggestions button')?.bottom ?? NaN);
    });
    expect.soft(room, `above the message box in ${language}`).toBeGreaterThan(0);
    const walk = async (size: keyof typeof sizes, look: (what: string) => Promise<void>): Promise<void> => {
      await page.setViewportSize(sizes[size]);
      await takeFinger(page, size === 'phone');
      for (const [name, go] of looked) {
        if (name !== 'prompt-form') await leave(page);
        await test.step(`${name}, ${size}`, () => go(page, language));
        await look(`${name} in ${language}, ${size}`);
      }
    };
    // Rules where there is room in English, and where there is not in Portuguese, whose words are longer.
    if (language === 'en') {
      await walk('wide', (what) => keepsRules(page, what));
      await walk('phone', (what) => fits(page, what, true));
    } else {
      await walk('phone', async (what) => {
        await keepsRules(page, what);
        await fits(page, what, true);
      });
      await walk('zoomed', (what) => fits(page, what, false));
    }
  });

test('what is wrong is seen to be: a problem page, a rule broken, a control too small or covered @chromium', async ({
  app,
}) => {
  const page = await app.open('model=no-such-model');
  await expect(page.getByRole('alert')).toBeVisible();
  await keepsRules(page, 'a problem');
  await page.setViewportSize(sizes.phone);
  await takeFinger(page, true);
  await fits(page, 'a problem, phone', true);
  await page.evaluate(() => {
    // The policy refuses markup as a text, and styles that stand in it.
    const plant = (tag: string, name: string, text = ''): void => {
      const made = Object.assign(document.createElement(tag), { textContent: text, className: name });
      if (tag === 'button' && name !== '') made.setAttribute('aria-label', name);
      document.body.append(made);
    };
    plant('button', 'small');
    plant('button', 'covered');
    plant('p', 'cover', 'over it');
    plant('p', 'long', 'wide');
    plant('button', '');
    const place = (selector: string, style: Partial<CSSStyleDeclaration>): void =>
      void Object.assign(document.querySelector<HTMLElement>(selector)?.style ?? {}, {
        position: 'fixed',
        left: '0',
        ...style,
      });
    place('[aria-label=small]', { top: '200px', width: '20px', height: '60px', left: '40px' });
    place('[aria-label=covered]', { top: '300px', width: '60px', height: '60px', left: '40px' });
    place('.cover', { top: '280px', width: '100%', height: '90px' });
    place('.long', { top: '0', width: '500px' });
  });
  const found = (await page.evaluate(measure, true)).join('\n');
  expect(found).toContain('"small" is 20 x 60, too small for a finger');
  expect(found).toContain('"covered" is under p.cover');
  expect(found).toContain('p.long "wide" leaves the window');
  expect((await axe(page)).violations.map(({ id }) => id)).toContain('button-name');
});
