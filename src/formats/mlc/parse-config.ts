// mlc-chat-config.json -> ModelConfig: every number bounded, every string checked, so that nothing later has to
// doubt a dimension. Field names as MLC-LLM writes them (python/mlc_llm/interface/gen_config.py and
// model/{phi3,llama,qwen2}); names of Hugging Face's config.json are read where MLC's are absent.
import { Fields, parseJsonObject, type JsonSource } from '../json';
import type { Architecture, ConvTemplate, ModelConfig, ModelShape, Quantization } from '../model-config';
import { parseRope } from './parse-rope';
import { configFile, unsupported } from './unsupported';

export { configFile };

const source: JsonSource = {
  file: configFile,
  code: 'model/bad-config',
  advice: 'Use a model folder as MLC-LLM wrote it, or report this to whoever made the folder.',
};

/**
 * @param text the file's content.
 * @throws AppError `model/unsupported-arch` for another architecture or quantisation, `model/bad-config` else.
 */
export function parseConfig(text: string): ModelConfig {
  const root = parseJsonObject(text, source);
  const architecture = parseArchitecture(root);
  const quantization = parseQuantization(root, architecture);
  const model = root.fields('model_config');
  const contextOwner = root.has('context_window_size') ? root : model;
  if (contextOwner.raw('context_window_size') === -1) {
    throw unsupported('a sliding attention window', 'models with a fixed context_window_size');
  }
  const contextWindow = contextOwner.integer('context_window_size', { min: 16, max: 1 << 20 });
  const chunkOwner = root.has('prefill_chunk_size') ? root : model;
  const prefillChunk = chunkOwner.has('prefill_chunk_size')
    ? chunkOwner.integer('prefill_chunk_size', { min: 1, max: 1 << 20 })
    : contextWindow;
  const shape = parseShape(root, model, architecture, quantization);
  return {
    shape,
    contextWindow,
    prefillChunk: Math.min(prefillChunk, contextWindow),
    defaults: {
      temperature: root.has('temperature') ? root.number('temperature', { min: 0, max: 100 }) : 1,
      topP: root.has('top_p') ? root.number('top_p', { min: 1e-6, max: 1 }) : 1,
      repetitionPenalty: root.has('repetition_penalty')
        ? root.number('repetition_penalty', { min: 1e-3, max: 100 })
        : 1,
    },
    template: parseTemplate(root, shape.vocab),
    tokenizerFiles: parseTokenizerFiles(root),
  };
}

const architectures: readonly Architecture[] = ['phi3', 'llama', 'qwen2'];

function parseArchitecture(root: Fields): Architecture {
  const modelType = root.string('model_type', { maxChars: 100 });
  const architecture = architectures.find((known) => known === modelType);
  if (architecture) return architecture;
  throw unsupported(
    `the architecture ${JSON.stringify(modelType)}`,
    'text models of the types "phi3" (Phi-3, Phi-3.5-mini, Phi-4-mini), "llama" and "qwen2"',
  );
}

function parseQuantization(root: Fields, architecture: Architecture): Quantization {
  const quantization = root.string('quantization', { maxChars: 100 });
  if (quantization !== 'q4f16_1' && quantization !== 'q4f32_1') {
    throw unsupported(`the quantisation ${JSON.stringify(quantization)}`, 'q4f16_1 and q4f32_1');
  }
  // Matrices with a bias have their scales as halves: see model/weights.
  if (quantization === 'q4f32_1' && architecture === 'qwen2') {
    throw unsupported('the quantisation "q4f32_1" of a Qwen2 model', 'those in q4f16_1, on any GPU');
  }
  return quantization;
}

function parseShape(
  root: Fields,
  model: Fields,
  architecture: Architecture,
  quantization: Quantization,
): ModelShape {
  if (model.has('tensor_parallel_shards') && model.raw('tensor_parallel_shards') !== 1) {
    throw model.error(
      'tensor_parallel_shards',
      'should be 1: the weights of this folder are split over GPUs',
    );
  }
  // Every matrix is quantised in groups of 32 along its inputs, so each input length is a multiple of 32.
  const hidden = multipleOf32(model, 'hidden_size', model.integer('hidden_size', { min: 32, max: 32768 }));
  const intermediate = multipleOf32(
    model,
    'intermediate_size',
    model.integer('intermediate_size', { min: 32, max: 131072 }),
  );
  const heads = model.integer('num_attention_heads', { min: 1, max: 512 });
  const kvHeads =
    model.has('num_key_value_heads') && model.raw('num_key_value_heads') !== 0
      ? model.integer('num_key_value_heads', { min: 1, max: heads })
      : heads;
  if (heads % kvHeads !== 0) {
    throw model.error('num_key_value_heads', `is ${kvHeads}, which does not divide the ${heads} heads`);
  }
  const headDim =
    model.has('head_dim') && model.raw('head_dim') !== 0
      ? model.integer('head_dim', { min: 8, max: 512 })
      : hidden / heads;
  if (!Number.isInteger(headDim) || headDim % 8 !== 0 || headDim > 512) {
    throw model.error('head_dim', `is ${headDim}; it should be a multiple of 8 up to 512`);
  }
  multipleOf32(model, 'num_attention_heads x head_dim', heads * headDim);
  if (model.has('hidden_act') && model.raw('hidden_act') !== 'silu') {
    throw unsupported(`the activation ${JSON.stringify(model.raw('hidden_act'))}`, '"silu"');
  }
  if (model.raw('attention_bias') === true) {
    throw unsupported('attention with biases (attention_bias)', 'attention without');
  }
  return {
    layers: model.integer('num_hidden_layers', { min: 1, max: 256 }),
    hidden,
    intermediate,
    heads,
    kvHeads,
    headDim,
    vocab: (model.has('vocab_size') ? model : root).integer('vocab_size', { min: 2, max: 1 << 20 }),
    rmsNormEps: model.number('rms_norm_eps', { min: 1e-12, max: 1 }),
    ...parseRope(model, headDim),
    slidingWindow: parseWindow(root, model, architecture),
    tied: model.has('tie_word_embeddings') ? model.boolean('tie_word_embeddings') : false,
    quantization,
    ...(architecture !== 'phi3' && { architecture }),
  };
}

