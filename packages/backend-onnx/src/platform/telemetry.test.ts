import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { inChild } from '../testing/child'
import { disableTelemetry } from './telemetry'

afterEach(() => vi.unstubAllEnvs())

// An environment without the variables by which ONNX Runtime knows a build server, where it is silent anyhow.
test.each([false, true])(
  'leaves nothing in the home and temporary folders (in a worker: %s)',
  async (worker) => {
    const folder = await mkdtemp(join(tmpdir(), 'sgm-telemetry-'))
    const { stdout } = await inChild({ module: 'double.ts', worker, env: { HOME: folder, TMPDIR: folder } })
    expect(stdout).toBe('42 42\n')
    expect(await readdir(folder, { recursive: true })).toEqual([])
    await rm(folder, { recursive: true })
  },
)

test.each(['0', '1', ''])('leaves a variable that says "%s"', async (value) => {
  vi.stubEnv('ORT_DISABLE_TELEMETRY', value)
  await disableTelemetry()
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe(value)
})
