import { onnx } from '@sgm/backend-onnx'
import { stream } from '@sgm/data'
import { sdeDenoising } from '@sgm/losses'
import { mlp, noisePrediction } from '@sgm/score'
import { vp } from '@sgm/sde'
import { type Executor, key } from '@sgm/tensor'
import { train } from '@sgm/train'
import { bars, figure, lossCurve } from '@sgm/viz'
import { compiled } from '../demos/compiled'
import { type Frame, program, type Tools } from '../program'
import type { Words } from '../spec'
import { data } from './lessons'
import { beside, pictureWords } from './pictures'

const STEPS = 60
/** Steps that are not timed: the first ones also record, load and warm up. */
const WARM = 10
const PICTURES = 12

/** What a run has come to. */
interface Run {
  readonly losses: number[]
  /** Of a step, once some are timed. */
  milliseconds?: number
}

export default program(compiled, async function* ({ width, batch }, tools) {
  const counted = counting(onnx())
  const eager: Run = { losses: [] }
  const whole: Run = { losses: [] }
  for (const [run, executor] of [
    [eager, undefined],
    [whole, counted.executor],
  ] as const) {
    for await (const _ of trained(run, width, batch, executor)) {
      yield await shown(eager, whole, counted.kernels(), tools)
    }
  }
})

/** Trains, and stops for each picture. */
async function* trained(run: Run, width: number, batch: number, executor?: Executor) {
  const process = vp()
  const training = train({
    model: noisePrediction.score(mlp({ hidden: [width, width] }), process),
    loss: sdeDenoising({ process }),
    data: stream(data.sample, { size: batch, key: key(1) }),
    steps: STEPS,
    key: key(0),
    ...(executor && { compile: executor }),
  })
  let [timed, before] = [0, performance.now()]
  try {
    for await (const { step, loss } of training) {
      const now = performance.now()
      if (step > WARM) {
        timed += now - before
        run.milliseconds = timed / (step - WARM)
      }
      run.losses.push(loss)
      if (step % (STEPS / PICTURES) === 0) yield
      before = performance.now()
    }
  } finally {
    training.dispose()
  }
}

/** An executor that says how many kernels it was given. */
function counting(inner: Executor): { readonly executor: Executor; kernels(): number } {
  let count = 0
  return {
    kernels: () => count,
    executor: {
      name: inner.name,
      load(graph, ...rest) {
        count = graph.nodes.length
        return inner.load(graph, ...rest)
      },
    },
  }
}

async function shown(eager: Run, whole: Run, kernels: number, { say }: Tools): Promise<Frame> {
  const one = { en: 'One by one', ko: '하나씩' }
  const all = { en: 'Compiled', ko: '컴파일' }
  const unit = { en: 'ms a step', ko: '단계당 ms' }
  const both = [eager, whole].filter(({ losses }) => losses.length > 0)
  const difference = whole.losses.map((loss, i) => Math.abs(loss - eager.losses[i]!))
  return {
    picture: await beside([
      figure(
        both.map(({ losses }, i) =>
          lossCurve(losses, {
            label: say(i === 0 ? one : all),
            smoothing: 0.9,
            strokeWidth: i === 0 ? 5 : 2,
          }),
        ),
        { title: say({ en: 'Losses', ko: '손실' }), x: say(pictureWords.steps), y: { label: '' } },
      ),
      figure(
        [
          bars(
            { [say(unit)]: [eager.milliseconds ?? 0, whole.milliseconds ?? 0] },
            { categories: [say(one), say(all)] },
          ),
        ],
        { title: say(unit) },
      ),
    ]),
    facts: [
      fact('eager', { en: `${one.en}, ${unit.en}`, ko: `${one.ko}, ${unit.ko}` }, eager.milliseconds ?? 0, 2),
      fact(
        'compiled',
        { en: `${all.en}, ${unit.en}`, ko: `${all.ko}, ${unit.ko}` },
        whole.milliseconds ?? 0,
        2,
      ),
      fact('kernels', { en: 'Kernels in a step', ko: '한 단계의 커널 수' }, kernels, 0),
      {
        ...fact(
          'difference',
          { en: 'Largest difference of the losses', ko: '손실의 최대 차이' },
          Math.max(0, ...difference),
          6,
        ),
        truth: 0,
      },
    ],
    progress: (eager.losses.length + whole.losses.length) / (2 * STEPS),
  }
}

const fact = (name: string, label: Words, value: number, digits: number) => ({ name, label, value, digits })
