import { machine } from './table'

const { benchKernels } = await import('./kernels')
const { useBackend } = await import('../src')
const { benchNormals } = await import('./normals')

console.log(machine())
await useBackend('wasm')
benchKernels()
await benchNormals()
