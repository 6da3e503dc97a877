import { type LoadedRun, loadRun } from '@sgm/cli/run'
import {
  ancestral,
  dpmSolverPlusPlus,
  edmHeun,
  odeHeun,
  type Point,
  replacement,
  type Sampler,
  sample,
  slerp,
  trajectory,
} from '@sgm/samplers'
import { bind, classifierFreeGuidance } from '@sgm/score'
import { concat, foldIn, key, mul, normal, scoped, slice, type Tensor, tensor, tidy, tile } from '@sgm/tensor'
import { figure, imageGrid } from '@sgm/viz'
import { digits } from '../demos/digits'
import { type Frame, program, type Tools } from '../program'
import type { Fact, Point as Place } from '../spec'
import { beside } from './pictures'
import { openReader, type Reader } from './reader'

const SIDE = 28
/** What the pointer erases around each point, in pixels. */
const RUBBER = 2.2

const samplers: Readonly<Record<string, () => Sampler>> = {
  'dpm-solver-plus-plus': dpmSolverPlusPlus,
  'ode-heun': odeHeun,
  'edm-heun': edmHeun,
  ancestral,
}

/** A model of digits, and what reads those that it draws. */
interface Model extends LoadedRun {
  readonly read: Reader
}

let loaded: Promise<Model> | undefined

async function open(site: string): Promise<Model> {
  const run = await loadRun(new URL('models/digits/', site))
  return { ...run, read: await openReader(site, run.process) }
}

export default program(digits, async function* (values, tools) {
  loaded ??= open(tools.site)
  const run = await loaded
  const sampler = (samplers[values.sampler] ?? dpmSolverPlusPlus)()
  if (values.task === 'fill') yield* filled(run, sampler, values, tools)
  else yield* drawn(run, sampler, values, tools)
})

interface Asked {
  readonly task: string
  readonly digit: number
  readonly images: number
  readonly guidance: number
  readonly steps: number
  readonly seed: number
}

/** The score of the classes that are asked for. */
function problemOf({ process, network, weights, score }: Model, labels: Tensor, scale: number) {
  return { process, score: classifierFreeGuidance(bind(network, weights, labels), score, { scale }) }
}

/** Images: of all classes, of one, or on the way between two. */
async function* drawn(
  run: Model,
  sampler: Sampler,
  { task, digit, images: count, guidance, steps, seed }: Asked,
  { compile }: Tools,
): AsyncGenerator<Frame> {
  const classOf = (i: number) =>
    task === 'all' ? i % 10 : task === 'class' ? digit : i < count / 2 ? digit : (digit + 1) % 10
  const labels = tensor(
    Array.from({ length: count }, (_, i) => classOf(i)),
    [count],
    'int32',
  )
  const x =
    task === 'between'
      ? between(run, count, seed)
      : run.process.prior.sample(key(seed), [count, ...run.config.shape])
  const problem = problemOf(run, labels, guidance)
  const started = performance.now()
  try {
    for await (const point of trajectory(problem, sampler, {
      key: foldIn(key(seed), 1),
      x,
      steps,
      ...compile,
    })) {
      const images = await point.x.data()
      yield {
        picture: await figure([
          imageGrid({ values: images, shape: [count, SIDE, SIDE, 1] }, { columns: 4, range: rangeOf(run) }),
        ]),
        facts: [
          ...(await readRight(run, point, labels, steps)),
          meanGrey(run, images),
          ...timed(point.evaluations, started),
        ],
        progress: point.index / steps,
      }
    }
  } finally {
    labels.dispose()
    x.dispose()
  }
}

/** Noise on the way from one to another. */
function between({ process, config }: LoadedRun, count: number, seed: number): Tensor {
  return tidy(() => {
    const [a, b] = [0, 1].map((i) => normal(foldIn(key(seed), i), [1, ...config.shape]))
    const codes = Array.from({ length: count }, (_, i) => slerp(a!, b!, i / (count - 1)))
    return mul(concat(codes), process.prior.sigma)
  })
}

