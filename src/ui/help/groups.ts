// Which question stands under which heading of the Help page, in the order in which a newcomer asks.

export const helpGroups = {
  phield: ['what_is_phield', 'difference', 'cost', 'account', 'license', 'name_meaning'],
  privacy: ['privacy', 'tracking', 'server', 'offline', 'internet', 'history', 'where_stored'],
  chat: [
    'abilities',
    'ask_story',
    'tasks',
    'files',
    'images',
    'stop',
    'new_chat',
    'regenerate',
    'edit',
    'copy',
    'mistakes',
    'context',
    'token',
    'temperature',
  ],
  models: [
    'better_answers',
    'which_models',
    'download_size',
    'resume',
    'free_space',
    'gguf',
    'larger_model',
    'model_link',
    'what_is_phi3',
    'mini_parameters',
    'phi3_license',
    'quantization',
  ],
  tiny: ['who_are_you', 'languages', 'tiny_size', 'your_parameters', 'training'],
  device: [
    'browsers',
    'phone',
    'install',
    'gpu',
    'speed',
    'webgpu',
    'no_webgpu',
    'engine',
    'webllm',
    'embed',
  ],
} as const;

export type HelpGroup = keyof typeof helpGroups;
export const groupNames = Object.keys(helpGroups) as HelpGroup[];
