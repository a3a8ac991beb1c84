/**
 * Loaded by NODE_OPTIONS into the daemon and its children while the sweep runs: the product is not touched. It tells which
 * threads a process has, and has strace attached to the one thread and the one operation that the sweep aims at, before the
 * first line of that operation. MODOSU_SWEEP is the sweep's folder: `aim.json` is read, `processes` and `operations` are
 * appended to.
 */
const { spawn } = require('node:child_process')
const fs = require('node:fs')
const { join } = require('node:path')
const { isMainThread } = require('node:worker_threads')

const folder = process.env.MODOSU_SWEEP
const ATTACH_MS = 20_000

/** One thread in libuv's pool (UV_THREADPOOL_SIZE=1) is started by the first asynchronous call. */
function startPoolThread() {
  const before = new Set(fs.readdirSync('/proc/self/task'))
  fs.stat('/', () => undefined)
  for (;;) {
    const added = fs.readdirSync('/proc/self/task').find((thread) => !before.has(thread))
    if (added !== undefined) return added
  }
}

function aim() {
  try {
    return JSON.parse(fs.readFileSync(join(folder, 'aim.json'), 'utf8'))
  } catch {
    return null
  }
}

/** Resolves nothing asynchronously on purpose: when this returns, strace sees every call of the thread. */
function attach({ words, thread, safety }, pool) {
  const tid = thread === 'main' ? String(process.pid) : pool
  const filled = words.map((word) => word.replaceAll('{safety}', safety ?? '{safety}'))
  spawn('strace', [...filled, '-p', tid], { stdio: 'ignore', detached: true, env: { PATH: process.env.PATH } }).unref()
  const end = Date.now() + ATTACH_MS
  while (/^TracerPid:\t0$/m.test(fs.readFileSync(`/proc/self/task/${tid}/status`, 'latin1'))) {
    if (Date.now() > end) throw new Error('strace does not attach')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
  }
}

/** How often this operation has been begun since the sweep emptied the file, this time included. */
function occurrence(operation) {
  const file = join(folder, 'operations')
  fs.appendFileSync(file, `${operation} ${process.pid}\n`)
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line.startsWith(`${operation} `)).length
}

function beginOperation({ operation, argument }, pool) {
  const nth = occurrence(operation)
  // A mark in a recorded trace: what comes after it belongs to this operation.
  fs.existsSync(`/modosu-sweep/${operation}/${nth}`)
  const wanted = aim()
  if (wanted === null || wanted.operation !== operation || wanted.occurrence !== nth) return
  const to = argument?.to ?? argument?.files?.[0]?.to
  attach({ ...wanted, safety: to === undefined ? undefined : to.slice(to.lastIndexOf('/') + 1) }, pool)
}

if (isMainThread && folder !== undefined && /\/(main|child)\.js$/.test(process.argv[1] ?? '')) {
  const pool = startPoolThread()
  const role = process.argv[1].endsWith('/main.js') ? 'daemon' : 'child'
  fs.appendFileSync(join(folder, 'processes'), `${role} ${process.pid} ${pool}\n`)
  if (role === 'daemon') {
    const wanted = aim()
    if (wanted !== null && wanted.operation === 'daemon' && wanted.atStart) attach(wanted, pool)
  } else {
    const emit = process.emit
    process.emit = function (name, ...rest) {
      if (name === 'message' && typeof rest[0]?.operation === 'string') beginOperation(rest[0], pool)
      return emit.call(this, name, ...rest)
    }
  }
}
