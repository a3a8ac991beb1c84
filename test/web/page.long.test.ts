import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'

import type { Browser, Page } from 'playwright-core'

import { hindrance, logIn, openBackups, openBrowser, openPage, picture } from './browser.ts'
import { characters, DIALOG, PROGRESS, result } from './manual.ts'
import { MANUALS_BACKUP, PASSWORD, WebPlace, WEEKLY_ROWS } from './place.ts'

const BOOT_MS = 3000
const WEEKLY = 'BKP-20260209-030012-weekly'

/** Runs in the browser. */
const INJECTION = `(() => {
  const tried = []
  const attempt = (what, act) => {
    try {
      act()
      tried.push(what + ': done')
    } catch {
      tried.push(what + ': refused')
    }
  }
  attempt('markup', () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.pwned=1">'))
  attempt('script', () => {
    const script = document.createElement('script')
    script.textContent = 'window.pwned=1'
    document.body.append(script)
  })
  return [...tried, String(window.pwned)]
})()`

describe('the web page', { skip: hindrance() }, () => {
  let place: WebPlace
  let browser: Browser

  before(async () => {
    place = await WebPlace.make({ manners: { bootMs: BOOT_MS } })
    await place.installation.start()
    browser = await openBrowser()
  })

  after(async () => {
    await browser.close()
    await place.remove()
  })

  /** Up to the yes. */
  async function askFor(page: Page, backup = MANUALS_BACKUP): Promise<void> {
    await page.getByRole('button', { name: `${backup} をリストア`, exact: true }).click()
    await page.locator('dialog.restore-dialog').waitFor()
  }

  async function execute(page: Page, password = PASSWORD): Promise<void> {
    await page.locator('dialog input[name=password]').fill(password)
    await page.getByRole('button', { name: /^実行/ }).click()
  }

  it('restores the way the manual has it (3.2), in its words, and goes on while the page is closed', async () => {
    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    const target = page.locator('.target-card')
    await target.locator('.id').waitFor()
    await target.getByText('バックアップの失敗がないか確認してください').waitFor()
    await target.locator('.badge-warn', { hasText: 'まだ実施されていません' }).waitFor()
    await target.getByText('リストアに必要').waitFor()
    await target.locator('.job time').waitFor()
    await picture(page, 'overview')
    await openBackups(page)
    await picture(page, 'backups')

    await askFor(page)
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'キャンセル')
    const dialog = page.locator('dialog.restore-dialog')
    const title = await dialog.locator('h2').innerText()
    assert.equal(characters(title + (await dialog.locator('.manual-text').innerText())), characters(DIALOG))
    assert.deepEqual(await dialog.locator('.dialog-buttons button').allInnerTexts(), ['キャンセル', '実行'])
    await picture(page, 'dialog')

    await execute(page, 'not the password')
    await page.getByText('パスワードが間違っています。').waitFor()
    assert.deepEqual(place.installation.events('app'), [])
    await execute(page)

    await page.locator('.activity', { hasText: 'アプリケーションの起動と正常応答を待っています' }).waitFor()
    const card = page.locator('.progress-card')
    const shown = (await card.locator('h2').innerText()) + (await card.locator('ol.steps').innerText())
    assert.equal(characters(shown), characters(PROGRESS))
    await picture(page, 'progress')
    const address = page.url()
    await page.close()

    // Another person's browser, without having been there before.
    const other = await openPage(browser)
    await logIn(other.page, place.url, 'second')
    await other.page.goto(address)
    const box = other.page.locator('.result .manual-text')
    await box.waitFor()
    const text = await box.innerText()
    const safety = /restore_safety_\d{14}\.db/.exec(text)?.[0] ?? ''
    assert.equal(characters(text), characters(result(safety)))
    assert.equal(await other.page.locator('.result .badge').first().innerText(), '正常稼働')
    assert.equal(place.incidents(), 300)
    await other.page.locator('.checklist li').last().waitFor()
    await picture(other.page, 'result')

    // The report is the command line's.
    await other.page.getByRole('button', { name: '報告書をコピー' }).click()
    const report = await other.page.locator('dialog pre').innerText()
    const name = decodeURIComponent(address.split('/').at(-1) ?? '')
    const { stdout } = place.installation.cli('report', name, '--lang', 'ja')
    assert.equal(report.trim(), stdout.trim())
    await other.page.keyboard.press('Escape')

    // A tick is kept with who set it, and the level is acknowledged.
    await other.page.getByRole('checkbox', { name: /ログインが可能か/ }).check()
    await other.page.getByText('second', { exact: false }).first().waitFor()
    await other.page.getByRole('button', { name: '確認済みにする' }).click()
    await other.page.locator('.acknowledgement .badge', { hasText: '確認済み' }).waitFor()
    assert.equal(place.installation.request(name)?.status.escalation?.acknowledged, true)
    assert.deepEqual([...faults, ...other.faults], [])
    await other.page.context().close()
  })

  it('undoes the last restore, after saying what comes back and what is lost', async () => {
    const rows = place.incidents()
    place.installation.drop('to-be-undone', { source: { backupId: WEEKLY } })
    assert.equal((await place.installation.ended('to-be-undone')).phase, 'Succeeded')
    assert.equal(place.incidents(), WEEKLY_ROWS)
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await page.getByRole('button', { name: '前回のリストアを取り消す' }).click()
    const dialog = page.locator('dialog', { hasText: '前回のリストアの取り消し' })
    await dialog.getByText(`リストア to-be-undone（${WEEKLY} を復元）`).waitFor()
    await dialog.getByText('失われるもの: リストアの完了後').waitFor()
    assert.equal(await page.evaluate('document.activeElement?.textContent'), 'キャンセル')
    await picture(page, 'undo')
    await dialog.locator('input[name=password]').fill(PASSWORD)
    await dialog.getByRole('button', { name: '取り消す' }).click()
    await page.locator('.result .manual-text', { hasText: 'リストアが完了しました' }).waitFor()
    assert.equal(place.incidents(), rows)
    await page.context().close()
  })

  it('shows before anything happens what a restore would take away, and changes nothing', async () => {
    const { page, faults } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    const before = place.incidents()
    await page.getByRole('button', { name: `${WEEKLY} をプレビュー` }).click()
    const row = page.locator('table.figures tr', { hasText: 'incidents' })
    await row.waitFor()
    const figures = await row.locator('td').allInnerTexts()
    assert.deepEqual(figures.slice(0, 2), [String(before), String(WEEKLY_ROWS)])
    await page.getByText('合格', { exact: true }).first().waitFor()
    await picture(page, 'preview')
    await page.getByRole('button', { name: 'このバックアップをリストア' }).click()
    await page.locator('dialog.restore-dialog', { hasText: WEEKLY }).waitFor()
    assert.equal(place.incidents(), before)
    assert.deepEqual(faults, [])
    await page.context().close()
  })

  it('loses nothing that was typed when the session ends', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    await askFor(page, WEEKLY)
    const reason = '<img src=x onerror=alert(1)> "誤操作" & <script>alert(2)</script>'
    await page.locator('dialog input[name=reason]').fill(reason)
    await page.context().clearCookies()
    await execute(page)
    const renewal = page.locator('dialog', { hasText: 'セッションの有効期限が切れました' })
    await renewal.waitFor()
    await picture(page, 'session-ended')
    await renewal.locator('input[name=password]').fill(PASSWORD)
    await renewal.getByRole('button', { name: 'ログイン' }).click()
    await page.locator('.result .manual-text').waitFor()
    // What somebody has typed is text wherever it is shown.
    await page.locator('.details dd', { hasText: reason }).waitFor()
    assert.equal(await page.locator('main img, main script').count(), 0)
    await page.context().close()
  })

  it('runs no script that stands in a document, whatever is put there', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    const outcome = await page.evaluate(INJECTION)
    assert.deepEqual(outcome, ['markup: refused', 'script: refused', 'undefined'])
    await page.context().close()
  })

  it('says of a damaged backup that it is damaged, and what to do instead', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    await page.getByRole('button', { name: 'BKP-20260213-020012-daily をチェック' }).click()
    const found = page.locator('dialog', { hasText: 'チェックに不合格の項目があります' })
    await found.waitFor()
    await picture(page, 'check')
    await found.getByRole('button', { name: '閉じる' }).click()
    const row = page.locator('tr', { hasText: 'BKP-20260213-020012-daily' })
    await row.getByText('別のバックアップを選択してください').waitFor()
    assert.equal(await row.getByRole('button', { name: /をリストア$/ }).isDisabled(), true)
    await page.context().close()
  })

  it('says that the database is untouched where a backup was damaged between the look and the yes', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    const rows = place.incidents()
    await askFor(page, 'BKP-20260201-040009-monthly')
    const file = place.fileOf('monthly', '20260201_040009')
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 8192, 12288)
    writeFileSync(file, bytes)
    await execute(page)
    const banner = page.locator('.result')
    await banner.getByText('リストアに失敗しました').waitFor()
    await banner.getByText('データベースは変更されていません。').waitFor()
    await picture(page, 'failed')
    assert.equal(place.incidents(), rows)
    await page.context().close()
  })

  it('says of a restore that was rolled back in which state the database is, and that the application is down', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    const rows = place.incidents()
    await askFor(page)
    place.application.behave({ refusesToStart: true })
    await execute(page)
    const banner = page.locator('.result')
    await banner.getByText('リストアに失敗し、ロールバックされました').waitFor()
    await banner.getByText('データベースはリストア前の状態に戻されました。').waitFor()
    assert.equal(await banner.locator('.states .badge').innerText(), '停止中')
    assert.equal(await banner.locator('.level').innerText(), 'L3')
    await picture(page, 'rolled-back')
    assert.equal(place.incidents(), rows)
    await page.getByRole('link', { name: '概要' }).click()
    await page.getByText('対応が必要です').waitFor()
    await picture(page, 'overview-bad')
    place.application.behave({ refusesToStart: false })
    place.application.run('start')
    await place.application.ready()
    await page.context().close()
  })

  it('shows where a restore is after the daemon was restarted in the middle of it', async () => {
    const { page } = await openPage(browser)
    await logIn(page, place.url)
    await openBackups(page)
    await askFor(page)
    await execute(page)
    await page.locator('.progress-card').waitFor()
    await place.installation.stop('SIGKILL')
    await page.getByText('接続が切れました').waitFor()
    await place.installation.start()
    await page.locator('.result').waitFor()
    const name = decodeURIComponent(page.url().split('/').at(-1) ?? '')
    const { phase } = await place.installation.ended(name)
    assert.equal(phase, 'Succeeded')
    await page.locator('.result', { hasText: 'リストアが完了しました' }).waitFor()
    await page.context().close()
  })

  it('speaks English too, remembers it, and lets a viewer look only', async () => {
    const { page } = await openPage(browser, { locale: 'en-GB' })
    await logIn(page, place.url, 'viewer')
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByRole('link', { name: 'Backup management' }).click()
    const button = page.getByRole('button', { name: `Restore ${MANUALS_BACKUP}` })
    await button.waitFor()
    assert.equal(await button.isDisabled(), true)
    await page.getByText('An administrator may restore (manual 2.1).').first().waitFor()
    await picture(page, 'viewer-english')
    await page.getByRole('button', { name: '日本語' }).click()
    await page.reload()
    await page.getByRole('heading', { name: 'バックアップ管理' }).waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'ja')
    await page.context().close()
  })
})
