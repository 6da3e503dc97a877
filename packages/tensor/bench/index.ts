import { machine } from './table'

const { benchKernels } = await import('./kernels')
const { useBackend } = await import('../src')
const { benchNormals } = await import('./normals')

/** `pnpm bench -- NAME …` runs those whose names begin so, of this package and others. */
const wanted = process.argv.slice(2).filter((name) => name !== '--')
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((start) => name.startsWith(start))

console.log(machine())
await useBackend('wasm')
if (isWanted('kernels')) benchKernels()
if (isWanted('normals')) await benchNormals()
