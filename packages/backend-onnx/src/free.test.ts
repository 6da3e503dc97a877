import { expect, test } from 'vitest'
import { free } from './free'

const MEGABYTES = 1 << 20

test('memory is free at once, without garbage collection', () => {
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 200; i++) {
    const values = new Float32Array(MEGABYTES)
    free([values.buffer])
    expect(values.length).toBe(0)
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MEGABYTES)
})
