import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { Contender } from '../measure'
import { Peer } from './peer'

const file = (name: string): string => join(import.meta.dirname, name)
const python = process.env.SGM_PYTHON || 'python3'

/** The other libraries, each in a process of its own. Those of Python are left out, with a line, where it lacks them. */
export function peers(threads: number): Contender[] {
  const script = (name: string, ...args: string[]) => ({
    command: process.execPath,
    args: [...process.execArgv, file(name), ...args],
    threads: 1,
  })
  const environment = {
    OMP_NUM_THREADS: `${threads}`,
    NPROC: `${threads}`,
    ...(threads === 1 && { XLA_FLAGS: '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1' }),
  }
  const pythonPeer = (name: string, module: string, script: string, ...args: string[]): Contender[] => {
    if (spawnSync(python, ['-c', `import ${module}`]).status !== 0) {
      console.log(`left out: ${name}: ${python} has no ${module}`)
      return []
    }
    return [new Peer({ name, command: python, args: [file(script), ...args], env: environment, threads })]
  }
  return [
    new Peer({ name: 'tfjs wasm', ...script('tfjs.ts', 'wasm'), limit: 100e9 }),
    new Peer({ name: 'tfjs cpu', ...script('tfjs.ts', 'cpu'), limit: 1e9 }),
    new Peer({ name: 'jax-js wasm jit', ...script('jax-js.ts'), limit: 5e9 }),
    ...pythonPeer('PyTorch eager', 'torch', 'torch_peer.py', 'eager', `${threads}`),
    ...pythonPeer('PyTorch compiled', 'torch', 'torch_peer.py', 'compiled', `${threads}`),
    ...pythonPeer('JAX jit', 'jax', 'jax_peer.py'),
  ]
}
