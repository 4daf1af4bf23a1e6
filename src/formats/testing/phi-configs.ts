// mlc-chat-config.json of the real Phi family as gen_config writes them (long factors made up where the real list
// would only be 48 more numbers), for the parser's tests; and one of Llama 3.2 1B.

const convTemplate = {
  name: 'phi-3',
  system_template: '<|system|>\n{system_message}',
  system_message:
    'You are a helpful digital assistant. Please provide safe, ethical and accurate information to the user.',
  system_prefix_token_ids: [1],
  add_role_after_system_message: true,
  roles: { user: '<|user|>', assistant: '<|assistant|>' },
  role_templates: { user: '{user_message}', assistant: '{assistant_message}', tool: '{tool_message}' },
  messages: [],
  seps: ['<|end|>\n'],
  role_content_sep: '\n',
  role_empty_sep: '\n',
  stop_str: ['<|endoftext|>'],
  stop_token_ids: [2, 32000, 32001, 32007],
  function_string: '',
  use_function_calling: false,
};

export const phi3Mini = {
  version: '0.1.0',
  model_type: 'phi3',
  quantization: 'q4f16_1',
  model_config: {
    model_type: 'phi3',
    hidden_size: 3072,
    vocab_size: 32064,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    intermediate_size: 8192,
    rms_norm_eps: 1e-5,
    num_key_value_heads: 32,
    max_position_embeddings: 4096,
    position_embedding_base: 10000.0,
    rope_scaling: null,
    original_max_position_embeddings: 4096,
    context_window_size: 4096,
    prefill_chunk_size: 1024,
    head_dim: 96,
    tensor_parallel_shards: 1,
    max_batch_size: 80,
    tie_word_embeddings: false,
    partial_rotary_factor: 1.0,
  },
  vocab_size: 32064,
  context_window_size: 4096,
  sliding_window_size: -1,
  prefill_chunk_size: 1024,
  attention_sink_size: -1,
  tensor_parallel_shards: 1,
  temperature: 1.0,
  presence_penalty: 0.0,
  frequency_penalty: 0.0,
  repetition_penalty: 1.0,
  top_p: 1.0,
  tokenizer_files: ['tokenizer.model', 'tokenizer.json', 'added_tokens.json', 'tokenizer_config.json'],
  tokenizer_info: {
    token_postproc_method: 'byte_fallback',
    prepend_space_in_encode: true,
    strip_space_in_decode: true,
  },
  conv_template: convTemplate,
  pad_token_id: 32000,
  bos_token_id: 1,
  eos_token_id: [32000, 32001, 32007],
};

const factors = (top: number): number[] => Array.from({ length: 48 }, (_, i) => 1 + ((top - 1) * i) / 47);

export const phi35Mini = {
  ...phi3Mini,
  model_config: {
    ...phi3Mini.model_config,
    max_position_embeddings: 131072,
    rope_scaling: {
      long_factor: factors(64.3),
      short_factor: factors(1.2),
      type: 'longrope',
      rope_type: 'longrope',
      max_position_embeddings: 131072,
      original_max_position_embeddings: 4096,
    },
  },
};

export const phi4Mini = {
  ...phi35Mini,
  model_config: {
    ...phi35Mini.model_config,
    vocab_size: 200064,
    num_attention_heads: 24,
    num_key_value_heads: 8,
    head_dim: 128,
    tie_word_embeddings: true,
    partial_rotary_factor: 0.75,
  },
  vocab_size: 200064,
  conv_template: {
    ...convTemplate,
    name: 'phi-4',
    system_prefix_token_ids: [200022],
    stop_token_ids: [199999, 200020],
  },
};

export const llama32 = {
  ...phi3Mini,
  model_type: 'llama',
  model_config: {
    hidden_size: 2048,
    intermediate_size: 8192,
    num_attention_heads: 32,
    num_hidden_layers: 16,
    rms_norm_eps: 1e-5,
    vocab_size: 128256,
    tie_word_embeddings: true,
    position_embedding_base: 500000.0,
    rope_scaling: {
      factor: 32.0,
      high_freq_factor: 4.0,
      low_freq_factor: 1.0,
      original_max_position_embeddings: 8192,
      rope_type: 'llama3',
    },
    context_window_size: 131072,
    prefill_chunk_size: 8192,
    num_key_value_heads: 8,
    head_dim: 64,
    tensor_parallel_shards: 1,
    max_batch_size: 128,
  },
  vocab_size: 128256,
  context_window_size: 131072,
  prefill_chunk_size: 8192,
};
