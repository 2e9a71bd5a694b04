// The commit to compare with, and its product, published from a git worktree that is gone afterwards.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { publish } from '../lib/desk.mjs';
import { here, makeFolder, run } from '../lib/run.mjs';

const copy = join(here, '..');
const git = (...args) => run('git', ['-C', copy, ...args]).trim();
const ask = (...args) => spawnSync('git', ['-C', copy, ...args], { encoding: 'utf8' }).stdout.trim();
const find = (name) => ask('rev-parse', '--verify', '--quiet', `${name}^{commit}`);

/** Names a commit by its hash and subject. */
export const describe = (commit) => git('log', '-1', '--format=%h %s', commit);

/** Whether the working copy differs from what is committed. New files count. */
export const hasChanges = () => git('status', '--porcelain').length > 0;

/**
 * The commit that a name means. Without a name: where this branch left main; on main itself HEAD if there are uncommitted changes, and
 * its parent if there are none.
 */
export function findBase(name) {
  if (name) {
    const commit = find(name);
    if (!commit) {
      throw new Error(`${name} is no commit.`);
    }
    return commit;
  }
  const head = find('HEAD');
  const main = find('main') || find('origin/main');
  const fork = main && ask('merge-base', head, main);
  if (fork && fork !== head) {
    return fork;
  }
  return hasChanges() ? head : find('HEAD^') || head;
}

/** Publishes the product as it is in a commit; returns the folder. */
export function publishCommit(commit) {
  const worktree = join(makeFolder(), 'base');
  const remove = () => spawnSync('git', ['-C', copy, 'worktree', 'remove', '--force', worktree]);
  process.on('exit', remove);
  try {
    git('worktree', 'add', '--quiet', '--detach', worktree, commit);
    return publish(worktree);
  } finally {
    remove();
    process.off('exit', remove);
  }
}
