/** What a trained model is for: fewer evaluations, likelihoods, what lies between two images, inpainting and super-resolution. */
import { fileURLToPath } from 'node:url'
import { onnx } from '@sgm/backend-onnx'
import { loadRun } from '@sgm/cli/run'
import { psnr } from '@sgm/metrics'
import {
  bicubic,
  bitsPerDim,
  decode,
  dpmSolverPlusPlus,
  encode,
  type LinearOperator,
  logLikelihood,
  maskOperator,
  odeEuler,
  odeRk45,
  piGdm,
  poolingOperator,
  type Sampler,
  sample,
  slerp,
  uniPc,
} from '@sgm/samplers'
import { bind } from '@sgm/score'
import {
  add,
  clip,
  compile,
  item,
  key,
  mean,
  mul,
  reverse,
  sqrt,
  square,
  sub,
  type Tensor,
  tensor,
} from '@sgm/tensor'
import { show } from './show'

const FOLDER = fileURLToPath(new URL('../../docs/static/models/digits', import.meta.url))

export async function main({
  count = 4,
  evaluations = [10, 20, 40],
  reference = 1000,
  tolerance = 1e-2,
} = {}) {
  // #region load
  using run = await loadRun(FOLDER)
  const { process, network, weights, config } = run
  const labels = tensor([0, 3, 5, 8].slice(0, count), [count], 'int32')
  const plain = bind(network, weights, labels)
  const score = compile(plain, { executor: onnx() })
  const problem = { process, score }
  const shape = [count, ...config.shape]
  // #endregion

  // #region solvers
  /** Digits out of the same noise, by so many steps of a solver. */
  const drawn = (sampler: Sampler, steps: number): Promise<Tensor> =>
    sample(problem, sampler, { key: key(0), shape, steps })
  const exact = await drawn(dpmSolverPlusPlus({ order: 3 }), reference)
  const errorOf = async (sampler: Sampler, steps: number): Promise<number> =>
    item(sqrt(mean(square(sub(await drawn(sampler, steps), exact)))))
  // #endregion
  const [euler, uniPC]: [number[], number[]] = [[], []]
  for (const steps of evaluations) {
    euler.push(await errorOf(odeEuler(), steps))
    uniPC.push(await errorOf(uniPc(), steps))
  }

  // #region likelihood
  const bits = async (x: Tensor): Promise<number> => {
    const { logDensity } = await logLikelihood({ process, score: plain }, x, {
      key: key(1),
      tolerance,
      compile: onnx(),
    })
    return bitsPerDim(await item(mean(logDensity)), 28 * 28, { range: [-1, 1] })
  }
  const upright = await bits(exact)
  const mirrored = await bits(reverse(exact, 2))
  // #endregion

  // #region between
  const sampler = odeRk45({ tolerance: 1e-3 })
  const codes = await encode(problem, exact, { sampler })
  const half = slerp(codes, reverse(codes, 0), 0.5)
  const middle = await decode(problem, half, { sampler })
  // #endregion

  // #region hidden
  /** A sample of what may have been measured, with the model as the prior. */
  const restored = async (operator: LinearOperator, y: Tensor) => {
    const measurement = { operator, observation: y, noise: 0.01 }
    const guided = compile(piGdm(process, plain, measurement), {
      executor: onnx(),
    })
    const run = { key: key(2), shape, steps: 40 }
    const x = await sample({ process, score: guided }, dpmSolverPlusPlus(), run)
    await guided.dispose()
    return x
  }
  const left = Array.from({ length: 28 * 28 }, (_, i) => (i % 28 < 14 ? 1 : 0))
  const window = maskOperator(left, [28, 28, 1])
  const seen = window.apply(exact)
  const whole = await restored(window, seen)
  // #endregion
  const unseen = sub(
    seen,
    tensor(
      left.map((m) => 1 - m),
      [1, 28, 28, 1],
    ),
  )

  // #region larger
  const pooling = poolingOperator([28, 28, 1], 4)
  const small = pooling.apply(exact)
  const large = await restored(pooling, small)
  // #endregion
  const grey = (x: Tensor): Tensor => clip(mul(add(x, 1), 0.5), 0, 1)
  const decibels = async (x: Tensor): Promise<number> => average(await psnr(grey(x), grey(exact)))
  const found = {
    euler,
    uniPC,
    bitsPerDim: [upright, mirrored],
    between: await item(mean(grey(middle))),
    inpainting: await decibels(whole),
    unpainted: await decibels(unseen),
    kept: await item(sqrt(mean(square(sub(window.apply(whole), seen))))),
    superResolution: await decibels(large),
    bicubic: await decibels(await bicubic(small, 4)),
  }
  await score.dispose()
  return found
}

const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length

await show(import.meta.url, main)
