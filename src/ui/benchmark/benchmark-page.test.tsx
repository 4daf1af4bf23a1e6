// @vitest-environment jsdom
import { act, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../base/errors';
import { FakeEngine, fakeBenchmark, fakeInfo } from '../../client/fake-engine';
import { installPage, renderApp } from '../testing/render-app';

installPage();

async function openBenchmark(engine: FakeEngine) {
  const app = renderApp({ engine });
  await app.user.click(screen.getByRole('link', { name: 'This device' }));
  await app.user.click(screen.getByRole('tab', { name: 'Benchmark' }));
  await screen.findByText(/Graphics: Acme GPU One/);
  return app;
}
const runButton = () => screen.getByRole('button', { name: 'Run the benchmark' });

describe('the benchmark page', () => {
  it('shows memory, every engine and prompt with its share of the roof, a chart, and what failed', async () => {
    const engine = new FakeEngine();
    const { user } = await openBenchmark(engine);
    await user.click(runButton());
    const row = await screen.findByRole('row', { name: /Long prompt/ });
    expect(row.textContent).toContain('42.5');
    expect(row.textContent).toContain('43%');
    expect(screen.getByText(/read at 200 GB\/s.*2\.0 GB of weights.* 100 tokens/)).toBeTruthy();
    expect(screen.getByText(/WebLLM did not run it: It could not be compiled/)).toBeTruthy();
    expect(screen.getByText(/9 of the tokens were guessed/)).toBeTruthy();
    await user.click(screen.getByText('Kernels as they were fastest here, found out in 1.8 s'));
    expect(
      [...document.querySelectorAll('.kernels dt')].map((term) => [
        term.textContent,
        term.nextSibling?.textContent,
      ]),
    ).toEqual([
      ['qkv', 'f16 32x8 subgroup'],
      ['prefillGateUp', 'tall 128x64'],
    ]);
    expect(screen.getByRole('img', { name: /Tokens per second while writing/ })).toBeTruthy();
    expect(await screen.findByRole('button', { name: 'Export as JSON' })).toBeTruthy();
    expect(screen.queryByText(/no measure of speed/)).toBeNull();
    // The model is back: once at the start, once after the measurement.
    await waitFor(() => expect(engine.loads).toHaveLength(2));
    await waitFor(() => expect(runButton()).toHaveProperty('disabled', false));
  });

  it('takes llama.cpp in where it is asked to, on GPU and processor, and says first how much faster ours is', async () => {
    const engine = new FakeEngine();
    const {
      rows: [row],
    } = fakeBenchmark;
    if (!row) throw new Error('No row');
    const decodeTokensPerS = row.decodeTokensPerS / 4;
    const software = { ...fakeInfo.adapter, isFallback: true };
    engine.benchmarkReport = {
      ...fakeBenchmark,
      rows: [
        row,
        { ...row, engine: 'wllama-gpu', on: { adapter: software }, prefillTokensPerS: 520 },
        { ...row, engine: 'wllama', on: { threads: 2 }, decodeTokensPerS },
      ],
    };
    const { user } = await openBenchmark(engine);
    await user.click(screen.getByRole('checkbox', { name: /Also with llama.cpp/ }));
    await user.click(runButton());
    const ratios = await screen.findByRole('region', {
      name: 'How many times as fast Phield’s own engine is',
    });
    const lines = [...ratios.querySelectorAll('tbody tr')].map(({ children }) =>
      [...children].map(({ textContent }) => textContent),
    );
    expect(lines).toEqual([
      ['llama.cpp (WebGPU)', '0.5 ×', '1 ×', '–', '–'],
      ['llama.cpp (processor)', '1 ×', '4 ×', '–', '–'],
    ]);
    expect(screen.getByRole('rowheader', { name: /WebGPU.*Acme GPU One \(software\)/ })).toBeTruthy();
    expect(screen.getByRole('rowheader', { name: /Processor, 2 threads/ })).toBeTruthy();
    // Before the figures that they are of.
    const figures = screen.getByRole('region', { name: 'Figures of each engine' });
    expect(ratios.compareDocumentPosition(figures) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    expect(engine.benchmarks[0]?.llamaCpp).toBe(true);
  });

  it('can be stopped, shows no figures then, and loads the model again', async () => {
    const engine = new FakeEngine();
    engine.benchmarkReport = 'hold';
    const { user } = await openBenchmark(engine);
    await user.click(runButton());
    expect(screen.getByText('Measuring memory…')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Stop the benchmark' }));
    expect(engine.benchmarks[0]?.signal.aborted).toBe(true);
    await waitFor(() => expect(runButton()).toHaveProperty('disabled', false));
    expect(screen.queryByRole('table')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(engine.loads).toHaveLength(2);
  });

  it('stops when the page is left', async () => {
    const engine = new FakeEngine();
    engine.benchmarkReport = 'hold';
    const { user } = await openBenchmark(engine);
    await user.click(runButton());
    await user.click(screen.getByRole('tab', { name: 'Storage' }));
    await waitFor(() => expect(engine.benchmarks[0]?.signal.aborted).toBe(true));
  });

  it('says why nothing could be measured', async () => {
    const engine = new FakeEngine();
    engine.benchmark = () => Promise.reject(new AppError('gpu/out-of-memory', 'No memory for it.'));
    const { user } = await openBenchmark(engine);
    await user.click(runButton());
    expect(await screen.findByText(/No memory for it/)).toBeTruthy();
  });

  it('says that a software adapter’s figures are no measure of speed', async () => {
    const adapter = { ...fakeInfo.adapter, isFallback: true };
    const engine = new FakeEngine({ info: { ...fakeInfo, adapter } });
    const { user } = await openBenchmark(engine);
    expect(screen.getByText(/no measure of speed/)).toBeTruthy();
    // Also beside the figures, while the model is loading again.
    engine.nextLoad = 'hold';
    await user.click(runButton());
    await screen.findByRole('row', { name: /Long prompt/ });
    expect(screen.getByRole('progressbar')).toBeTruthy();
    expect(screen.getByText(/no measure of speed/)).toBeTruthy();
  });

  it('has nothing to compare where only one engine runs the model, and says so', async () => {
    const { session } = await openBenchmark(new FakeEngine());
    await act(() => session.load('https://a.example/own-phi/'));
    expect(screen.getByText(/nothing to choose or compare/)).toBeTruthy();
  });

  it('does not say so of what llama.cpp runs as well, which it offers', async () => {
    await openBenchmark(new FakeEngine());
    expect(screen.getByRole('checkbox', { name: /llama\.cpp/ })).toBeTruthy();
    expect(screen.queryByText(/nothing to choose or compare/)).toBeNull();
  });
});
