import { dpmSolverPlusPlus, sample } from '@sgm/samplers'
import {
  cosine,
  type LinearSDE,
  logSnrGrid,
  rectifiedFlow,
  sigmaT,
  subVp,
  tabulatedVp,
  ve,
  vp,
} from '@sgm/sde'
import { dispose, key } from '@sgm/tensor'
import { mixture } from './mixtures'
import { once, type SolverProblem } from './problem'

/** The mixtures over the other processes: no peers solve them there. */
export const processes: readonly (readonly [name: string, open: () => Promise<SolverProblem>])[] =
  Object.entries({
    vp: vp(),
    subVp: subVp(),
    cosine: cosine(),
    ve: ve(),
    sigmaT: sigmaT(),
    rectifiedFlow: rectifiedFlow(),
    tabulated: stableDiffusion(),
  }).flatMap(([process, sde]) =>
    Object.entries({ 2: 32, 16: 16, 256: 8 }).map(([dims, rows]) => {
      const name = `${process}, ${dims} dimensions`
      return [name, () => over(name, sde, Number(dims), rows)] as const
    }),
  )

/** Its end is that of 300 steps of order 3, which 150 steps of UniPC's order 3 reach to 1e-5. */
async function over(name: string, process: LinearSDE, dims: number, rows: number): Promise<SolverProblem> {
  const model = { process, score: mixture(dims).diffused(process).score }
  const x = process.prior.sample(key(5), [rows, dims])
  const run = { key: key(5), x, steps: 300, times: logSnrGrid(), denoise: 'tweedie' } as const
  const y = await sample(model, dpmSolverPlusPlus({ order: 3 }), run)
  const [start, end] = [[...(await x.data())], [...(await y.data())]]
  dispose([x, y])
  return {
    name,
    shape: [dims],
    start,
    end,
    errors: {},
    model: once(() => model),
  }
}

/** The table of Stable Diffusion. */
function stableDiffusion(): LinearSDE {
  const [first, last] = [Math.sqrt(0.00085), Math.sqrt(0.012)]
  const kept = Array.from({ length: 1000 }, (_, i) => 1 - (first + ((last - first) * i) / 999) ** 2)
  return tabulatedVp({ alphasCumprod: kept.map((_, i) => kept.slice(0, i + 1).reduce((a, b) => a * b)) })
}
