// The product, built once and started the way it is started in earnest: published, and with everything switched on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dotnet, freePort, here, makeFolder, secret, sleep, start, stop } from './run.mjs';

export const token = 'esf_benchmark_0123456789abcdef0123456789abcdef';
export const admin = { email: 'admin@example.com', password: 'correct horse battery' };

let passwordFile;

/**
 * The builds to measure, as [name, folder]. PRODUCTS="before=/a after=/b" or PRODUCT=/a names published folders; without either
 * this working copy is published.
 */
export function products() {
  if (process.env.PRODUCTS) {
    return process.env.PRODUCTS.trim().split(/\s+/).map((item) => item.split(/=(.*)/s)).map(([name, folder]) => [name, resolve(folder)]);
  }
  if (process.env.PRODUCT) {
    return [['product', resolve(process.env.PRODUCT)]];
  }
  console.error('Publishing the product.');
  return [['product', publish(join(here, '..'))]];
}

/** Publishes the product of a working copy; returns the folder. Analyzers change nothing in it, and take most of the time. */
export function publish(copy) {
  const folder = join(makeFolder(), 'product');
  const project = join(copy, 'EsimFly.Dashboard');
  dotnet(['publish', '-c', 'Release', '-v', 'quiet', '-p:RunAnalyzers=false', '-o', folder, project], { cwd: copy });
  return folder;
}

/** Starts it on a data folder, with further settings. Its time to become ready counts from when the process is asked for. */
export async function startDesk(folder, data = join(makeFolder(), 'data'), settings = []) {
  mkdirSync(data, { recursive: true });
  if (!passwordFile) {
    passwordFile = join(makeFolder(), 'password');
    writeFileSync(passwordFile, admin.password);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const child = start('dotnet', [
    join(folder, 'EsimFly.Dashboard.dll'),
    `--urls=${url}`,
    `--Storage:Directory=${data}`,
    // Nothing stands before it that would end TLS.
    '--Webhooks:RequireHttps=false',
    `--Admin:Email=${admin.email}`,
    `--Admin:PasswordFile=${passwordFile}`,
    '--Api:Tokens:0:Name=benchmark',
    `--Api:Tokens:0:Token=${token}`,
    ...settings,
  ], { env: { ...process.env, ESIMFLY_WEBHOOK_SECRET: secret } });
  const desk = { child, url, data, pid: child.pid, folder };
  await untilAnswered(child, `${url}/health/ready`);
  desk.readyMs = performance.now() - startedAt;
  return desk;
}

/** Polls until an address answers with success. */
export async function untilAnswered(child, url, everyMs = 5) {
  for (let tries = 0; child.exitCode === null && tries < 600_000 / everyMs; tries++) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      if (response.ok) {
        return;
      }
    } catch {
      // It does not listen yet.
    }
    await sleep(everyMs);
  }
  throw new Error(`The process did not become ready.\n${child.output}`);
}

export const stopDesk = (desk) => stop(desk.child);

/** What /health/ready says: the overall status, and how many deliveries wait to be folded. */
export async function health(desk) {
  const response = await fetch(`${desk.url}/health/ready`);
  const text = await response.text();
  const { status, checks = {} } = JSON.parse(text);
  const words = Object.values(checks).map((check) => check.description ?? '').join(' ');
  const waiting = /(\d[\d,.]*)[^\d.]*deliver/i.exec(words);
  return { status, words, waiting: waiting ? Number(waiting[1].replaceAll(/[,.]/g, '')) : 0 };
}

/** Waits until nothing waits; returns how long that took, in ms. */
export async function untilFolded(desk, { everyMs = 50, patienceMs = 3_600_000, progress } = {}) {
  const from = performance.now();
  let reported = from;
  for (;;) {
    const { waiting, words } = await health(desk);
    const took = performance.now() - from;
    if (waiting === 0) {
      return took;
    }
    if (took > patienceMs || desk.child.exitCode !== null) {
      throw new Error(`The backlog is not folded: ${words}\n${desk.child.output}`);
    }
    if (progress && performance.now() - reported > 10_000) {
      reported = performance.now();
      progress(words);
    }
    await sleep(everyMs);
  }
}

/** Bytes that the process has caused to be written to disk. On tmpfs nothing is. */
export const writtenBytes = (pid) => Number(/^write_bytes: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))[1]);

/** Bytes that a folder takes on disk. */
export const keptBytes = (folder) => 1024 * Number(execFileSync('du', ['-sk', folder], { encoding: 'utf8' }).split('\t')[0]);

/** Resident memory and its peak, in MB. */
export function memory(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)[1]) / 1024;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}

/** Processor seconds that the process has used. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Reads an address of the read API; returns the answer and how long it took, in ms. */
export async function readApi(desk, path) {
  const from = performance.now();
  const response = await fetch(desk.url + path, { headers: { Authorization: `Bearer ${token}` } });
  const text = await response.text();
  const ms = performance.now() - from;
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`);
  }
  return { ms, answer: text.startsWith('{') ? JSON.parse(text) : text };
}

/** How many deliveries it keeps: they are numbered. */
export const countDeliveries = async (desk) => (await readApi(desk, '/api/v1/deliveries?limit=1')).answer.items[0]?.id ?? 0;
