import { gzipSync } from 'node:zlib'
import type { Response } from 'playwright'
import { expect, test } from 'vitest'
import { visitSite } from './visitor.ts'

const site = visitSite()

test.each([
  ['', 300],
  ['ko/', 300],
  ['learn/score', 290],
  ['ko/learn/score', 290],
])('the page at %j loads no tensors, and less than %i kB, before a demo is started', async (path, most) => {
  const page = await site.stranger()
  const scripts = new Map<string, Response>()
  page.on('response', (response) => {
    // What is prefetched for other pages is no part of this one.
    const prefetched = response.request().headers()['sec-purpose'] === 'prefetch'
    if (response.url().endsWith('.js') && !prefetched) scripts.set(response.url(), response)
  })
  await page.goto(site.addressOf(path), { waitUntil: 'networkidle' })
  expect(
    await page.evaluate(() =>
      performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')),
    ),
  ).toEqual([])
  const bodies = await Promise.all([...scripts.values()].map((script) => script.body()))
  const total = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0)
  console.log(`/${path} before a start: ${Math.round(total / 1000)} kB of compressed script`)
  expect(total).toBeLessThan(1000 * most)
  await page.close()
})

test('a demo keeps what was chosen in its address, and shows it again', async () => {
  const { page } = await site.open('learn/langevin')
  const slider = page.locator('[data-live="langevin"] input[type="range"]')
  await slider.focus()
  await page.keyboard.press('ArrowRight')
  await page.waitForURL(/langevin\.epsilon=0\.85/)
  await page.reload()
  await expect
    .poll(() => page.locator('[data-live="langevin"] input[type="range"]').inputValue())
    .toBe('0.85')
  await page.close()
})

test('a demo says what is drawn, follows what is chosen, stops, and ends its worker when it is left', async () => {
  const { page } = await site.open('ko/learn/langevin?engine=wasm')
  const panel = page.locator('[data-live="langevin"]')
  await panel.getByRole('button', { name: '시작' }).click()
  await panel.locator('[data-fact="variance"]').waitFor()
  expect(page.workers()).toHaveLength(1)
  // Its address follows while it runs.
  await panel.getByRole('slider').press('ArrowRight')
  await page.waitForURL(/langevin\.epsilon=0\.85/)
  await panel.locator('[data-fact="variance"][data-truth^="1.739"]').waitFor()
  await panel.getByRole('button', { name: '멈춤' }).click()
  await expect
    .poll(() => panel.locator('[aria-live]').textContent())
    .toMatch(/멈췄습니다.*분산: [\d.]+, 참값 1\.739/)
  const ended = page.workers()[0]!.waitForEvent('close')
  await page.locator('a[href="/sgm/ko/"]').first().click()
  await page.waitForURL(/ko\/$/)
  await ended
  await page.close()
})

test('a reader of Korean is told in Korean that there is no page', async () => {
  const { page } = await site.open('ko/nowhere')
  await page.getByRole('heading', { name: '여기에는 페이지가 없습니다' }).waitFor()
  await page.close()
})

test('a recording shows its end, plays when it is asked to, and rests', async () => {
  const { page } = await site.open('ko/cli', { reducedMotion: 'no-preference' })
  const terminal = page.locator('[data-recording="cli"]')
  const screen = terminal.locator('pre')
  const end = await screen.textContent()
  expect(end).toContain('sgm log moons')
  await terminal.getByRole('button', { name: '재생' }).click()
  await expect.poll(() => screen.textContent()).toMatch(/^\$ sgm train .*\n?(training .*)?$/)
  await terminal.getByRole('button', { name: '멈춤' }).click()
  await terminal.getByRole('slider').press('End')
  expect(await screen.textContent()).toBe(end)
  await page.close()
})
