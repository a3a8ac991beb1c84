import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import { dutyOf } from '../../src/domain/papers/escalation.ts'
import { fieldLabel, REPORT_FIELDS, reportWords } from '../../src/domain/papers/report-words.ts'
import type { EscalationLevel } from '../../src/domain/resource.ts'
import { auditOfActor } from '../../src/controller/four-eyes.ts'
import { manualApi, type ManualApi } from '../api/manual/manual-door.ts'
import { Workplace } from '../cli/workplace.ts'
import { ENDINGS, record } from './endings.ts'
import { equalsGolden } from './golden.ts'
import { LEVELS, rowsOf, TEMPLATE } from './manual-texts.ts'

const API = '/apis/modosu.dev/v1/restorerequests'
const HOSTILE = `<script>alert(1)</script>"'&\u202e`

let place: Workplace
let api: ManualApi

before(async () => {
  place = new Workplace()
  const report = [
    'report:',
    '  links:',
    '    - { title: 手順書 OP-BKP-RST-001, url: "https://wiki.example.com/op-bkp-rst-001" }',
    '  contacts:',
    '    - { name: DBA 当番, contact: +81-3-0000-0000 }',
    '',
  ]
  writeFileSync(place.config, `${readFileSync(place.config, 'utf8')}${report.join('\n')}`)
  for (const ending of ENDINGS) record(place, ending)
  record(place, { name: 'hostile', spec: { requestedBy: HOSTILE, reason: HOSTILE }, phases: [], last: {} })
  api = await manualApi(place)
})

after(async () => {
  await api.close()
  place.close()
})

describe('the words of the report', () => {
  it('are the template of the manual, line for line', () => {
    const words = reportWords('ja')
    const [title, blank, ...lines] = TEMPLATE.split('\n')
    assert.deepEqual([title, blank], [words.title, ''])
    const labels = lines.filter((line) => line.startsWith('■')).map((line) => line.slice(0, line.indexOf(':') + 1))
    assert.deepEqual(
      REPORT_FIELDS.map((field) => fieldLabel(field, 'ja')),
      labels,
    )
    for (const choice of TEMPLATE.matchAll(/\[([^\]]+ \/ [^\]]+)\]/g)) {
      for (const word of (choice[1] ?? '').replaceAll(/（[^）]*）/g, '').split(' / ')) {
        const known = [...Object.values(words).filter((each) => typeof each === 'string'), 'バックアップID', '作成日時']
        assert.ok(known.includes(word), `${word} of the manual is no word of the report`)
      }
    }
  })

  it('name who is called and how soon as the manual does', () => {
    for (const [level = '', condition = '', responder, timeFrame] of rowsOf(LEVELS)) {
      const several = condition.startsWith('複数')
      const duty = dutyOf(level.replaceAll('*', '') as EscalationLevel, 'ja', several)
      assert.deepEqual([duty.responder, duty.timeFrame], [responder, timeFrame], condition)
    }
  })
})