/**
 * MLC says -1 for none at the top, where it means a window of its own making; what a model was trained with stands
 * among the names of Hugging Face, which MLC leaves out of what it writes.
 */
function parseWindow(root: Fields, model: Fields, architecture: Architecture): number | undefined {
  if (root.has('attention_sink_size') && Number(root.raw('attention_sink_size')) > 0) {
    throw unsupported('attention sinks (attention_sink_size)', 'windows without');
  }
  if (model.raw('use_sliding_window') === true) {
    throw unsupported('a window in some layers only (use_sliding_window)', 'windows of all layers');
  }
  const owner = [
    [root, 'sliding_window_size'],
    [model, 'sliding_window_size'],
    // Qwen2 has one written down that it does not use, Llama none.
    ...(architecture === 'phi3' ? [[model, 'sliding_window'] as const] : []),
  ] as const;
  const found = owner.find(([fields, name]) => fields.has(name) && fields.raw(name) !== -1);
  return found && found[0].integer(found[1], { min: 1, max: 1 << 24 });
}

function multipleOf32(model: Fields, name: string, value: number): number {
  if (value % 32 !== 0) throw model.error(name, `is ${value}; 4-bit weights need a multiple of 32`);
  return value;
}

function parseTemplate(root: Fields, vocab: number): ConvTemplate {
  if (typeof root.raw('conv_template') === 'string') {
    throw root.error('conv_template', 'is a bare name, as old folders have it; a full template is needed');
  }
  const template = root.fields('conv_template');
  const roles = template.fields('roles');
  const roleTemplates = template.has('role_templates') ? template.fields('role_templates') : undefined;
  const tokenIds = (name: string): number[] =>
    template.has(name) ? template.integers(name, 256, { min: 0, max: vocab - 1 }) : [];
  const text = (name: string, otherwise: string): string =>
    template.has(name) ? template.string(name) : otherwise;
  const roleTemplate = (name: 'user' | 'assistant'): string => {
    const placeholder = `{${name}_message}`;
    if (!roleTemplates?.has(name)) return placeholder;
    const value = roleTemplates.string(name);
    if (!value.includes(placeholder)) throw roleTemplates.error(name, `should contain ${placeholder}`);
    return value;
  };
  const seps = template.strings('seps', 2);
  if (seps.length === 0) throw template.error('seps', 'is empty; one or two separators are needed');
  const stopStrings = template.has('stop_str') ? template.strings('stop_str', 64) : [];
  return {
    name: text('name', ''),
    systemTemplate: text('system_template', '{system_message}'),
    systemMessage: text('system_message', ''),
    systemPrefixTokenIds: tokenIds('system_prefix_token_ids'),
    roles: { user: roles.string('user'), assistant: roles.string('assistant') },
    roleTemplates: { user: roleTemplate('user'), assistant: roleTemplate('assistant') },
    seps,
    // WebLLM's defaults for a template that leaves them out.
    roleContentSep: text('role_content_sep', ': '),
    roleEmptySep: text('role_empty_sep', ': '),
    // An empty stop string would end every answer before its first letter.
    stopStrings: stopStrings.filter((stop) => stop !== ''),
    stopTokenIds: [...new Set([...tokenIds('stop_token_ids'), ...endIds(root, vocab)])],
  };
}

/** `eos_token_id`, a number or a list: an end that the template forgot. What is no id of this model is left out. */
function endIds(root: Fields, vocab: number): number[] {
  const value = root.raw('eos_token_id');
  const listed: readonly unknown[] = Array.isArray(value) ? value : [value];
  return listed
    .slice(0, 256)
    .filter((id): id is number => typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < vocab);
}

function parseTokenizerFiles(root: Fields): readonly string[] {
  const files = root.strings('tokenizer_files', 64);
  if (!files.includes('tokenizer.json')) {
    throw root.error('tokenizer_files', 'lists no tokenizer.json, the only form this engine reads');
  }
  // Everything a tokenizer needs is in tokenizer.json; the other names are for other programs.
  return ['tokenizer.json'];
}
