import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BackendName, capabilities, matMul, ones, useBackend } from '..'
import { missingKernels } from './kernels'
import { backendNames } from './names'

let suite: string

beforeAll(() => {
  suite = tf.getBackend()
})

afterAll(async () => {
  await useBackend(suite as BackendName)
})

describe('what capabilities says', () => {
  it.each(backendNames)(
    'holds for %s: it starts with all kernels, or is refused with that reason',
    async (name) => {
      const said = (await capabilities()).backends[name]
      if (said.available) {
        expect(await useBackend(name)).toBe(name)
        expect((await capabilities()).backend).toBe(name)
        expect(missingKernels(name)).toEqual([])
        const product = matMul(ones([2, 3]), ones([3, 2]))
        expect([...(await product.data())]).toEqual([3, 3, 3, 3])
        product.dispose()
      } else {
        await expect(useBackend(name)).rejects.toThrow(`got '${name}': ${said.reason}`)
      }
    },
  )

  it('decides the default: the first in order of preference that runs', async () => {
    const { backends } = await capabilities()
    const usable = backendNames.filter(
      (name) =>
        backends[name].available && (name !== 'webgl' || tf.env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE')),
    )
    expect(await useBackend()).toBe(usable[0])
  })
})
