// A test of the store in the lab: a folder of 12 MiB in six shards on the fault server, and times that are short.
import { test as base } from '@playwright/test';
import type { FaultServer } from './fault-server.mjs';
import { Lab, serveLab, shortTimes } from './lab.mjs';
import { makeModel } from './model.mjs';

export const MiB = 1024 * 1024;
export const settings = { ...shortTimes, partBytes: 256 * 1024, stallMs: 1_000 };

export const test = base.extend<{ server: FaultServer; lab: Lab }>({
  server: async ({}, provide) => {
    const server = await serveLab(makeModel({ totalMiB: 12, shardMiB: 2 }));
    await provide(server);
    await server.close();
  },
  lab: async ({ server }, provide) => {
    const lab = new Lab(server);
    await provide(lab);
    await lab.close();
  },
});
