import { useBackend } from '@sgm/tensor'
import { beforeAll } from 'vitest'
import { openGpu } from './src'

beforeAll(async () => {
  await openGpu()
  await useBackend('webgpu')
})
