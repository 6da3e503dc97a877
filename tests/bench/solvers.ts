import {
  ddim,
  deis,
  dpmSolver,
  dpmSolverPlusPlus,
  dpmSolverPlusPlus2s,
  edmHeun,
  odeEuler,
  odeHeun,
  type Sampler,
  uniPc,
} from '@sgm/samplers'
import { karrasGrid, logSnrGrid, quadraticGrid, uniformGrid } from '@sgm/sde'
import { useBackend } from '@sgm/tensor'
import { digits } from './digits'
import { leastError } from './error'
import { budgets, mixtures } from './mixtures'
import { processes } from './processes'

// Prints the error of every deterministic solver on every grid against evaluations, on exact mixtures over EDM's process and the site's digits,
// beside k-diffusion's and diffusers' on the same, and on the mixtures over the other processes: `pnpm bench:solvers`, or
// `pnpm bench:solvers 16 digits vp` for some, by the first words of their names.
const samplers: readonly (readonly [string, Sampler])[] = [
  ['odeEuler', odeEuler()],
  ['odeHeun', odeHeun()],
  ['ddim', ddim()],
  ['edmHeun', edmHeun()],
  ...[1, 2, 3].map((order) => [`dpmSolver ${order}`, dpmSolver({ order })] as const),
  ...[2, 3].map((order) => [`dpmSolverPlusPlus ${order}`, dpmSolverPlusPlus({ order })] as const),
  ['dpmSolverPlusPlus2s', dpmSolverPlusPlus2s({ eta: 0 })],
  ...[1, 2, 3].map((order) => [`uniPc ${order}`, uniPc({ order })] as const),
  ...(['time', 'logSnr', 'rho'] as const).flatMap((variable) =>
    [2, 3, 4].map((order) => [`deis ${order} ${variable}`, deis({ order, variable })] as const),
  ),
]
const grids = {
  karras: karrasGrid(),
  'log-SNR': logSnrGrid(),
  quadratic: quadraticGrid(),
  uniform: uniformGrid(),
}

const wanted = process.argv.slice(2).filter((word) => word !== '--')
await useBackend('wasm')
const problems = [
  ...mixtures.map((problem) => [problem.name, async () => problem] as const),
  ['digits', digits] as const,
  ...processes,
]
for (const [name, open] of problems) {
  if (wanted.length > 0 && !wanted.includes(name.split(/[ ,]/)[0]!)) continue
  const problem = await open()
  const rows: (readonly [name: string, grid: string, errors: readonly number[]])[] = []
  for (const [name, sampler] of samplers) {
    for (const [gridName, grid] of Object.entries(grids)) {
      const errors: number[] = []
      for (const budget of budgets) errors.push(await leastError(problem, sampler, grid, budget))
      rows.push([name, gridName, errors])
    }
  }
  for (const [grid, peers] of Object.entries(problem.errors)) {
    for (const [name, errors] of Object.entries(peers)) rows.push([name, grid, errors])
  }
  const at = budgets.indexOf(10)
  rows.sort((a, b) => order(a[2][at]!) - order(b[2][at]!))
  console.log(`\n${problem.name}: error at ${budgets.join(', ')} evaluations, best at 10 first\n`)
  for (const [name, grid, errors] of rows) {
    const numbers = errors.map((error) => (Number.isFinite(error) ? error.toExponential(1) : '–').padStart(8))
    console.log(`${name.padEnd(32)} ${grid.padEnd(9)} ${numbers.join(' ')}`)
  }
}

/** Those that have none last. */
function order(error: number): number {
  return Number.isFinite(error) ? error : Number.MAX_VALUE
}
