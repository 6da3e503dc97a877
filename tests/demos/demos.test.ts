import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright'
import { describe, expect, test } from 'vitest'
import { visitSite } from './site.ts'

const site = visitSite()

/** A page of the site, and what it complained of. */
async function open(path: string): ReturnType<typeof site.newPage> {
  const { page, complaints } = await site.newPage()
  const home = site.addressOf('')
  page.on('request', (request) => request.url().startsWith(home) || complaints.push(request.url()))
  await page.goto(home + path, { waitUntil: 'networkidle' })
  return { page, complaints }
}

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

interface Case {
  readonly name: string
  readonly page: string
  readonly query?: string
  /** What each number should be, and how far from it a sample of this size may be. */
  readonly expected: Readonly<Record<string, readonly [truth: number, within: number]>>
}

const share = (n: number) => 4 * Math.sqrt((0.2 * 0.8) / n)
/** Of two modes at distance 1 from 0 with weights 1:4 and variance 0.06. */
const toyVariance = 0.06 + 1 - 0.6 ** 2

const cases: readonly Case[] = [
  {
    name: 'mixture',
    page: 'learn/score',
    query: 'mixture.factor=2',
    expected: { z: [2 * 2 * Math.PI * 1.5 ** 2, 1e-3], error: [0, 1e-4] },
  },
  {
    name: 'score-matching',
    page: 'learn/score',
    query: 'score-matching.objective=denoising&score-matching.steps=300',
    // −½E‖∇log p‖² of the modes with noise: a quadrature in Python. Learned in 300 steps it is near, and never below.
    expected: { objective: [-1.5286, 0.12] },
  },
  {
    name: 'langevin',
    page: 'learn/langevin',
    // Averaged over 60 states of 20 000 numbers.
    expected: { variance: [1 / (1 - 0.4), 0.02] },
  },
  {
    name: 'lost-weights',
    page: 'learn/langevin',
    query: 'lost-weights.dynamics=annealed',
    expected: { weight: [0.8, share(1280) + 0.02] },
  },
  {
    name: 'sde-paths',
    page: 'learn/sdes',
    // VP at the time 0.3: α = exp(−½(0.1 t + 9.95 t²)), and the data's variance 0.04 + 0.64.
    expected: { sde: [0.935, 0.05], ode: [0.935, 0.05] },
  },
  {
    name: 'predictor-corrector',
    page: 'learn/sampling',
    query: 'predictor-corrector.steps=40',
    expected: { weight: [0.8, share(3000) + 0.04], evaluations: [120, 0] },
  },
  {
    name: 'evaluations',
    page: 'learn/sampling',
    query: 'evaluations.sampler=uni-pc',
    expected: { weight: [0.8, share(4000)], variance: [toyVariance, 0.06], evaluations: [160, 0] },
  },
  {
    name: 'probability-flow',
    page: 'learn/likelihood',
    // log(0.2/(2π 0.06)) − (0.2² + 0.1²)/(2 · 0.06), the prior's mean of e^{−5} left out.
    expected: {
      exact: [Math.log(0.2 / (2 * Math.PI * 0.06)) - 0.05 / 0.12, 0.02],
      hutchinson: [Math.log(0.2 / (2 * Math.PI * 0.06)) - 0.05 / 0.12, 0.1],
      error: [0, 1e-3],
    },
  },
  {
    name: 'conditioning',
    page: 'learn/conditioning',
    // Given y = 1: 0.5/(0.7 + 0.09) and 0.7 − 0.5²/(0.7 + 0.09).
    expected: { mean: [0.5 / 0.79, 0.06], variance: [0.7 - 0.25 / 0.79, 0.06] },
  },
  {
    name: 'drawing',
    page: 'learn/sdes',
    query: 'drawing.steps=400',
    expected: { deviation1: [0.715, 0.12], deviation2: [0.797, 0.12] },
  },
  {
    name: 'digits',
    page: 'learn/tutorial',
    query: 'digits.steps=5',
    // The mean grey value of MNIST; that of sixteen images varies by a hundredth.
    expected: { grey: [0.1307, 0.05], evaluations: [5, 0] },
  },
  {
    name: 'particles',
    page: 'learn/sampling',
    query: 'particles.count=10&particles.steps=100',
    expected: { variance: [toyVariance, 0.05] },
  },
  {
    name: 'sampler',
    page: 'samplers/ddim',
    expected: { weight: [0.8, share(2000) + 0.02], evaluations: [40, 0] },
  },
  {
    name: 'sampler',
    page: 'samplers/mala',
    expected: { variance: [0.4, 4 * 0.4 * Math.sqrt(2 / 2000) + 0.01] },
  },
  { name: 'process', page: 'processes/rectified-flow', expected: { sde: [0.65, 0.05] } },
]

describe('live demos on WebAssembly', () => {
  test.concurrent.each(cases)('$name of $page', async ({ name, page: path, query = '', expected }) => {
    const { page, complaints } = await open(`${path}?engine=wasm&${query}`)
    const found = await numbers(page, name)
    for (const [fact, [truth, within]] of Object.entries(expected)) {
      expect(Math.abs(found[fact]!.value - truth), `${fact}: ${found[fact]?.value}`).toBeLessThanOrEqual(
        within,
      )
    }
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe('live demos on WebGPU', () => {
  test('a mixture on the adapter in software', async () => {
    const { page, complaints } = await open('learn/score?engine=gpu')
    const { z, error } = await numbers(page, 'mixture')
    expect(Math.abs(z!.value - 2 * Math.PI * 1.5 ** 2)).toBeLessThan(0.01)
    expect(error!.value).toBeLessThan(1e-4)
    expect(await page.locator('[data-live="mixture"]').textContent()).toContain('WebGPU')
    expect(complaints).toEqual([])
    await page.close()
  })
})

describe('a page with demos', () => {
  test('loads no tensors, and little, before one is started', async () => {
    const { page } = await site.newPage()
    const sizes: Record<string, number> = {}
    page.on('response', async (response) => {
      if (!response.url().endsWith('.js')) return
      // What is prefetched for other pages is no part of this one.
      if (response.request().headers()['sec-purpose'] === 'prefetch') return
      sizes[response.url()] = gzipSync(await response.body(), { level: 9 }).length
    })
    await page.goto(site.addressOf('learn/score'), { waitUntil: 'networkidle' })
    expect(
      await page.evaluate(() =>
        performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.wasm')),
      ),
    ).toEqual([])
    const total = Object.values(sizes).reduce((a, b) => a + b, 0)
    console.log(`learn/score before a start: ${Math.round(total / 1000)} kB of compressed script`)
    expect(total).toBeLessThan(300_000)
    await page.close()
  })

  test('keeps what was chosen in its address, and shows it again', async () => {
    const { page } = await open('learn/langevin')
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

  test('says what is drawn, stops, and ends its worker when it is left', async () => {
    const { page } = await open('ko/learn/langevin?engine=wasm')
    const panel = page.locator('[data-live="langevin"]')
    await panel.getByRole('button', { name: '시작' }).click()
    await panel.locator('[data-fact="variance"]').waitFor()
    expect(page.workers()).toHaveLength(1)
    await panel.getByRole('button', { name: '멈춤' }).click()
    await expect
      .poll(() => panel.locator('[aria-live]').textContent())
      .toMatch(/멈췄습니다.*분산: [\d.]+, 참값 1\.667/)
    await page.locator('a[href="/sgm/ko/"]').first().click()
    await page.waitForURL(/ko\/$/)
    await expect.poll(() => page.workers().length).toBe(0)
    await page.close()
  })
})
