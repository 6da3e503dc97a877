import { eulerMaruyama, odeRk45, predictorCorrector, sample } from '@sgm/samplers'
import { bind, mlp, noisePrediction } from '@sgm/score'
import { vp } from '@sgm/sde'
import { dispose, key } from '@sgm/tensor'
import { expectNoLeaks } from '@sgm/tensor/testing'
import { expect, test } from 'vitest'
import { onnx } from './index'

const process = vp()
const network = mlp({ hidden: [16, 16] })

test.each([
  ['eulerMaruyama', eulerMaruyama()],
  ['predictorCorrector', predictorCorrector()],
  ['odeRk45', odeRk45({ tolerance: 1e-2 })],
] as const)('compiled steps of %s give the samples of others', async (_, sampler) => {
  const weights = network.init(key(0))
  const score = noisePrediction.toScore(bind(network, weights), process)
  const options = { key: key(1), shape: [5, 2], steps: sampler.name === 'odeRk45' ? 1 : 5 }
  await expectNoLeaks(async () => {
    const plain = await sample({ process, score }, sampler, options)
    const compiled = await sample({ process, score }, sampler, { ...options, compile: onnx() })
    const [wanted, got] = [await plain.data(), await compiled.data()]
    const largest = Math.max(...wanted.map(Math.abs))
    for (const [i, value] of wanted.entries()) expect(Math.abs(value - got[i]!)).toBeLessThan(1e-5 * largest)
    dispose([plain, compiled])
  })
  dispose(weights)
})
