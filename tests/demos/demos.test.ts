import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { type Case, cases } from './cases.ts'
import { onGpu, onProcessor } from './on-gpu.ts'
import { visitSite } from './visitor.ts'

const site = visitSite()

interface Shown {
  readonly value: number
  readonly truth: number
}

/** The numbers that a demo shows once it has ended. */
async function numbers(page: Page, name: string): Promise<Readonly<Record<string, Shown>>> {
  const panel = page.locator(`[data-live="${name}"]`).first()
  await panel.getByRole('button').first().click()
  await panel.and(page.locator('[data-phase="done"], [data-phase="failed"]')).waitFor({ timeout: 100_000 })
  expect(await panel.getByRole('alert').allTextContents()).toEqual([])
  const facts = await panel.locator('[data-fact]').evaluateAll((all) =>
    all.map((one) => {
      const { fact, value, truth } = (one as HTMLElement).dataset
      return [fact, { value: Number(value), truth: Number(truth) }] as const
    }),
  )
  return Object.fromEntries(facts)
}

/** Runs a demo, and holds the numbers that it shows to the true ones. */
async function holds(
  { name, page: path, query = '', expected }: Case,
  engine: 'wasm' | 'gpu',
): Promise<Page> {
  const { page, complaints } = await site.open(`${path}?engine=${engine}&${query}`)
  const found = await numbers(page, name)
  for (const [fact, [truth, within]] of Object.entries(expected)) {
    const { value, truth: said } = found[fact]!
    expect(Math.abs(value - truth), `${fact}: ${value}`).toBeLessThanOrEqual(within)
    // Some numbers are shown with nothing beside them.
    if (!Number.isNaN(said)) expect(said, `${fact}, as it should be`).toBeCloseTo(truth, 2)
  }
  expect(complaints).toEqual([])
  return page
}

describe('live demos', () => {
  test.concurrent.each(onGpu)('$name of $page on WebGPU, by an adapter in software', async (one) => {
    const page = await holds(one, 'gpu')
    expect(await page.locator(`[data-live="${one.name}"]`).first().textContent()).toContain('WebGPU')
    await page.close()
  })

  test.concurrent.each(cases)('$name of $page on WebAssembly', async (one) => {
    const page = await holds(one, 'wasm')
    const text = await page.locator(`[data-live="${one.name}"]`).first().textContent()
    // A demo that runs on no GPU says why.
    expect(text!.includes('on the processor')).toBe(onProcessor.includes(one.name))
    await page.close()
  })
})
