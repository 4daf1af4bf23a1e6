// What holds where the owner of this copy has set up nothing.
import type { Floor } from '../../safety/floor';
import type { Deployer } from './deployer';

export const usualFloor: Floor = { level: 'standard', allowed: [], blocked: [], refusal: undefined };

export const nobody: Deployer = {
  storage: undefined,
  origins: [],
  readers: [],
  instructors: [],
  model: undefined,
  system: undefined,
  knowledge: undefined,
  contact: undefined,
  floor: usualFloor,
};
