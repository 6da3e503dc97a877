import { type Case, cases, line } from './cases.ts'

/** What demos that take minutes on the adapter in software do there instead: less of the same, held to the same numbers. */
const less: Readonly<Record<string, Partial<Case>>> = {
  'sde-paths': { query: 'sde-paths.direction=forward', expected: { sde: [0.935, 0.05] } },
  evaluations: { query: 'evaluations.sampler=uni-pc&evaluations.count=1000' },
  'score-matching': {
    query: 'score-matching.objective=denoising&score-matching.steps=20',
    // After one step it is 0.21, and twenty leave 0.33 to be learned.
    expected: { objective: [-1.5286, 0.35] },
  },
  drawing: {
    query: `drawing.points=${line}&drawing.steps=20`,
    // After one step 0.96 and 0.72.
    expected: { deviation1: [1.2, 0.15], deviation2: [0.158, 0.1] },
  },
  digits: {
    query: 'digits.images=2&digits.steps=2&digits.guidance=1',
    // What the packages give in Node.
    expected: { grey: [0.1228, 1e-3], evaluations: [2, 0] },
  },
  loss: {
    page: 'losses/explicit',
    query: 'loss.steps=40',
    // −½E‖∇log p‖² of the modes without noise: a quadrature in Python. Forty steps leave 0.22 of it.
    expected: { objective: [-1.8595, 0.25] },
  },
}

/** Demos that are about an engine which computes on the processor alone, as they say. */
export const onProcessor = ['compiled', 'pipeline']

/** The cases that run on WebGPU: the first of each demo. */
export const onGpu: readonly Case[] = [...new Set(cases.map(({ name }) => name))]
  .filter((name) => !onProcessor.includes(name))
  .map((name) => ({ ...cases.find((one) => one.name === name)!, ...less[name] }))
