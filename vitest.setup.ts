import { type BackendName, useBackend } from '@sgm/tensor'
import { afterEach, beforeAll, inject } from 'vitest'

beforeAll(async () => {
  await useBackend(inject('backend') as BackendName)
})

// vitest reads a source map for every frame of a failure; those inside tfjs take it minutes.
afterEach(({ task }) => {
  for (const error of task.result?.errors ?? []) {
    if (error.stack) error.stack = error.stack.split('\n').filter(outside).join('\n')
  }
})

const outside = (frame: string) => !frame.includes('/@tensorflow/')
