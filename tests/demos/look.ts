/**
 * Takes pictures of the built site to be looked at: every kind of page and every demo after its run, in both languages and themes, on a
 * phone and on a desk:
 *
 *     pnpm --filter @sgm/tests look FOLDER [WORD…]
 *
 * Words choose among all written pages those whose addresses, with `en/` or `ko/` before them, have one of them. What is wider than its window is printed. Korean needs a Korean font on the machine.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { findChromium } from '../browser/chromium.ts'
import { type Case, cases } from './cases.ts'
import { goTo } from './go-to.ts'
import { kinds, written } from './kinds.ts'
import { serveSite } from './site.ts'

const [folder, ...wanted] = process.argv.slice(2)
if (!folder) throw new TypeError('look: expected FOLDER, got nothing')
const out = folder
const languages = { en: '', ko: 'ko/' } as const
const themes = ['light', 'dark'] as const
const widths = { phone: 360, desk: 1280 } as const
/** Of a picture of a page: what comes below is like what is above. */
const TALL = 3000
/** What a picture may take on a busy machine, in milliseconds. */
const PATIENCE = 300_000

const site = await serveSite()
const found = await findChromium()
// Without a GPU, not even one in software, pages are painted several times as fast.
const browser: Browser = await chromium.launch({ ...found, args: [...found.args, '--disable-gpu'] })
mkdirSync(out, { recursive: true })
for (const [name, language] of Object.entries(languages)) {
  const chosen = (path: string): boolean =>
    wanted.length === 0 || wanted.some((word) => `${name}/${path}`.includes(word))
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  page.setDefaultTimeout(PATIENCE)
  const pages = wanted.length === 0 ? kinds : [...new Set([...kinds, ...written()])].filter(chosen)
  for (const path of pages) await lookAtPage(page, language, path)
  for (const one of cases.filter(({ page }) => chosen(page))) await lookAtDemo(page, language, one)
  await page.close()
}
await browser.close()
site.close()

async function lookAtPage(page: Page, language: string, path: string): Promise<void> {
  await goTo(page, site.address + language + path)
  // Results of a search come later.
  await page.waitForLoadState('networkidle')
  await everyView(page, async (view) => {
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    const { width } = page.viewportSize()!
    const clip = { x: 0, y: 0, width, height: Math.min(height, TALL) }
    await page.screenshot({
      path: join(out, `${named(`page ${language}${path}`)}-${view}.png`),
      fullPage: true,
      clip,
    })
  })
}

async function lookAtDemo(
  page: Page,
  language: string,
  { name, page: path, query = '' }: Case,
): Promise<void> {
  await goTo(page, `${site.address}${language}${path}?engine=wasm&${query}`)
  // It would stand over what is taller than the window.
  await page.addStyleTag({ content: '.navbar { position: static }' })
  const panel = page.locator(`[data-live="${name}"]`).first()
  await panel.getByRole('button').first().click()
  await panel.and(page.locator('[data-phase="done"], [data-phase="failed"]')).waitFor()
  await everyView(page, async (view) => {
    await panel.screenshot({ path: join(out, `${named(`demo ${language}${name} ${path}`)}-${view}.png`) })
  })
}

/** Takes a picture in every theme and window, and tells what is too wide for it. */
async function everyView(page: Page, take: (view: string) => Promise<void>): Promise<void> {
  for (const [device, width] of Object.entries(widths)) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      await settled(page)
      await take(`${device}-${colorScheme}`)
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > width) console.log(`${page.url()}: ${wide} px wide on a ${device} of ${width}`)
  }
}

/** Pictures of demos are drawn anew by workers when the window changes. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame)
  })
}

function named(text: string): string {
  return text.replace(/[^\w]+/g, '-').replace(/-$/, '')
}
