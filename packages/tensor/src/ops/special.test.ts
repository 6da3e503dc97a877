/// <reference path="../../../../vitest.shared.ts" />
import { expect, inject, test } from 'vitest'
import { tensor } from '..'
import { specialCases } from './contract/special'
import { beyondGlsl } from './contract/special/digits'

const webgl = inject('backend') === 'webgl'
/** Float32 rounding; GLSL leaves it to the GPU how exact some functions are. */
const room = webgl ? 1e-4 : 1e-6
/** WebGL keeps integers as floats. */
const cases = specialCases.filter(
  ({ op, label, integerBits }) => !(webgl && (integerBits === 32 || beyondGlsl.includes(`${op}, ${label}`))),
)

test.each(cases.map((it) => [`${it.op}, ${it.label}`, it] as const))(
  '%s',
  async (_name, { inputs, run, value }) => {
    const got = run(...inputs.map(({ data, shape }) => tensor(data, shape)))
    expect(got.shape).toEqual(value.shape)
    const values = await got.data()
    for (const [i, wanted] of value.data.entries()) {
      const isNear = Number.isFinite(wanted) && Math.abs(values[i]! - wanted) <= room * (1 + Math.abs(wanted))
      if (!isNear && values[i] !== wanted) expect(values[i], `entry ${i}`).toBe(wanted)
    }
  },
)
