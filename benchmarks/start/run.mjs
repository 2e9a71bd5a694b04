// Empty stores and, where STORE names one that history/run.sh has filled, that one.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as desks from '../lib/desk.mjs';
import { makeFolder, need, removeFolder } from '../lib/run.mjs';
import { median, number, print } from '../lib/table.mjs';

const times = Number(process.argv[2] ?? 5);
const given = process.env.STORE && resolve(process.env.STORE);
const store = given && (existsSync(join(given, 'data')) ? join(given, 'data') : given);

need('dotnet');
const products = desks.products();
const kinds = [['no store: it is made', null], ['an empty store', join(makeFolder(), 'data')]];
if (store) {
  kinds.push([`the given store, ${number(desks.keptBytes(store) / 1e6)} MB`, store]);
}

const taken = new Map();
for (let i = 0; i < times; i++) {
  for (const [kind, kept] of kinds) {
    for (const [name, folder] of products) {
      // Of an empty store each build has its own; a given one is opened by all, which is for builds of one format alone.
      const data = kept === null ? join(makeFolder(), 'data') : kept === store ? store : `${kept}-${name}`;
      if (kept !== null && kept !== store && i === 0) {
        await desks.stopDesk(await desks.startDesk(folder, data));
      }
      const desk = await desks.startDesk(folder, data);
      const key = `${name}, ${kind}`;
      taken.set(key, [...(taken.get(key) ?? []), desk.readyMs]);
      await desks.stopDesk(desk);
      if (kept === null) {
        removeFolder(join(data, '..'));
      }
    }
  }
}

print(
  `From asking for the process until GET /health/ready answers with success, ${times} times`,
  ['product, store', 'median ms', 'least ms', 'most ms'],
  [...taken].map(([key, values]) => [key, ...[median(values), Math.min(...values), Math.max(...values)].map((ms) => number(ms))]));
