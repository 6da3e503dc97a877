import { readFile } from 'node:fs/promises'
import { onnx } from '@sgm/backend-onnx'
import { type DiffusersConfig, fromDiffusers } from '@sgm/score'
import {
  compile,
  deserialize,
  dispose,
  key,
  mean,
  type NamedTensors,
  normal,
  square,
  type Tensor,
  tensor,
  valueAndGrad,
} from '@sgm/tensor'
import { expectNear } from '@sgm/tensor/testing'
import { expect, inject, it } from 'vitest'

const FIXTURE = new URL('../../packages/score/fixtures/diffusers-conditional.safetensors', import.meta.url)

it.runIf(inject('backend') === 'wasm')(
  'a U-Net that is told a context compiles as it is, and trains',
  async () => {
    const { tensors, metadata } = deserialize(await readFile(FIXTURE))
    const config = JSON.parse(metadata.config!) as DiffusersConfig
    const weights = Object.fromEntries(Object.entries(tensors).filter(([name]) => name.includes('.')))
    const { network, parameters } = fromDiffusers(config, weights)
    const { x, told } = tensors as Record<string, Tensor>
    const t = tensor([3, 700])
    const step = (p: NamedTensors, context: Tensor) => {
      const loss = (q: NamedTensors, c: Tensor): Tensor => mean(square(network.apply(q, x!, t, c)))
      return valueAndGrad<NamedTensors, [Tensor]>(loss)(p, context)
    }
    const compiled = compile(step, { executor: onnx({ threads: 1 }) })
    const [wanted, got] = [step(parameters, told!), await compiled(parameters, told!)]
    await expectNear(got.value, wanted.value, 1e-4)
    let largest = 0
    for (const [name, slope] of Object.entries(wanted.gradient)) {
      await expectNear(got.gradient[name]!, slope, 1e-4)
      largest = Math.max(largest, ...(await slope.data()).map(Math.abs))
      if (name.includes('cross.key'))
        expect(
          (await slope.data()).some((v) => v !== 0),
          name,
        ).toBe(true)
    }
    expect(largest).toBeGreaterThan(1e-2)
    // A token more is another context: what it says matters.
    const other = network.apply(parameters, x!, t, normal(key(0), [2, 6, 6]))
    expect((await other.data())[0]).not.toBeCloseTo(
      (await network.apply(parameters, x!, t, told!).data())[0]!,
      3,
    )
    await compiled.dispose()
    dispose([tensors, parameters, wanted, got])
  },
)
