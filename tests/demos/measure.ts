/**
 * Measures what pages of the built site cost a reader who comes for the first time, as a table:
 *
 *     pnpm --filter @sgm/tests measure
 */
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from 'playwright'
import { findChromium } from '../browser/chromium.ts'
import { serveSite } from './site.ts'

const pages = ['', 'learn/score', 'samplers/ddim', 'guides/memory', 'api/samplers/', 'ko/learn/score']

/** What a browser has observed of one kind: of long tasks what is beyond 50 ms, of shifts the share of the window. */
function observed(page: Page, type: 'longtask' | 'layout-shift'): Promise<number> {
  return page.evaluate(
    (type) =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const entries = list.getEntries() as (PerformanceEntry & { readonly value?: number })[]
          resolve(entries.reduce((sum, { duration, value }) => sum + (value ?? duration - 50), 0))
        }).observe({ type, buffered: true })
        setTimeout(resolve, 200, 0)
      }),
    type,
  )
}

const site = await serveSite()
const browser = await chromium.launch(await findChromium())
console.log(
  '| page | script, kB | first paint, ms | blocked, ms | layout shift |\n| --- | --- | --- | --- | --- |',
)
for (const path of pages) {
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  const scripts = new Map<string, number>()
  page.on('response', async (response) => {
    const prefetched = response.request().headers()['sec-purpose'] === 'prefetch'
    if (response.url().endsWith('.js') && !prefetched) {
      scripts.set(response.url(), gzipSync(await response.body(), { level: 9 }).length)
    }
  })
  await page.goto(site.address + path, { waitUntil: 'networkidle' })
  const [blocked, shift] = [await observed(page, 'longtask'), await observed(page, 'layout-shift')]
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  )
  const kilobytes = [...scripts.values()].reduce((a, b) => a + b, 0) / 1000
  console.log(
    `| \`/${path}\` | ${kilobytes.toFixed(0)} | ${paint.toFixed(0)} | ${blocked.toFixed(0)} | ${shift.toFixed(3)} |`,
  )
  await page.close()
}
await browser.close()
site.close()
