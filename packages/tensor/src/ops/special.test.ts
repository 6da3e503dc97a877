/// <reference path="../../../../vitest.shared.ts" />
import { expect, inject, test } from 'vitest'
import { tensor } from '..'
import { specialCases } from './contract/special'

const webgl = inject('backend') === 'webgl'
/** Float32 rounding. */
const room = 1e-6
/** WebGL keeps integers as floats. */
const cases = specialCases.filter(({ integerBits }) => !(webgl && integerBits === 32))

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
