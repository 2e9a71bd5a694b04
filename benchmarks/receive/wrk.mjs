// One run of wrk over a file of signed requests.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from '../lib/run.mjs';

const script = join(dirname(fileURLToPath(import.meta.url)), 'receive.lua');

/** 64 connections that stay open, for so many seconds, from an offset in the file on. */
export async function blast(url, requests, offset, seconds) {
  const wrk = start('wrk', ['-t1', '-c64', `-d${seconds}s`, '--timeout', '10s', '-s', script, url], {
    env: { ...process.env, REQUESTS: requests, OFFSET: String(offset) },
  });
  if (await wrk.ended !== 0) {
    throw new Error(wrk.output);
  }
  const result = JSON.parse(wrk.output.trim().split('\n').at(-1));
  if (result.ended) {
    throw new Error('The file of deliveries is used up, and what followed were duplicates. Set MOST to more a second.');
  }
  const accepted = result.requests - result.refused;
  return { ...result, accepted, bad: result.refused + result.broken, rate: accepted / result.seconds };
}
