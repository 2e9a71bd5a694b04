// What every benchmark needs: builds, a folder of its own, processes that end with it.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = join(dirname(fileURLToPath(import.meta.url)), '..');
export const secret = 'whsec_benchmark';

const children = new Set();
const folders = new Set();

// However the benchmark ends, nothing that it started goes on and nothing that it wrote stays.
process.on('exit', () => {
  for (const child of children) {
    child.kill('SIGKILL');
  }
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
  }
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(1));
}
process.on('unhandledRejection', (fault) => {
  console.error(fault);
  process.exit(1);
});

/** A new folder, gone at the end. TMPDIR says on which disk. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'esimfly-benchmark-'));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

/** Runs a command to its end; what it prints is shown only where it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error || result.status !== 0) {
    throw new Error(`${command} ${args.join(' ')}\n${result.error ?? ''}${result.stdout ?? ''}${result.stderr ?? ''}`);
  }
  return result.stdout;
}

/**
 * Starts a process that ends with the benchmark at the latest. Not in the caller's folder, whose settings (appsettings.json) an app
 * on Kestrel would take for its own.
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { cwd: tmpdir(), stdio: ['pipe', 'pipe', 'pipe'], ...options });
  children.add(child);
  child.output = '';
  const note = (text) => {
    child.output = (child.output + text).slice(-20_000);
  };
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  child.ended = new Promise((ended) => child.on('close', (code) => {
    children.delete(child);
    ended(code);
  }));
  return child;
}

/** Asks a process to stop, and waits until it has. */
export async function stop(child) {
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 60_000);
  await child.ended;
  clearTimeout(patience);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export function freePort() {
  return new Promise((done) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Tools that Debian has, by their command. */
export function need(...tools) {
  const packages = { wrk: 'wrk', chromium: 'chromium', dotnet: 'the .NET 10 SDK', npm: 'npm' };
  const missing = tools.filter((tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) {
    throw new Error(`Missing: ${missing.map((tool) => packages[tool]).join(', ')}. On Debian: apt-get install -y wrk npm chromium`);
  }
}

/** The packages of package.json. */
export function needPackages() {
  if (!existsSync(join(here, 'node_modules'))) {
    need('npm');
    console.error('Installing the packages of package.json.');
    run('npm', ['install'], { cwd: here });
  }
}

/** Runs a command of the SDK. The servers that builds leave behind for the next one would run beside what is measured. */
export const dotnet = (args, options = {}) =>
  run('dotnet', args, { env: { ...process.env, MSBUILDDISABLENODEREUSE: '1', UseSharedCompilation: 'false' }, ...options });

/** Builds one of the small projects; returns the path of its assembly. */
export function build(project) {
  const folder = join(makeFolder(), project);
  dotnet(['publish', '-c', 'Release', '-v', 'quiet', '-o', folder, join(here, project)]);
  return join(folder, `${project}.dll`);
}

let loader;

/** Starts the load generator. One thread does all its socket work, so that it leaves the cores to what it measures. */
export function startLoad(command, options) {
  loader ??= build('load');
  return start('dotnet', [loader, command, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])], {
    env: {
      ...process.env,
      ESIMFLY_WEBHOOK_SECRET: secret,
      DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS: '1',
      DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT: '1',
      DOTNET_TieredPGO: '0',
    },
  });
}

/** Builds the load generator now, so that no build falls into a measurement. */
export const prepareLoad = () => (loader ??= build('load'));

/** Runs the load generator to its end; returns its result. */
export async function load(command, options) {
  const child = startLoad(command, options);
  const code = await child.ended;
  if (code !== 0) {
    throw new Error(child.output);
  }
  const result = child.output.trim().split('\n').at(-1);
  return result.startsWith('{') ? JSON.parse(result) : null;
}

/** How long the disk takes to take in a page for good, in ms, the median of fifty: what every durable receiver waits for. */
export function fsyncMs(folder) {
  const file = join(folder, 'fsync');
  const handle = openSync(file, 'w');
  const times = [];
  for (let i = 0; i < 50; i++) {
    writeSync(handle, Buffer.alloc(4096, i));
    const from = performance.now();
    fsyncSync(handle);
    times.push(performance.now() - from);
  }
  closeSync(handle);
  rmSync(file);
  return times.sort((a, b) => a - b)[25];
}

/** Settings from the environment, all of them whole numbers. */
export const setting = (name, otherwise) => Number(process.env[name] ?? otherwise);
