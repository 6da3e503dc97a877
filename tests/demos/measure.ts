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

/** What a page tells of itself: milliseconds, and the share of the window by which things moved. */
interface Timings {
  readonly paint: number
  readonly blocked: number
  readonly shift: number
}

async function timingsOf(page: Page): Promise<Timings> {
  return page.evaluate(async () => {
    const entries = (type: string) =>
      new Promise<readonly PerformanceEntry[]>((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries()))
        observer.observe({ type, buffered: true })
        setTimeout(() => resolve([]), 200)
      })
    const [long, moved] = await Promise.all([entries('longtask'), entries('layout-shift')])
    return {
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      // Of each long task, what is beyond 50 ms.
      blocked: long.reduce((sum, { duration }) => sum + duration - 50, 0),
      shift: moved.reduce((sum, entry) => sum + (entry as unknown as { readonly value: number }).value, 0),
    }
  })
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
  const { paint, blocked, shift } = await timingsOf(page)
  const kilobytes = [...scripts.values()].reduce((a, b) => a + b, 0) / 1000
  console.log(
    `| \`/${path}\` | ${kilobytes.toFixed(0)} | ${paint.toFixed(0)} | ${blocked.toFixed(0)} | ${shift.toFixed(3)} |`,
  )
  await page.close()
}
await browser.close()
site.close()
