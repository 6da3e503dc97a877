import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onnx } from '@sgm/backend-onnx'
import { readNpy } from '@sgm/data'
import { gaussian, gaussianMixture, networkOf } from '@sgm/score'
import { add, stack, type Tensor, tensor } from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadRun } from '../load-run'
import { loadScoreGuidedBy, type Trained } from '../model'
import { exactModel, temporaryFolder, trainTiny } from '../testing'
import { runClass } from './class'
import { runExport } from './export'
import { runLog } from './log'
import { runSample } from './sample'
import { runTrain } from './train'

const folder = await temporaryFolder()
const at = (name: string) => join(folder, name)
const classifier = { net: 'classifier', width: 8, batch: 16, steps: 8, evalEvery: 8 }

it('guided by the Bayes classifier of a mixture draws by the score of the component', async () => {
  const { model } = exactModel('edm', [2], 1)
  const means = [
    [-1, 0],
    [1, 0.5],
  ]
  const parts = means.map((mean) => gaussian({ mean, covariance: 0.3 }).diffused(model.process))
  const whole = gaussianMixture({ means, covariances: [0.3, 0.3], weights: [0.3, 0.7] }).diffused(
    model.process,
  )
  const bayes = (x: Tensor, t: Tensor) =>
    stack(
      parts.map((part, k) => add(part.logDensity(x, t), Math.log([0.3, 0.7][k]!))),
      1,
    )
  const trained = (f: (x: Tensor, t: Tensor) => Tensor): Trained => ({
    model: { ...model, network: networkOf({ parameters: {}, apply: (_, x, t) => f(x, t) }) },
    weights: {},
  })
  const guided = loadScoreGuidedBy(trained(bayes), trained(whole.score), onnx({ threads: 1 }), 1)
  const x = tensor([
    [0.2, 0.1],
    [-0.5, 0.6],
  ])
  const t = tensor([0.4, 2])
  const labels = tensor([1, 0], [2], 'int32')
  const [first, second] = await Promise.all(parts.map((part) => part.score(x, t).data()))
  await expectNear(await guided.score(labels)(x, t), [second![0]!, second![1]!, first![2]!, first![3]!])
  await guided.dispose()
})

describe('by a classifier', () => {
  beforeAll(async () => {
    await trainTiny(at('score'), { sde: 'edm' })
    await trainTiny(at('classifier'), classifier)
  }, 120_000)

  it('learns classes at every noise level, and goes on to the same bits', async () => {
    const checkpoint = (name: string) => readFile(join(at(name), 'checkpoint.safetensors'))
    await trainTiny(at('parts'), { ...classifier, steps: 5 })
    const { classifier: kind, evaluation } = await runTrain({ out: at('parts'), steps: 8, threads: 1 })
    expect(Buffer.compare(await checkpoint('parts'), await checkpoint('classifier'))).toBe(0)
    expect(kind).toBe(true)
    expect(Object.keys(evaluation!)).toEqual([0.1, 0.3, 1, 3, 10].map((level) => `accuracyAt${level}`))
    for (const share of Object.values(evaluation!)) expect(share).toBeGreaterThanOrEqual(0)
    const { curves } = await runLog({ run: at('parts') })
    expect(curves.map(({ name }) => name)).toContain('evaluation/accuracyAt1')
  })

  it('names digits right at little noise after some steps', async () => {
    const options = { ...classifier, steps: 60, rate: 0.01, warmUp: 5, evalEvery: 60 }
    const { evaluation } = await trainTiny(at('longer'), options)
    expect(evaluation!['accuracyAt0.1']).toBeGreaterThan(0.3)
    // At twenty times the data's deviation nothing can be told.
    expect(evaluation!.accuracyAt10).toBeLessThan(0.25)
  })

  it('draws the classes asked for, and without guidance what sgm sample draws', async () => {
    const options = {
      run: at('score'),
      classifier: at('classifier'),
      sampler: 'heun',
      steps: 3,
      label: '3,0',
      n: 2,
    }
    const sampled = async (guidance: number) => {
      const npy = at(`${guidance}.npy`)
      const { labels } = await runClass({
        ...options,
        guidance,
        npy,
        threads: 1,
      })
      expect(labels).toEqual(['3', '0'])
      return (await readNpy(await readFile(npy))).values as Float32Array
    }
    const free = at('free.npy')
    const { run, sampler, steps } = options
    await runSample({ run, sampler, steps, n: 4, npy: free, threads: 1 })
    const wanted = (await readNpy(await readFile(free))).values as Float32Array
    const [none, some] = [await sampled(0), await sampled(20)]
    const largest = (a: Float32Array) => Math.max(...a.map((v, i) => Math.abs(v - wanted[i]!)))
    expect(largest(none)).toBeLessThan(1e-3)
    expect(largest(some)).toBeGreaterThan(0.01)
  })

  it('says in what a classifier and a run do not go together', async () => {
    const guided = (run: string, guide = 'classifier') => runClass({ run: at(run), classifier: at(guide) })
    await expect(guided('score', 'score')).rejects.toThrow(
      `sgm: expected the run of a classifier, got ${at('score')} of --net mlp`,
    )
    await expect(runSample({ run: at('classifier') })).rejects.toThrow(
      `sgm: expected the run of a score, got ${at('classifier')} of --net classifier`,
    )
    await expect(runExport({ run: at('classifier') })).rejects.toThrow('the run of a score')
    await expect(loadRun(at('classifier'))).rejects.toThrow('loadRun: expected the run of a score')
    await trainTiny(at('larger'), { data: 'glyphs:10', sde: 'edm', steps: 1 })
    await expect(guided('larger')).rejects.toThrow(
      `expected a classifier of images of 10×10×1 as the run is, got ${at('classifier')} of images of 8×8×1`,
    )
    await trainTiny(at('nearer'), { sde: 'edm', steps: 1, numbers: { sigmaMax: 50 } })
    await expect(guided('nearer')).rejects.toThrow(
      /of --sde edm --sigma-min 0.002 --sigma-max 50 as the run is, got .* --sigma-max 80/,
    )
    await trainTiny(at('other'), { sde: 'vp', steps: 1 })
    await expect(guided('other')).rejects.toThrow(/of --sde vp .* as the run is, got .* of --sde edm/)
  })

  it.each([
    [{ predict: 'noise' }, 'sgm: expected --predict logits with --net classifier, got noise'],
    [{ weighting: 'edm' }, 'sgm: expected --weighting cross-entropy with --net classifier, got edm'],
    [{ dropLabels: 0.1 }, 'sgm: expected no --drop-labels with --net classifier, got 0.1'],
    [{ evalBits: 8 }, 'sgm: expected no --eval-bits with --net classifier, got 8'],
    [{ blocks: 2 }, 'sgm: expected no --blocks with --net classifier, got 2'],
    [{ width: 12 }, 'expected --width to be a multiple of 8 with --net classifier, got 12'],
    [{ data: 'two-moons' }, 'sgm: expected data with labels for --net classifier, got two-moons'],
    [{ net: 'mlp', predict: 'logits' }, 'with --net mlp, got logits'],
    [
      { net: 'mlp', weighting: 'cross-entropy' },
      'balanced|likelihood|flow|edm|edm-small with --net mlp, got cross-entropy',
    ],
  ])('refuses to train with %j', async (choices, message) => {
    await expect(trainTiny(at('refused'), { ...classifier, ...choices })).rejects.toThrow(message)
  })
})
