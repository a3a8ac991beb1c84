/** A copy of the build in which one mutant at a time stands, and the tests that run on it. */
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clearTimeout, setTimeout } from 'node:timers'

export class Workshop {
  #folder

  /** @param folder made anew; everything but the build is a link to the checkout. */
  constructor(root, folder) {
    this.#folder = folder
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(root)) {
      if (!/^(build.*|coverage|\.git)$/.test(name)) symlinkSync(join(root, name), join(folder, name))
    }
    cpSync(join(root, 'build'), join(folder, 'build'), { recursive: true })
  }

  /** Of the compiled program. */
  get sources() {
    return join(this.#folder, 'build/src')
  }

  /** Runs the body while the mutant stands in the copy. */
  async with({ file, start, end, to }, body) {
    const path = join(this.sources, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.slice(0, start) + to + text.slice(end))
    try {
      return await body()
    } finally {
      writeFileSync(path, text)
    }
  }

  /**
   * Runs one test file.
   *
   * @param test its path below the checkout.
   * @returns `{ passed, tookMs }`; a file that takes longer than `timeoutMs` has not passed, and is ended with all that it started.
   */
  run(test, { timeoutMs, env = {} }) {
    const began = Date.now()
    const words = ['--enable-source-maps', '--test', '--test-reporter=dot', test]
    const child = spawn(process.execPath, words, {
      cwd: this.#folder,
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...env },
    })
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), timeoutMs)
    return new Promise((resolve) => {
      child.on('close', (status) => {
        clearTimeout(timer)
        resolve({ passed: status === 0, tookMs: Date.now() - began })
      })
    })
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
