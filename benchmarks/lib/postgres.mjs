// A PostgreSQL server of the measurement's own: as it is installed, but for its memory, in a temporary folder on a free port.
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, makeFolder, removeFolder } from './run.mjs';

const installed = '/usr/lib/postgresql';
const isRoot = process.getuid() === 0;

export function tools() {
  const version = existsSync(installed) ? readdirSync(installed).sort((a, b) => Number(a) - Number(b)).at(-1) : undefined;
  if (!version) {
    console.error('PostgreSQL is not installed (Debian: apt-get install postgresql).');
    process.exit(2);
  }
  return join(installed, version, 'bin');
}

/** Starts a server with an empty database. */
export async function startServer() {
  const folder = makeFolder();
  const data = join(folder, 'server');
  mkdirSync(data);
  const port = await freePort();
  if (isRoot) {
    const [uid, gid] = ['-u', '-g'].map((of) => Number(execFileSync('id', [of, 'postgres'], { encoding: 'utf8' })));
    chownSync(data, uid, gid);
    execFileSync('chmod', ['711', folder]);
  }
  tool('initdb', '-D', data, '-E', 'UTF8', '--locale=C.UTF-8', '-A', 'trust', '-U', 'esimfly');
  tool('pg_ctl', '-D', data, '-w', '-l', join(data, 'server.log'), '-o',
    `-p ${port} -h 127.0.0.1 -k '' -c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB`, 'start');
  tool('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'esimfly', 'desk');
  return { data, folder, connection: `Host=127.0.0.1;Port=${port};Username=esimfly;Database=desk` };
}

export function stopServer(server) {
  tool('pg_ctl', '-D', server.data, '-m', 'immediate', '-w', 'stop');
  removeFolder(server.folder);
}

// The server refuses to be run by root.
function tool(name, ...args) {
  const command = [join(tools(), name), ...args];
  const all = isRoot ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command] : command;
  execFileSync(all[0], all.slice(1), { stdio: 'ignore', cwd: '/' });
}