/** One digit with a part erased, and what the rest of it may be. */
async function* filled(
  run: Model,
  sampler: Sampler,
  { digit, images: count, guidance, steps, seed, erased }: Asked & { readonly erased: readonly Place[] },
  { say, compile }: Tools,
): AsyncGenerator<Frame> {
  const labels = tensor(new Array(count).fill(digit), [count], 'int32')
  const problem = problemOf(run, labels, guidance)
  const started = performance.now()
  const mask = maskOf(erased)
  const frame = await scoped(async (own) => {
    const all = own(
      await sample(problem, dpmSolverPlusPlus(), {
        key: key(seed),
        shape: [count, ...run.config.shape],
        steps,
        ...compile,
      }),
    )
    const first = await own(slice(all, [0, 0, 0, 0], [1, SIDE, SIDE, 1])).data()
    return Float32Array.from(first)
  })
  const shown = frame.map((value, i) => (mask[i] ? value : 0))
  const one = tensor(frame, [1, SIDE, SIDE, 1])
  const known = { data: tile(one, [count, 1, 1, 1]), mask: tensor(mask, [SIDE, SIDE, 1]) }
  try {
    const sheet = figure([imageGrid({ values: shown, shape: [1, SIDE, SIDE, 1] }, { range: rangeOf(run) })], {
      title: say({ en: 'Erase here', ko: '여기를 지우세요' }),
    })
    const options = { key: foldIn(key(seed), 2), shape: [count, ...run.config.shape], steps, ...compile }
    for await (const point of trajectory(problem, replacement(sampler, known), options)) {
      const images = await point.x.data()
      const grid = imageGrid(
        { values: images, shape: [count, SIDE, SIDE, 1] },
        { columns: 4, range: rangeOf(run) },
      )
      yield {
        picture: await beside([sheet, figure([grid], { title: say({ en: 'Filled in', ko: '채운 것' }) })]),
        facts: [
          ...(await readRight(run, point, labels, steps)),
          kept(images, frame, mask),
          ...timed(point.evaluations, started),
        ],
        progress: point.index / steps,
      }
    }
  } finally {
    for (const x of [labels, one, known.data, known.mask]) x.dispose()
  }
}

/** 1 where a pixel is known, 0 where it is erased; images have their first row at the top. */
function maskOf(erased: readonly Place[]): Float32Array {
  return Float32Array.from({ length: SIDE ** 2 }, (_, i) => {
    const [x, y] = [(i % SIDE) + 0.5, SIDE - Math.floor(i / SIDE) - 0.5]
    return erased.some(([a, b]) => Math.hypot(a - x, b - y) < RUBBER) ? 0 : 1
  })
}

function rangeOf({ config }: LoadedRun): readonly [number, number] {
  return config.range ?? [0, 1]
}

/** Of images that are drawn, not of those on their way. */
async function readRight(
  { read }: Model,
  { x, t, index }: Point,
  labels: Tensor,
  steps: number,
): Promise<Fact[]> {
  if (index < steps) return []
  return [
    {
      name: 'read',
      label: { en: 'Read by a classifier as the digit asked for', ko: '분류기가 원하는 숫자로 읽은 비율' },
      value: await read(x, t, labels),
      truth: 1,
    },
  ]
}

function meanGrey(run: LoadedRun, images: ArrayLike<number>): Fact {
  const [low, high] = rangeOf(run)
  const sum = Array.from(images).reduce((total, value) => total + Math.min(high, Math.max(low, value)), 0)
  return {
    name: 'grey',
    label: { en: 'Mean grey value', ko: '평균 밝기' },
    value: (sum / images.length - low) / (high - low),
  }
}

function kept(images: ArrayLike<number>, known: Float32Array, mask: Float32Array): Fact {
  const errors = Array.from(
    images,
    (value, i) => mask[i % mask.length]! * Math.abs(value - known[i % mask.length]!),
  )
  return {
    name: 'kept',
    label: { en: 'Largest change of a known pixel', ko: '아는 픽셀의 최대 변화' },
    value: errors.reduce((a, b) => Math.max(a, b), 0),
    truth: 0,
  }
}

function timed(evaluations: number, started: number): Fact[] {
  return [
    { name: 'evaluations', label: { en: 'Evaluations', ko: '평가 횟수' }, value: evaluations, digits: 0 },
    {
      name: 'seconds',
      label: { en: 'Seconds', ko: '초' },
      value: (performance.now() - started) / 1000,
      digits: 1,
    },
  ]
}
