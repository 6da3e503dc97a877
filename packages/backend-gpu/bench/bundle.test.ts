import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const node = promisify(execFile)

/** Python that is not there: whether this machine has PyTorch does not matter here. */
const env = { ...process.env, SGM_PYTHON: '/nowhere/python3' }

test('the bundle runs by itself, and so do the libraries that it takes along', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sgm-bench-'))
  try {
    await node(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'bundle.ts'), folder])
    const { stdout } = await node(process.execPath, ['index.bench.js', '--peers'], { cwd: folder, env })
    expect(stdout.trim().split('\n')).toEqual([
      'jax-js: jax-js on webgpu',
      expect.stringMatching(/^onnxruntime-web: onnxruntime-web \d+\.\d+\.\d+$/),
      'PyTorch CUDA: ended with spawn /nowhere/python3 ENOENT',
    ])
    const own = ['index.bench.js', '--smoke', '--alone', 'normals']
    const table = await node(process.execPath, own, { cwd: folder, env })
    expect(table.stdout).toContain('| 10000 normals | ')
  } finally {
    await rm(folder, { recursive: true })
  }
})