describe('the report of a request', () => {
  for (const { name } of ENDINGS) {
    for (const lang of ['ja', 'en'] as const) {
      it(`${name}, in ${lang}`, async () => {
        const { code, stdout, stderr } = await place.run(['report', name, '--no-doctor', '--lang', lang])
        assert.deepEqual([code, stderr], [0, ''])
        equalsGolden(`report-${name}.${lang}.txt`, stdout)
      })
    }
  }

  it('has every field of the template in its order, and none without a word', async () => {
    for (const { name } of ENDINGS) {
      const { stdout } = await place.run(['report', name, '--no-doctor', '-o', 'json', '--lang', 'ja'])
      const { fields } = JSON.parse(stdout) as { fields: { key: string; value: string | string[] }[] }
      assert.deepEqual(
        fields.map(({ key }) => key),
        REPORT_FIELDS,
      )
      for (const { key, value } of fields) assert.notEqual([value].flat().join('').trim(), '', `${name}: ${key}`)
    }
  })

  it('names who acknowledged the result, and then nothing is left to do', async () => {
    const request = place.store.request('success')!
    const escalation = { level: 'L1', acknowledged: true } as const
    place.store.commit('success', {
      from: 'Succeeded',
      reason: 'acknowledge',
      message: 'acknowledged by bob',
      status: { escalation },
      audit: auditOfActor({ name: 'bob', via: 'socket' }, 'acknowledge', 'acknowledged by bob', request.uid),
    })
    const { stdout } = await place.run(['report', 'success', '--lang', 'ja'])
    assert.match(stdout, /^■ 追加対応の要否: なし（確認済み）$/m)
    assert.match(stdout, /^■ 対応者: bob$/m)
    assert.match(stdout, /結果を確認: bob/)
  })

  it('is one HTML file without a script, in which nothing that somebody wrote is more than text', async () => {
    const { stdout } = await place.run(['report', 'hostile', '-o', 'html', '--lang', 'ja'])
    assert.match(stdout, /^<!doctype html>\n<html lang="ja">/)
    assert.doesNotMatch(stdout, /<script|<link|<img|\ssrc=|\son\w+=/i)
    assert.ok(stdout.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u202e'), stdout)
    assert.match(stdout, /<a href="https:\/\/wiki\.example\.com\/op-bkp-rst-001" rel="noreferrer">手順書/)
  })

  it('has what the doctor finds now where the application did not work, and only there', async () => {
    const { code, stdout } = await place.run(['report', 'rollback-failed', '-o', 'json', '--lang', 'en'])
    assert.equal(code, 0)
    const { sections } = JSON.parse(stdout) as {
      sections: { key: string; title: string; table?: { columns: string[]; rows: string[][] } }[]
    }
    const doctor = sections.find(({ key }) => key === 'doctor')
    assert.match(doctor?.title ?? '', /^What the doctor finds now \(\d{4}-/)
    const found = doctor?.table?.rows.find(([, message = '']) => message.includes(place.database))
    assert.equal(found?.[0], 'broken', JSON.stringify(doctor))
    assert.notEqual(found[3], '')
    const text = await place.run(['report', 'success', '--lang', 'ja'])
    assert.doesNotMatch(text.stdout, /診断/)
    const japanese = await place.run(['report', 'rollback-failed', '--lang', 'ja'])
    assert.match(japanese.stdout, /【現在の診断結果（/)
  })

  it('is not there for a request that is not', async () => {
    const { code, stderr } = await place.run(['report', 'nobody', '--lang', 'en'])
    assert.equal(code, 5)
    assert.match(stderr, /restore request not found: nobody/)
  })
})

describe('the report over the API', () => {
  it('is JSON, text or HTML, by format or by Accept, in the language that is asked for', async () => {
    const json = await api.call('GET', `${API}/failed/report?lang=ja`)
    assert.deepEqual([json.status, json.body['kind'], json.body['level']], [200, 'RestoreReport', 'L1'])
    const text = await raw(`${API}/failed/report?format=text&lang=ja`)
    const printed = await place.run(['report', 'failed', '--lang', 'ja'])
    assert.match(String(text.headers['content-type']), /^text\/plain/)
    assert.equal(templateOf(text.body), templateOf(printed.stdout))
    const html = await raw(`${API}/failed/report`, { accept: 'text/html', 'accept-language': 'en' })
    assert.match(html.body, /<html lang="en">/)
    assert.match(String(html.headers['content-security-policy']), /default-src 'none'/)
  })

  it('is for those who may see the request', async () => {
    const { status } = await api.call('GET', `${API}/failed/report`, { role: 'viewer', target: 'other' })
    assert.equal(status, 403)
  })
})

function raw(url: string, headers: Readonly<Record<string, string>> = {}) {
  return api.app.inject({ method: 'GET', url, headers: { 'x-role': 'viewer', ...headers } })
}

/** The template without what a translator of the command line adds to it. */
function templateOf(text: string): string {
  return text.split('\n').slice(0, 3).join('\n')
}
