// Which architecture tensor names look like, for telling a person what a folder really is. Names as MLC-LLM's and
// Hugging Face's loaders write them; the first that fits counts, so the more special come first.
interface LookAlike {
  readonly architecture: string;
  readonly names: RegExp;
}

const lookAlikes: readonly LookAlike[] = [
  { architecture: 'GPT-NeoX', names: /^gpt_neox\./ },
  { architecture: 'RWKV', names: /^(model|rwkv)\.blocks\.|^blocks\.\d+\.att\./ },
  { architecture: 'Mamba', names: /\.(mixer|mamba)\.(A_log|x_proj|in_proj|conv1d)\b/ },
  { architecture: 'Mixtral', names: /\.(block_sparse_moe|experts?|moe)\./ },
  { architecture: 'Gemma', names: /\.(pre|post)_feedforward_layernorm\./ },
  { architecture: 'Qwen3', names: /^model\.layers\.\d+\.self_attn\.[qk]_norm\./ },
  { architecture: 'Qwen2', names: /^model\.layers\.\d+\.self_attn\.(c_attn\.|[qkv]_proj\.bias)/ },
  { architecture: 'Qwen', names: /^transformer\.h\.\d+\.mlp\.w[12]\./ },
  {
    architecture: 'Phi-2',
    names: /^transformer\.h\.\d+\.mixer\.Wqkv\.|^model\.layers\.\d+\.self_attn\.dense\./,
  },
  { architecture: 'GPT-2', names: /^(transformer\.)?h\.\d+\.attn\.c_attn\.|^(transformer\.)?wte\./ },
  { architecture: 'GPT-J', names: /^transformer\.h\.\d+\.attn\.(q_proj|k_proj|v_proj)\./ },
  { architecture: 'Llama', names: /^model\.(layers\.\d+\.self_attn|embed_tokens)\./ },
];

/** @returns undefined where the names tell nothing. */
export function looksLike(names: Iterable<string>): string | undefined {
  const all = [...names];
  return lookAlikes.find(({ names: pattern }) => all.some((name) => pattern.test(name)))?.architecture;
}
