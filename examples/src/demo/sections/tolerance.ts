import { dpmSolver, odeEuler, odeHeun, odeRk45, type Sampler, trajectory } from '@sgm/samplers'
import { gaussian } from '@sgm/score'
import { vp } from '@sgm/sde'
import { abs, foldIn, item, max, scoped, sub, tidy } from '@sgm/tensor'
import { figure, line, panels } from '@sgm/viz'
import type { Row } from '../measure'
import type { MakeSection } from '../section'

const GROUP = 'ODE solvers'
const TOLERANCES = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]
const STEPS = [4, 8, 16, 32, 64, 128, 256]

/** Score evaluations against the tolerance of an adaptive solver, and errors against evaluations. */
export const tolerances: MakeSection = ({ key, progress, signal }) =>
  scoped(async (own) => {
    const data = gaussian({ mean: [2, 0], covariance: [0.25, 0.01] })
    const process = vp()
    const problem = { process, score: data.diffused(process).score }
    const x = own(process.prior.sample(foldIn(key, 0), [100, 2]))
    const end = 1e-3
    const exact = own(data.flow(process, x, 1, end))
    /** Evaluations, and the largest error of any coordinate of any row. */
    const solve = async (sampler: Sampler, steps: number): Promise<{ nfe: number; error: number }> => {
      const options = {
        key: foldIn(key, 1),
        x,
        end,
        steps,
        denoise: 'none',
        ...(signal && { signal }),
      } as const
      let found = { nfe: 0, error: Number.NaN }
      for await (const { x: y, index, evaluations } of trajectory(problem, sampler, options)) {
        if (index < steps) continue
        found = { nfe: evaluations, error: await item(own(tidy(() => max(abs(sub(y, exact)))))) }
      }
      return found
    }
    const adaptive: { nfe: number; error: number }[] = []
    for (const [i, tolerance] of TOLERANCES.entries()) {
      const sampler = odeRk45({ tolerance })
      adaptive.push(await solve(sampler, 1))
      progress(`${GROUP}: tolerances`, i + 1, TOLERANCES.length)
    }
    const fixed: [name: string, sampler: Sampler, found: { nfe: number; error: number }[]][] = [
      ['Euler', odeEuler(), []],
      ['Heun', odeHeun(), []],
      ['DPM-Solver-3', dpmSolver(), []],
    ]
    for (const [i, [, sampler, found]] of fixed.entries()) {
      for (const steps of STEPS) found.push(await solve(sampler, steps))
      progress(`${GROUP}: fixed steps`, i + 1, fixed.length)
    }
    const log = (label: string) => ({ scale: 'log', label }) as const
    const at = (tolerance: number) => adaptive[TOLERANCES.indexOf(tolerance)]!
    const row = (quantity: string, i: 'nfe' | 'error', tolerance: number, allowed: number): Row => ({
      group: GROUP,
      quantity,
      measured: at(tolerance)[i],
      truth: 0,
      tolerance: allowed,
      evaluations: at(tolerance).nfe,
    })
    return {
      title: 'Evaluations and exactness of the probability-flow ODE',
      text:
        'The ODE of a Gaussian has a closed form, and so have the errors of its solvers. An adaptive pair of order 5 buys ' +
        'exactness with evaluations of the score; solvers of fixed steps fall along lines whose slopes are their orders, ' +
        'down to what float32 can tell.',
      figures: [
        {
          name: 'tolerance',
          caption:
            'Score evaluations by the tolerance of RK45, and the largest error of 100 samples by the evaluations of several solvers.',
          picture: await panels(
            [
              figure(
                [
                  line(
                    TOLERANCES,
                    adaptive.map(({ nfe }) => nfe),
                  ),
                ],
                {
                  title: 'RK45',
                  x: log('tolerance'),
                  y: { label: 'score evaluations' },
                },
              ),
              figure(
                [
                  line(
                    adaptive.map(({ nfe }) => nfe),
                    adaptive.map(({ error }) => error),
                    { label: 'RK45' },
                  ),
                  ...fixed.map(([label, , found]) =>
                    line(
                      found.map(({ nfe }) => nfe),
                      found.map(({ error }) => error),
                      { label },
                    ),
                  ),
                ],
                { title: 'error', x: log('score evaluations'), y: log('largest error') },
              ),
            ],
            { width: 1000 },
          ),
        },
      ],
      rows: [
        row('RK45 at 1e-3: largest error', 'error', 1e-3, 0.1),
        row('RK45 at 1e-5: largest error', 'error', 1e-5, 2e-3),
        ...fixed.slice(0, 2).map(([name, , found], i): Row => {
          const [a, b] = [found.at(-2)!, found.at(-1)!]
          return {
            group: GROUP,
            quantity: `${name}: order of convergence`,
            measured: Math.log(a.error / b.error) / Math.log(b.nfe / a.nfe),
            truth: i + 1,
            tolerance: 0.15,
          }
        }),
      ],
    }
  })
