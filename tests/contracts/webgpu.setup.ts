import { openGpu } from '@sgm/backend-gpu'
import { useBackend } from '@sgm/tensor'
import { beforeAll } from 'vitest'

beforeAll(async () => {
  await openGpu()
  await useBackend('webgpu')
})
