import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../formats/mlc/parse-config';
import { phi35Mini, phi3Mini, phi4Mini } from '../../formats/testing/phi-configs';
import { hasLongFactors } from '../../model/weights/rope-table';
import { shapeOf } from './load-model';

const shape = (config: object): ReturnType<typeof parseConfig>['shape'] =>
  parseConfig(JSON.stringify(config)).shape;

describe('what a folder of MLC-LLM leaves out', () => {
  it('is the window of Phi-3-mini 4k: the catalogue knows it, of whatever address or imported folder', () => {
    expect(shape(phi3Mini).slidingWindow).toBeUndefined();
    expect(shapeOf(shape(phi3Mini)).slidingWindow).toBe(2047);
  });

  it('is no window of models that have long rope, or other sizes', () => {
    expect(shapeOf(shape(phi35Mini)).slidingWindow).toBeUndefined();
    expect(shapeOf(shape(phi4Mini)).slidingWindow).toBeUndefined();
    const fewer = { ...phi3Mini, model_config: { ...phi3Mini.model_config, num_hidden_layers: 31 } };
    expect(shapeOf(shape(fewer)).slidingWindow).toBeUndefined();
  });

  it('never stands above what the folder says', () => {
    const said = { ...phi3Mini, model_config: { ...phi3Mini.model_config, sliding_window: 512 } };
    expect(shapeOf(shape(said)).slidingWindow).toBe(512);
  });

  it('stays left out for a comparison with WebLLM, which has short rope factors only too', () => {
    const said = { ...phi35Mini, model_config: { ...phi35Mini.model_config, sliding_window: 512 } };
    const parity = shapeOf(shape(said), 'webllm');
    expect(parity.slidingWindow).toBeUndefined();
    expect(hasLongFactors(parity, 1e6)).toBe(false);
    expect(hasLongFactors(shapeOf(shape(said)), 4097)).toBe(true);
  });
});
