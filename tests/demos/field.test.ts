import type { Locator } from 'playwright'
import { describe, expect, test } from 'vitest'
import { leadsOf } from '../../docs/src/field/mixture.ts'
import { visitSite } from './visitor.ts'

describe('the score of the start page', () => {
  test('is the gradient of the noised log-density', () => {
    const modes = [
      [-1, 0.5],
      [2, 1],
      [0.3, -1.2],
    ] as const
    const [width, sigma, h] = [0.3, 0.8, 1e-5]
    const variance = width ** 2 + sigma ** 2
    const logDensity = (x: number, y: number) =>
      Math.log(
        modes.reduce((sum, [a, b]) => sum + Math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * variance)), 0),
      )
    const leads = leadsOf(modes, width)
    for (const [x, y] of [
      [0, 0],
      [1.3, -0.4],
      [-2, 3],
    ] as const) {
      const [toX, toY] = leads(x, y, sigma)
      expect((toX - x) / variance).toBeCloseTo((logDensity(x + h, y) - logDensity(x - h, y)) / (2 * h), 6)
      expect((toY - y) / variance).toBeCloseTo((logDensity(x, y + h) - logDensity(x, y - h)) / (2 * h), 6)
    }
  })

  test('is finite where every density is zero in floats', () => {
    expect(
      leadsOf(
        [
          [0, 0],
          [1, 0],
        ],
        0.01,
      )(100, 0, 0),
    ).toEqual([1, 0])
  })
})

describe('the field of the start page', () => {
  const site = visitSite()

  const picture = (canvas: Locator) => canvas.evaluate((one) => (one as HTMLCanvasElement).toDataURL())

  test('moves by itself, and rests while it is paused', async () => {
    const { page, complaints } = await site.open('', { reducedMotion: 'no-preference' })
    const canvas = page.locator('[data-moves] canvas')
    const first = await picture(canvas)
    await expect.poll(() => picture(canvas)).not.toBe(first)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.locator('[data-moves="false"]').waitFor()
    expect(await rests(canvas)).toBe(true)
    expect(complaints).toEqual([])
    await page.close()
  })

  test('is drawn and rests where less motion is wanted, until it is asked to move', async () => {
    const { page } = await site.open('ko/')
    const canvas = page.locator('[data-moves="false"] canvas')
    await expect.poll(() => canvas.evaluate(painted)).toBe(true)
    expect(await rests(canvas)).toBe(true)
    await page.getByRole('button', { name: '재생' }).click()
    await page.locator('[data-moves="true"]').waitFor()
    await page.close()
  })

  test('rests out of sight', async () => {
    const { page } = await site.open('', {
      reducedMotion: 'no-preference',
      viewport: { width: 800, height: 300 },
    })
    const canvas = page.locator('[data-moves="true"] canvas')
    await page.keyboard.press('End')
    await expect.poll(() => canvas.evaluate((one) => one.getBoundingClientRect().bottom)).toBeLessThan(0)
    await expect.poll(() => rests(canvas)).toBe(true)
    await page.close()
  })
})

/** Whether three frames of the page change nothing. */
function rests(canvas: Locator): Promise<boolean> {
  return canvas.evaluate(async (one) => {
    const shown = () => (one as HTMLCanvasElement).toDataURL()
    const first = shown()
    for (let i = 0; i < 6; i++) await new Promise(requestAnimationFrame)
    return shown() === first
  })
}

function painted(canvas: Element): boolean {
  const { width, height } = canvas as HTMLCanvasElement
  const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? []
  return pixels.some((value) => value > 0)
}
