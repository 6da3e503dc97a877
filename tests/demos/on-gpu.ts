import { type Case, cases } from './cases.ts'

/**
 * Demos that are quick enough for every check on the adapter in software, some on less than they start with; of the others, why they are not.
 * There a step of the simplest sampler takes a second or two of a processor, whatever the number of points. Seconds below are such ones,
 * after which a demo had come so far.
 */
const adapter: Readonly<Record<string, Partial<Case> | string>> = {
  mixture: {},
  process: {},
  'sde-paths': { query: 'sde-paths.direction=forward', expected: { sde: [0.935, 0.05] } },
  'score-matching': 'less than 300 training steps in 45 s',
  langevin: 'less than 150 steps of 10 000 particles in 44 s',
  'lost-weights': '481 evaluations of the score',
  'predictor-corrector': '120 evaluations of the score',
  evaluations: '336 evaluations of the score',
  'probability-flow': 'four solutions of the ODE, two of them with divergences',
  conditioning: '30 evaluations of the score and its gradient',
  drawing: '400 training steps and 20 evaluations',
  digits: 'none of 5 steps of the network in 27 s',
  particles: '2 of 100 steps of 10 000 particles in 18 s',
  sampler: '7 of 40 steps in 14 s',
  loss: 'none of the pictures of its training in 29 s',
  compiled: 'compares ONNX Runtime with WebAssembly, and runs on nothing else',
  pipeline: 'runs on ONNX Runtime alone',
}

/** The cases that run on WebGPU. */
export const quick: readonly Case[] = cases.flatMap((one) => {
  const way = adapter[one.name]
  return typeof way === 'object' ? [{ ...one, ...way }] : []
})

/** The names of the others, with the reason. */
export const slow: readonly string[] = Object.entries(adapter).flatMap(([name, way]) =>
  typeof way === 'string' ? [`${name}: ${way}`] : [],
)
