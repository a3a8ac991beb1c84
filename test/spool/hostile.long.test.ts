import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { get as httpGet, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'

import { yamlCorpus } from '../manifest/yaml-corpus.ts'
import { createManifestParser } from '../../src/spool/parser-pool.ts'
import { Installation } from '../support/installation.ts'
import { freePort } from '../support/free-port.ts'
import { request, SpoolWorkplace } from './workplace.ts'

const parser = createManifestParser()
after(() => parser.close())

describe('an entry of the spool that is another file’s second name', () => {
  it('is refused until it has one name, as link and unlink leave it', async () => {
    await using place = new SpoolWorkplace(parser)
    const outside = join(place.root, 'outside.yaml')
    writeFileSync(outside, request('linked'))
    linkSync(outside, join(place.path, 'a.yaml'))
    await place.spool.start()
    assert.deepEqual(place.intake.names, [])
    assert.match(place.report('a.yaml').problems[0]?.message ?? '', /^has 2 hard links/)
    rmSync(outside)
    await place.afterMs(0)
    assert.deepEqual(place.intake.names, ['linked'])
    assert.deepEqual(place.reportNames(), [])
  })

  it('or a device is refused', async (context) => {
    await using place = new SpoolWorkplace(parser)
    const made = [
      ['zero.yaml', 'c', '1', '5'],
      ['loop.yaml', 'b', '7', '77'],
    ].map(([name = '', ...words]) => spawnSync('mknod', [join(place.path, name), ...words]).status)
    if (made.some((status) => status !== 0)) {
      context.skip('devices are made by root only')
      return
    }
    await place.spool.start()
    for (const name of ['zero.yaml', 'loop.yaml']) {
      assert.equal(place.report(name).problems[0]?.message, 'is a device, not a regular file')
    }
  })
})

describe('a daemon whose spool is flooded', () => {
  const count = Number(process.env['MODOSU_SPOOL_FILES'] ?? 300)
  const installation = new Installation({ live: { rows: 1 } })
  const { spool, state, folder } = installation
  after(() => installation.remove())

  const good = (name: string) =>
    stringify({
      apiVersion: 'modosu.dev/v1',
      kind: 'RestoreRequest',
      metadata: { name },
      spec: { target: 'app', confirm: true, suspend: true, source: { latest: {} } },
    })

  it('answers all the while, leaves it as it is, and says what is wrong with which file', async () => {
    const port = await freePort()
    installation.configure({ configuration: { metrics: { listen: `127.0.0.1:${port}` } } })
    const bad = yamlCorpus().filter(({ must, text }) => 'refuse' in must && !text.includes('\0'))
    const secret = join(folder, 'secret.yaml')
    writeFileSync(secret, 'password: open-sesame\n', { mode: 0o600 })
    await installation.start()
    for (let number = 0; number < count; number += 1) {
      const text = number % 3 === 0 ? good(`flood-${number}`) : (bad[number % bad.length]?.text ?? '')
      writeFileSync(join(spool, `f-${number}.yaml`), text)
    }
    symlinkSync(secret, join(spool, 'out.yaml'))
    linkSync(secret, join(spool, 'hard.yaml'))
    mkdirSync(join(spool, 'folder.yaml'))
    writeFileSync(
      Buffer.concat([Buffer.from(`${spool}/n`), Buffer.from([0xff, 0x0a]), Buffer.from('.yaml')]),
      good('odd'),
    )
    const before = listing(spool)

    const accepted = Math.ceil(count / 3)
    const rejected = count - accepted + 4
    const metric = async (label: string) => {
      const { text } = await ask({ host: '127.0.0.1', port, path: '/metrics' })
      return Number(new RegExp(`^modosu_spool_files\\{state="${label}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? -1)
    }
    let answers = 0
    for (let left = 60 * 60; ; left -= 1) {
      const alive = await ask({ host: '127.0.0.1', port, path: '/livez' })
      assert.equal(alive.status, 200, alive.text)
      const socket = await ask({ socketPath: join(state, 'api.sock'), path: '/apis/modosu.dev/v1/healthz' })
      assert.equal(socket.status, 200, socket.text)
      answers += 1
      if ((await metric('accepted')) === accepted && (await metric('rejected')) === rejected) break
      assert.ok(left > 0, `accepted ${await metric('accepted')}, rejected ${await metric('rejected')}`)
      await sleep(250)
    }
    assert.ok(answers > 0)

    const reports = readdirSync(join(state, 'status', '_rejected'))
    assert.equal(reports.length, rejected)
    for (const name of reports) {
      const text = readFileSync(join(state, 'status', '_rejected', name), 'utf8')
      assert.doesNotMatch(text, /open-sesame/, 'nothing from outside the spool')
      const { file, problems } = parse(text) as { file: string; problems: { line: number | null; message: string }[] }
      assert.ok(file.endsWith('.yaml') && problems.length > 0, name)
      for (const { message } of problems) assert.ok(message.length > 0, name)
    }
    assert.doesNotMatch(installation.log(), /open-sesame/)
    assert.deepEqual(listing(spool), before, 'the daemon only reads there')
    installation.drop('after', { source: { latest: {} }, suspend: true })
    assert.equal((await installation.when('after', ({ status }) => status.reason === 'Suspended')).phase, 'Pending')
  })
})

/** A connection of its own each time: on a busy machine one that was kept may be closed in the moment of its use. */
function ask(where: RequestOptions): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    httpGet({ ...where, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        resolve({ status: response.statusCode, text })
      })
    }).on('error', reject)
  })
}

/** Names, inodes and times of a directory. */
function listing(path: string): string[] {
  return readdirSync(path, { encoding: 'buffer' })
    .map((name) => {
      const { ino, mtimeMs, size } = statSync(Buffer.concat([Buffer.from(`${path}/`), name]))
      return `${name.toString('latin1')} ${ino} ${mtimeMs} ${size}`
    })
    .sort()
}
