import { dispose, key, normal, ones, tensor } from '@sgm/tensor'
import { expect, it } from 'vitest'
import { ddpm } from './ddpm'
import { ddpmpp } from './ddpmpp'
import { dit } from './dit'
import { ncsnpp } from './ncsnpp'
import { bind } from './network'
import { tutorialUnet } from './tutorial-unet'

const small = { size: 8, channels: 1, width: 4, blocks: 1, multipliers: [1], attention: [] } as const

it.each([
  ['ddpm', ddpm(small), 8],
  ['ddpmpp', ddpmpp(small), 8],
  ['ncsnpp', ncsnpp(small), 8],
  ['dit', dit({ size: 8, channels: 1, width: 8, depth: 1, heads: 1 }), 8],
  ['tutorialUnet', tutorialUnet({ widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 }), 28],
] as const)('%s without classes takes none in silence', (name, network, size) => {
  const parameters = network.init(key(0))
  const x = normal(key(1), [2, size, size, 1])
  expect(() => bind(network, parameters, tensor([3, 7], [2], 'int32'))(x, ones([2]))).toThrow(
    `${name}: expected no condition, for the network was made without classes, got int32 [2]`,
  )
  expect(() => bind(network, parameters, { class_labels: ones([2]) })(x, ones([2]))).toThrow(
    `${name}: expected no condition, for the network was made without classes, got class_labels`,
  )
  expect(bind(network, parameters)(x, ones([2])).shape).toEqual([2, size, size, 1])
  dispose([...Object.values(parameters), x])
})
