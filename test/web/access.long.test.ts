import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import type { Browser, Page } from 'playwright-core'

import { violations } from './axe.ts'
import { hindrance, logIn, openBackups, openBrowser, openPage, picture } from './browser.ts'
import { MANUALS_BACKUP, PASSWORD, WebPlace } from './place.ts'

describe('the web page for everybody', { skip: hindrance() }, () => {
  let place: WebPlace
  let browser: Browser

  before(async () => {
    place = await WebPlace.make({ manners: { bootMs: 3000 }, target: { approval: { required: 1 } } })
    await place.installation.start()
    browser = await openBrowser()
  })

  after(async () => {
    await browser.close()
    await place.remove()
  })

  async function hasNoViolation(page: Page, state: string): Promise<void> {
    assert.deepEqual(await violations(page), [], state)
  }

  async function fitsIn(page: Page, width: number, state: string): Promise<void> {
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
    assert.ok(wide <= width, `${state} is ${wide} px wide`)
  }

  it('is used by the keyboard alone, with nothing that axe finds, and asks a second person', async () => {
    const { page } = await openPage(browser)
    await page.goto(place.url)
    await page.locator('input[name=username]').waitFor()
    await hasNoViolation(page, 'login')
    await page.keyboard.type('admin')
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.locator('.target-card .id').waitFor()
    await hasNoViolation(page, 'overview')

    await reach(page, '設定')
    await page.keyboard.press('Enter')
    await reach(page, 'バックアップ管理')
    await page.keyboard.press('Enter')
    await page.locator('table.backups').waitFor()
    await hasNoViolation(page, 'backups')

    await reach(page, `${MANUALS_BACKUP} をリストア`)
    await page.keyboard.press('Enter')
    await page.locator('dialog.restore-dialog').waitFor()
    await hasNoViolation(page, 'dialog')
    // Enter on what has the focus cancels; the focus is back on the button.
    await page.keyboard.press('Enter')
    await page.locator('dialog').waitFor({ state: 'detached' })
    assert.equal(await focused(page), `${MANUALS_BACKUP} をリストア`)
    await page.keyboard.press('Enter')
    await page.locator('dialog.restore-dialog').waitFor()
    await page.locator('dialog input[name=password]').focus()
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')

    // Four eyes: whoever asked for it cannot approve it.
    await page.getByRole('heading', { name: '承認待ち' }).waitFor()
    await hasNoViolation(page, 'approval')
    await page.getByRole('button', { name: '承認' }).click()
    await page.locator('.notice-bad').waitFor()
    await picture(page, 'approval')

    const second = await openPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await logIn(second.page, place.url, 'second')
    await second.page.goto(page.url())
    await second.page.getByRole('button', { name: '承認' }).click()
    await second.page.locator('.activity', { hasText: '起動' }).waitFor()
    await fitsIn(second.page, 360, 'progress')
    await hasNoViolation(second.page, 'progress, dark')
    await picture(second.page, 'progress-360-dark')

    await page.locator('.result').waitFor()
    await page.locator('.checklist li').last().waitFor()
    await hasNoViolation(page, 'result')
    await second.page.locator('.checklist li').last().waitFor()
    await fitsIn(second.page, 360, 'result')
    await hasNoViolation(second.page, 'result, dark')
    await picture(second.page, 'result-360-dark')
    await page.context().close()
    await second.page.context().close()
  })

  it('fits on a phone in every view, and in the dark', async () => {
    const { page } = await openPage(browser, { viewport: { width: 360, height: 740 }, colorScheme: 'dark' })
    await logIn(page, place.url)
    await page.locator('.target-card .id').waitFor()
    await fitsIn(page, 360, 'overview')
    await hasNoViolation(page, 'overview, dark')
    await picture(page, 'overview-360-dark')
    await openBackups(page)
    await fitsIn(page, 360, 'backups')
    await hasNoViolation(page, 'backups, dark')
    await picture(page, 'backups-360-dark')
    await page.getByRole('button', { name: `${MANUALS_BACKUP} をリストア` }).click()
    await page.locator('dialog.restore-dialog').waitFor()
    await hasNoViolation(page, 'dialog, dark')
    await picture(page, 'dialog-360-dark')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: `${MANUALS_BACKUP} をプレビュー` }).click()
    await page.getByRole('heading', { name: '手順' }).waitFor()
    await fitsIn(page, 360, 'preview')
    await hasNoViolation(page, 'preview, dark')
    await picture(page, 'preview-360-dark')
    await page.getByRole('link', { name: 'リストア履歴' }).click()
    await page.locator('table').waitFor()
    await fitsIn(page, 360, 'history')
    await hasNoViolation(page, 'history, dark')
    await picture(page, 'history-360-dark')
    await page.context().close()
  })
})

/** What has the focus is called so by a screen reader, near enough. */
async function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
  )
}

/** By the Tab key alone. */
async function reach(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 60; count += 1) {
    if ((await focused(page)) === name) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`${name} was not reached by the keyboard; the focus is on ${await focused(page)}`)
}
