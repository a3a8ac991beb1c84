import Database from 'better-sqlite3'
import assert from 'node:assert/strict'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import type { Browser, Page } from 'playwright-core'

import { migrate } from '../support/application/migrations.ts'
import { hindrance, logIn, openBackups, openBrowser, openPage, picture } from './browser.ts'
import { makeSet, MANUALS_BACKUP, PASSWORD, WebPlace } from './place.ts'

const MARKUP = '"><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
/** Turns the text after it around: `gpj.exe` reads as `exe.jpg`. */
const OVERRIDE = '\u202e'
const LONG = 'x'.repeat(10_000)
/** The longest that a request may hold. */
const REASON = `${MARKUP}${OVERRIDE}gpj.exe`.padEnd(1024, 'W')
const REQUESTER = MARKUP.padEnd(128, 'W')
const HOSTILE_BACKUP = 'BKP-20260210-020010-manual'
const TABLE = `"${MARKUP.replaceAll('"', '""')}${OVERRIDE}rows"`
const CREATE = `CREATE TABLE ${TABLE} (id TEXT PRIMARY KEY, note TEXT)`
const WIDTHS = [1440, 360] as const

describe('the web page with hostile texts', { skip: hindrance() }, () => {
  let place: WebPlace
  let browser: Browser

  before(async () => {
    place = await WebPlace.make({ target: { dryRun: { samples: 'values' } } })
    const { backups } = place.installation
    // No backup has a name of other characters: the server lists none of these.
    writeFileSync(join(backups, 'daily', `app_daily_20260216_020015<img src=x onerror=alert(1)>${OVERRIDE}.db`), '')
    writeFileSync(join(backups, 'daily', `app_daily_20260217_020015${'W'.repeat(200)}.db`), '')
    // What a checksum file says is told as the reason why its backup cannot be restored.
    appendFileSync(
      place.fileOf('daily', '20260214_020010').replace(/\.db$/, '.sha256'),
      `${MARKUP}${OVERRIDE} ${'0'.repeat(64)} of ${LONG}\n`,
    )
    makeSet(backups, 'manual', '20260210_020010', (database) => {
      migrate(database)
      database.exec(CREATE)
      database.prepare(`INSERT INTO ${TABLE} VALUES (?, ?)`).run(`${MARKUP}${OVERRIDE}`, `${MARKUP}${OVERRIDE}${LONG}`)
    })
    const live = new Database(place.installation.database)
    live.exec(CREATE)
    live.close()
    await place.installation.start()
    browser = await openBrowser()
  })

  after(async () => {
    await browser.close()
    await place.remove()
  })

  /** Nothing became markup, nothing is turned around, and nothing is wider than the window. */
  async function isHarmless(page: Page, view: string): Promise<void> {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      assert.ok(wide <= width, `${view} is ${wide} px wide in a window of ${width} px`)
    }
    await picture(page, `hostile-${view}`)
    await page.setViewportSize({ width: 1440, height: 900 })
    assert.equal(await page.locator('#app img, #app script, dialog img, dialog script').count(), 0, view)
    assert.equal(await page.evaluate('String(window.pwned)'), 'undefined', view)
    assert.doesNotMatch(await page.locator('body').innerText(), /\u202e/, view)
  }

  it('lists no file of a hostile name, and shows what a checksum file holds as text', async () => {
    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    await page.locator('tr', { hasText: HOSTILE_BACKUP }).waitFor()
    assert.equal(await page.locator('tr', { hasText: /20260216|20260217/ }).count(), 0)
    await page.locator('tr', { hasText: 'BKP-20260214-020010-daily' }).locator('.why').waitFor()
    await isHarmless(page, 'backups')
    assert.deepEqual(faults, [])
    await page.context().close()
  })

  it('shows names of tables and rows in a preview as text', async () => {
    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    await page.getByRole('button', { name: `${HOSTILE_BACKUP} をプレビュー` }).click()
    await page.locator('table.figures').waitFor()
    const table = page.locator('details', { hasText: '<script>' })
    await table.locator('summary').click()
    assert.ok((await table.innerText()).includes(`${MARKUP}\\u202e`))
    await isHarmless(page, 'preview')
    assert.deepEqual(faults, [])
    await page.context().close()
  })

  it('says that a reason of 10,000 characters is refused and nothing was changed', async () => {
    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    const rows = place.incidents()
    await page.getByRole('button', { name: `${MANUALS_BACKUP} をリストア` }).click()
    const reason = page.locator('dialog input[name=reason]')
    // The field takes no more than the server does.
    await reason.fill(LONG)
    assert.equal((await reason.inputValue()).length, 1024)
    await page.evaluate(`document.querySelector('dialog input[name=reason]').removeAttribute('maxlength')`)
    await reason.fill(`${MARKUP}${OVERRIDE}${LONG}`)
    await page.locator('dialog input[name=password]').fill(PASSWORD)
    await page.getByRole('button', { name: /^実行/ }).click()
    await page.locator('dialog .notice-bad').waitFor()
    await page.locator('dialog').getByText('データベースは変更されていません。').waitFor()
    await isHarmless(page, 'refused')
    assert.equal(place.incidents(), rows)
    assert.deepEqual(faults, [])
    await page.context().close()
  })

  it('shows a requester and a reason as text in the result, the report and the history', async () => {
    const spec = { source: { backupId: MANUALS_BACKUP } }
    place.installation.drop('turned-around', { ...spec, requestedBy: `${OVERRIDE}nimda` })
    place.installation.drop('hostile', { ...spec, requestedBy: REQUESTER, reason: REASON })
    assert.equal((await place.installation.ended('hostile')).phase, 'Succeeded')
    // A requester is one line that reads as it is written: the server has taken no other.
    assert.equal((await place.installation.ended('turned-around')).phase, 'Rejected')

    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    await page.goto(`${place.url}/ui/requests/hostile`)
    await page.locator('.details dd', { hasText: REASON.replace(OVERRIDE, '\\u202e') }).waitFor()
    await page.locator('.details dd', { hasText: REQUESTER }).waitFor()
    await page.locator('.checklist li').last().waitFor()
    await isHarmless(page, 'result')
    await page.getByRole('button', { name: '報告書をコピー' }).click()
    await page.locator('dialog pre', { hasText: '<script>' }).waitFor()
    await isHarmless(page, 'report')
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'リストア履歴' }).click()
    // Who did it is who put the file there, whatever name it claims; what was refused is quoted.
    await page.locator('td.message', { hasText: '\\u202enimda' }).waitFor()
    await isHarmless(page, 'history')
    assert.deepEqual(faults, [])
    await page.context().close()
  })
})
