// @vitest-environment jsdom
import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeEngine, fakeInfo } from '../client/fake-engine';
import { installPage, renderApp } from './testing/render-app';

installPage();

async function openBenchmark(engine: FakeEngine) {
  const app = renderApp({ engine });
  await app.user.click(screen.getByRole('link', { name: 'Benchmark' }));
  await screen.findByText(/Phield’s own \(wgsl\), on Acme/);
  return app;
}

describe('the benchmark page', () => {
  it('warms up, measures each prompt, and shows figures and chart', async () => {
    const engine = new FakeEngine({ reply: () => ['a', 'b'] });
    const { user } = await openBenchmark(engine);
    await user.click(screen.getByRole('button', { name: 'Run the benchmark' }));
    const row = await screen.findByRole('row', { name: /Long prompt/ });
    expect(row.textContent).toContain('42.5');
    expect(engine.runs).toHaveLength(4);
    expect(engine.runs.every(({ request }) => request.temperature === 0)).toBe(true);
    expect(screen.getByRole('img', { name: 'Tokens per second while writing' })).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Export as JSON' })).toBeTruthy();
    expect(screen.queryByText(/no measure of speed/)).toBeNull();
  });

  it('can be stopped, and then shows no figures', async () => {
    const engine = new FakeEngine();
    const { user } = await openBenchmark(engine);
    await user.click(screen.getByRole('button', { name: 'Run the benchmark' }));
    await waitFor(() => expect(engine.runs).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Stop the benchmark' }));
    expect(engine.runs[0]?.signal.aborted).toBe(true);
    engine.runs[0]?.push({ type: 'done', finishReason: 'cancelled' });
    engine.runs[0]?.end('cancelled');
    await screen.findByRole('button', { name: 'Run the benchmark' });
    expect(engine.runs).toHaveLength(1);
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('says that a software adapter’s figures are no measure of speed', async () => {
    const adapter = { ...fakeInfo.adapter, isFallback: true };
    const engine = new FakeEngine({
      info: { ...fakeInfo, adapter, choice: { engine: 'wgsl', why: 'not-measured' } },
    });
    const { user } = await openBenchmark(engine);
    expect(screen.getByText(/no measure of speed/)).toBeTruthy();
    // Also beside the figures of a comparison, while the model is loading again.
    engine.nextLoad = 'hold';
    await user.click(screen.getByRole('button', { name: 'Compare engines on this device' }));
    await screen.findByRole('row', { name: /WebLLM/ });
    expect(screen.getByRole('progressbar')).toBeTruthy();
    expect(screen.getByText(/no measure of speed/)).toBeTruthy();
  });

  it('has nothing to compare where only one engine runs the model, and says so', async () => {
    await openBenchmark(new FakeEngine());
    const compare = screen.getByRole('button', { name: 'Compare engines on this device' });
    expect(compare).toHaveProperty('disabled', true);
    expect(screen.getByText(/nothing to choose or compare/)).toBeTruthy();
  });
});
