/** What the manual prints for its commands, wherever they are sent. */

import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { it } from 'node:test'
import { promisify } from 'node:util'

import { makeBackup } from '../support/files.ts'
import type { Installation } from '../support/installation.ts'
import * as manual from './manual-commands.ts'

const run = promisify(execFile)
export const PASSWORD = 'correct horse battery staple'
/** The limit of the manual (Q6) is not what is tested here. */
export const UNLIMITED = { rateLimit: { restores: 100, window: '1h' } }

/** @returns what is missing, for `skip`; false: nothing. */
export function missing(...programs: readonly string[]): string | false {
  const lacking = programs.filter((program) => spawnSync(program, ['-V']).error !== undefined)
  return lacking.length === 0 ? false : `${lacking.join(', ')} is missing`
}

/** Runs commands of the manual one after the other in one shell, with only the host put in. */
export async function shell(host: string, ...commands: readonly string[]): Promise<string> {
  const script = commands.join('\n').replaceAll(manual.HOST, host)
  const { stdout } = await run('bash', ['-c', `set -o pipefail\n${script}`], {
    env: { ...process.env, ADMIN_PASSWORD: PASSWORD },
  })
  return stdout
}

export function makeBackups({ backups }: Installation): void {
  makeBackup(backups, 'daily', '20260215_020015', { rows: 30 })
  makeBackup(backups, 'weekly', '20260209_030012', { rows: 20 })
}

const RESTORED = (safety: string): string => `{
  "message": "Restore completed successfully",
  "data": {
    "status": "success",
    "restored_from": "BKP-20260215-020015-daily",
    "backup_before_restore": ${safety},
    "integrity_check": "passed",
    "message": "Database restored successfully. Please reload the application."
  }
}
`

const SAFETY = /"(\/[^"]*\/backups\/restore_safety_\d{14}(_\d+)?\.db)"/

export function comparesAsPrinted(host: () => string): void {
  it('prints a token (4.2 step 1, 11)', async () => {
    assert.match(await shell(host(), manual.LOGIN), /^Token: [\w.-]{20}\.\.\.\n$/)
    assert.match(await shell(host(), manual.LOGIN_WORKS), /^"[\w.-]{20,}"\n$/)
  })

  it('prints the list (4.2 step 2, Q5)', async () => {
    const [, ...lines] = (await shell(host(), manual.LOGIN, manual.LIST)).split('\n')
    assert.equal(
      lines.join('\n').replaceAll(/"file_size": \d+/g, '"file_size": N'),
      `{
  "backup_id": "BKP-20260215-020015-daily",
  "backup_type": "daily",
  "created_at": "2026-02-15T02:00:15.000Z",
  "file_size": N
}
{
  "backup_id": "BKP-20260209-030012-weekly",
  "backup_type": "weekly",
  "created_at": "2026-02-09T03:00:12.000Z",
  "file_size": N
}
`,
    )
    assert.match(await shell(host(), manual.LOGIN, manual.LIST_ALL), /"total": 2,/)
  })

  it('prints one backup, every field of it (4.2 step 3)', async () => {
    const [, ...lines] = (await shell(host(), manual.LOGIN, manual.SHOW)).split('\n')
    const shown = JSON.parse(lines.join('\n')) as Record<string, unknown>
    assert.deepEqual(Object.keys(shown), [
      'backup_id',
      'backup_type',
      'status',
      'file_path',
      'file_size',
      'checksum',
      'created_at',
    ])
    for (const [key, value] of Object.entries(shown)) assert.ok(value !== null, key)
  })

  it('prints the verification (6.2)', async () => {
    const [, ...lines] = (await shell(host(), manual.LOGIN, manual.VERIFY)).split('\n')
    assert.equal(
      lines.join('\n').replaceAll(/CHK-\d{8}-\d{6}/g, 'CHK-20260215-150530'),
      `{
  "total_checks": 2,
  "passed": 2,
  "failed": 0,
  "checks": [
    {
      "check_id": "CHK-20260215-150530-001",
      "backup_id": "BKP-20260215-020015-daily",
      "check_type": "file_exists",
      "status": "pass"
    },
    {
      "check_id": "CHK-20260215-150530-002",
      "backup_id": "BKP-20260215-020015-daily",
      "check_type": "checksum",
      "status": "pass"
    }
  ]
}
`,
    )
  })

  it('restores (4.2 step 4, 4.4)', async () => {
    const [, ...lines] = (await shell(host(), manual.LOGIN, manual.RESTORE)).split('\n')
    const [, path = ''] = SAFETY.exec(lines.join('\n')) ?? []
    assert.equal(lines.join('\n'), RESTORED(`"${path}"`))
    const [, ...waived] = (await shell(host(), manual.LOGIN, manual.RESTORE_WITHOUT_SAFETY)).split('\n')
    assert.equal(waived.join('\n'), RESTORED('null'))
  })

  it('prints the health (4.2 step 5, 11)', async () => {
    const health = JSON.parse(await shell(host(), manual.HEALTH)) as Record<string, unknown>
    assert.deepEqual(Object.keys(health), ['status', 'timestamp', 'version'])
    assert.equal(health['status'], 'OK')
  })
}
