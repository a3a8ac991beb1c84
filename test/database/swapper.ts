/**
 * Another user's process that owns a directory and puts links in the place of the files in it, as fast as it can. Argument: JSON
 * of `Swapping`. Prints `ready`, and goes on until it is killed.
 */

import { linkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs'

export interface Swapping {
  /** Paths that somebody else is about to make or to use. */
  readonly names: readonly string[]
  /** Where the links lead; one of them after the other. */
  readonly victims: readonly string[]
}

const { names, victims } = JSON.parse(process.argv[2] ?? '') as Swapping

function tried(act: () => void): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}

process.stdout.write('ready\n')
for (let turn = 0; ; turn += 1) {
  const name = names[turn % names.length] ?? ''
  const victim = victims[Math.floor(turn / names.length) % victims.length] ?? ''
  const taken = tried(() => {
    renameSync(name, `${name}.away`)
  })
  const planted = tried(() => {
    if (turn % 7 === 0) linkSync(victim, name)
    else symlinkSync(victim, name)
  })
  const until = performance.now() + (turn % 5) / 10
  while (performance.now() < until);
  if (planted) tried(unlinkSync.bind(null, name))
  if (taken) {
    tried(() => {
      renameSync(`${name}.away`, name)
    })
  }
}
