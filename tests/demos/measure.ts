/**
 * Measures what pages of the built site cost a reader who comes for the first time, and prints the table of `docs/docs/where.md`:
 *
 *     pnpm --filter @sgm/tests measure
 */
import { availableParallelism } from 'node:os'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page, type Response } from 'playwright'
import { findChromium } from '../browser/chromium.ts'
import { serveSite } from './site.ts'

const pages = ['', 'learn/score', 'samplers/ddim', 'guides/memory', 'api/samplers/', 'ko/', 'ko/learn/score']
/** Of each page; what else the machine does makes some of them slower, and none quicker. */
const VISITS = 5

/** In the columns' order: kilobytes of compressed script, milliseconds three times, and the share of the window that moved. */
type Cost = readonly [
  script: number,
  firstPaint: number,
  largestPaint: number,
  blocked: number,
  shift: number,
]

interface Entry extends PerformanceEntry {
  readonly value?: number
}

/** What a browser has observed of one kind. */
function observed(
  page: Page,
  type: string,
): Promise<readonly Pick<Entry, 'startTime' | 'duration' | 'value'>[]> {
  return page.evaluate(
    (type) =>
      new Promise((resolve) => {
        new PerformanceObserver((list) =>
          resolve(
            list.getEntries().map((one) => {
              const { startTime, duration, value } = one as Entry
              return { startTime, duration, ...(value !== undefined && { value }) }
            }),
          ),
        ).observe({ type, buffered: true })
        setTimeout(resolve, 200, [])
      }),
    type,
  )
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

async function visit(browser: Browser, address: string): Promise<Cost> {
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  const scripts = new Map<string, Response>()
  page.on('response', (response) => {
    const prefetched = response.request().headers()['sec-purpose'] === 'prefetch'
    if (response.url().endsWith('.js') && !prefetched) scripts.set(response.url(), response)
  })
  await page.goto(address, { waitUntil: 'networkidle' })
  const [paints, largest, tasks, shifts] = [
    await observed(page, 'paint'),
    await observed(page, 'largest-contentful-paint'),
    await observed(page, 'longtask'),
    await observed(page, 'layout-shift'),
  ]
  const bodies = await Promise.all([...scripts.values()].map((script) => script.body()))
  await page.close()
  return [
    sum(bodies.map((body) => gzipSync(body, { level: 9 }).length)) / 1000,
    Math.max(...paints.map(({ startTime }) => startTime)),
    Math.max(...largest.map(({ startTime }) => startTime)),
    // Of a long task what is beyond 50 ms keeps a reader waiting.
    sum(tasks.map(({ duration }) => duration - 50)),
    sum(shifts.map(({ value = 0 }) => value)),
  ]
}

const site = await serveSite()
const browser = await chromium.launch(await findChromium())
console.log(`Chromium ${browser.version()}, ${availableParallelism()} cores, the least of ${VISITS} visits\n`)
console.log('| page | script, kB | first paint, ms | largest paint, ms | blocked, ms | layout shift |')
console.log('| --- | --: | --: | --: | --: | --: |')
for (const path of pages) {
  const visits: Cost[] = []
  for (let i = 0; i < VISITS; i++) visits.push(await visit(browser, site.address + path))
  const least = [0, 1, 2, 3, 4].map((column) => Math.min(...visits.map((costs) => costs[column]!)))
  const cells = least.map((value, column) => value.toFixed(column === 4 ? 3 : 0))
  console.log(`| \`/${path}\` | ${cells.join(' | ')} |`)
}
await browser.close()
site.close()
