import { samplerPresets } from '@sgm/samplers'
import { bind } from '@sgm/score'
import { expect, it } from 'vitest'
import { drawSamples } from './sampling'
import { exactModel } from './testing'

const variance = 0.25
const shape = [4, 4, 1]
const names = Object.keys(samplerPresets)

it.each(names)('%s draws the law of its model', async (sampler) => {
  const { config, model } = exactModel(sampler === 'ald' ? 'sigma-t' : 'vp', shape, variance)
  const score = bind(model.network, {})
  const adaptive = ['ode', 'adaptive', 'ald'].includes(sampler)
  const drawing = {
    count: 64,
    sampler,
    score: () => score,
    ...(!adaptive && { steps: 60 }),
    ...(sampler === 'ode' && { numbers: { tolerance: 1e-3 } }),
  }
  const { x, evaluations } = await drawSamples(config, model, drawing, {})
  const values = Array.from(await x.data())
  expect(values).toHaveLength(64 * 16)
  const measured = values.reduce((a, v) => a + v * v, 0) / values.length
  // √(2/1024) is 4%; first-order samplers are off by a few percent more at 60 steps.
  expect(Math.abs(measured / variance - 1)).toBeLessThan(0.25)
  expect(evaluations).toBeGreaterThan(adaptive ? 5 : 59)
})

it('gives sample i the same bits whatever is drawn beside it', async () => {
  const { config, model } = exactModel('vp', [2, 1, 1], variance)
  const score = () => bind(model.network, {})
  const draw = async (count: number, seed = 0) => {
    const { x } = await drawSamples(config, model, { count, seed, sampler: 'em', steps: 5, score }, {})
    return Array.from(await x.data())
  }
  const many = await draw(70)
  expect(many).toHaveLength(140)
  expect(await draw(3)).toEqual(many.slice(0, 6))
  expect(await draw(3, 1)).not.toEqual(many.slice(0, 6))
  expect(many.slice(0, 12)).not.toEqual(many.slice(128))
})

it('shows states from the first to the last, and says how far it is', async () => {
  const { config, model } = exactModel('vp', [2, 1, 1], variance)
  const times: number[] = []
  const progress: string[] = []
  const frames = { count: 4, add: async (_: unknown, t: number) => void times.push(t) }
  await drawSamples(
    config,
    model,
    { count: 65, sampler: 'ddim', steps: 9, score: () => bind(model.network, {}), frames },
    { report: (_, done, total) => progress.push(`${done}/${total}`) },
  )
  expect(times).toHaveLength(4)
  expect(times[0]).toBe(1)
  expect(times.at(-1)).toBe(model.process.cutOffs.sample)
  expect([progress[0], progress.at(-1)]).toEqual(['0/18', '18/18'])
})

it('refuses samplers that do not fit', async () => {
  const { config, model } = exactModel('vp', [2], variance)
  const draw = (sampler: string, count = 1, numbers = {}) =>
    drawSamples(config, model, { count, sampler, numbers, score: () => bind(model.network, {}) }, {})
  await expect(draw('constructor')).rejects.toThrow(/^sgm: expected --sampler pc\|em\|.*, got constructor$/)
  await expect(draw('magic')).rejects.toThrow(/^sgm: expected --sampler pc\|em\|.*, got magic$/)
  await expect(draw('ald')).rejects.toThrow(
    'sgm: expected a process with α = 1, such as ve, sigma-t or edm with --sampler ald and --sde vp',
  )
  await expect(draw('deis', 1, { tolerance: 1e-3 })).rejects.toThrow(
    'sgm: expected --sampler adaptive or ode with --tolerance, got deis, which takes no number',
  )
  await expect(draw('pc', 1, { eta: 0 })).rejects.toThrow(
    'sgm: expected --sampler ddim with --eta, got pc, which takes --snr and --corrector-steps',
  )
  await expect(draw('em', 0)).rejects.toThrow('sgm: expected -n to be an integer >= 1, got 0')
})
