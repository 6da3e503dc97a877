import { cpus } from 'node:os'
import { benchFiles } from './files'
import { benchFrames } from './frames'

const cores = cpus()
console.log(`${cores.length} cores (${cores[0]?.model.trim()}), Node ${process.versions.node}`)
await benchFiles()
await benchFrames()
