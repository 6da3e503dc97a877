import { type Case, cases } from './cases.ts'

/**
 * Demos that are quick enough for every check on the adapter in software, some on less than they start with: 14 seconds of a processor at
 * most. Of the others, why they are not; their seconds are such ones too, after which a demo had come so far.
 */
const adapter: Readonly<Record<string, Partial<Case> | string>> = {
  mixture: {},
  process: {},
  'sde-paths': { query: 'sde-paths.direction=forward', expected: { sde: [0.935, 0.05] } },
  langevin: {},
  'lost-weights': {},
  'predictor-corrector': {},
  evaluations: { query: 'evaluations.sampler=uni-pc&evaluations.count=1000' },
  'probability-flow': {},
  conditioning: {},
  particles: {},
  sampler: {},
  'score-matching': '20 of 300 training steps in 15 s',
  drawing: 'less than 50 of 400 training steps in 16 s',
  digits: 'one of 5 evaluations of its network in 38 s',
  loss: '25 of 500 training steps in 15 s',
  compiled: 'compares ONNX Runtime with WebAssembly, and runs on nothing else',
  pipeline: 'runs on ONNX Runtime alone',
}

/** The cases that run on WebGPU: the first of each demo. */
export const quick: readonly Case[] = Object.entries(adapter).flatMap(([name, way]) => {
  const one = cases.find((one) => one.name === name)
  return one && typeof way === 'object' ? [{ ...one, ...way }] : []
})

/** The names of the others, with the reason. */
export const slow: readonly string[] = Object.entries(adapter).flatMap(([name, way]) =>
  typeof way === 'string' ? [`${name}: ${way}`] : [],
)
