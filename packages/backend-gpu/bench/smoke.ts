import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { useSoftwareGpu } from '../../../software-gpu.shared'

// Which libraries there are, a process knows from its start.
useSoftwareGpu()
const args = [
  ...process.execArgv,
  join(import.meta.dirname, 'index.bench.ts'),
  '--smoke',
  ...process.argv.slice(2),
]
process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
