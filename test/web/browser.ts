/** Debian's chromium, driven by playwright-core; a test without it skips itself with the reason. */

import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

import { PAGE_FOLDER } from '../../src/api/page.ts'
import { PASSWORD } from './place.ts'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const executablePath = PATHS.find((path) => existsSync(path))

/** Pictures of what was seen, for a person to look at. */
export const PICTURES = fileURLToPath(new URL('../../../build/pictures/', import.meta.url))

/** Why the tests cannot run here; false: they can. */
export function hindrance(): string | false {
  if (executablePath === undefined) return 'there is no chromium here: apt-get install chromium'
  if (!existsSync(join(PAGE_FOLDER, 'index.html')))
    return 'the page was not built: node scripts/build-web.mjs build/src/web'
  return false
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface OpenedPage {
  readonly page: Page
  /** What the browser refused, and what failed in the page. */
  readonly faults: readonly string[]
}

export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  const context = await browser.newContext({
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(180_000)
  const faults: string[] = []
  page.on('pageerror', (error) => {
    faults.push(String(error))
  })
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|TrustedScript|TrustedHTML/i.test(message.text()))
      faults.push(message.text())
  })
  return { page, faults }
}

export async function logIn(page: Page, url: string, user = 'admin'): Promise<void> {
  await page.goto(url)
  await page.locator('input[name=username]').fill(user)
  await page.locator('input[name=password]').fill(PASSWORD)
  await page.locator('form button[type=submit]').click()
  await page.locator('nav.menu').waitFor()
}

/** The way of the manual (3.2, step 1). */
export async function openBackups(page: Page): Promise<void> {
  await page.getByRole('button', { name: '設定' }).click()
  await page.getByRole('link', { name: 'バックアップ管理' }).click()
  await page.locator('table.backups').waitFor()
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true })
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
}
