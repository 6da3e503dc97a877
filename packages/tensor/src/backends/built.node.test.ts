import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
let folder: string

beforeAll(async () => {
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true })
  folder = await mkdtemp(join(root, 'node_modules/.cache/built-'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await build({
    config: false,
    silent: true,
    entry: [join(root, 'src/index.ts')],
    outDir: folder,
    format: ['esm', 'cjs'],
    target: 'es2022',
    esbuildOptions: (options, { format }) => {
      if (format === 'cjs') options.define = { 'import.meta.url': 'undefined' }
    },
  })
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

const programs = {
  'the default backend': `
    const name = await sgm.useBackend()
    const y = sgm.matMul(sgm.ones([2, 3]), sgm.ones([2, 3]), { transposeB: true })
    console.log(name, (await y.data()).join())`,
  'the CPU backend': `
    const name = await sgm.useBackend('cpu')
    console.log(name, (await sgm.ones([2]).data()).join())`,
  'ops before any choice of a backend': `
    console.log((await sgm.add(sgm.ones([2]), 1).data()).join())`,
  'every backend in turn': `
    for (const name of ['cpu', 'wasm', 'cpu', 'wasm']) await sgm.useBackend(name)
    const f = (w) => sgm.sum(sgm.conv2d(sgm.ones([1, 4, 4, 1]), w))
    const g = sgm.grad(f)(sgm.ones([3, 3, 1, 1]))
    console.log((await g.data()).join())`,
}

const output: Record<keyof typeof programs, string> = {
  'the default backend': 'wasm 3,3,3,3\n',
  'the CPU backend': 'cpu 1,1\n',
  'ops before any choice of a backend': '2,2\n',
  'every backend in turn': '9,12,9,12,16,12,9,12,9\n',
}

describe('the built package, in a program of its own, prints nothing', () => {
  const names = Object.keys(programs) as (keyof typeof programs)[]
  it.each(names)('as an ES module: %s', async (name) => {
    const file = join(folder, `${names.indexOf(name)}.mjs`)
    await writeFile(file, `import * as sgm from './index.js'\n${programs[name]}`)
    expect(await run(process.execPath, [file])).toEqual({ stdout: output[name], stderr: '' })
  })

  it.each(names)('as CommonJS: %s', async (name) => {
    const file = join(folder, `${names.indexOf(name)}.cjs`)
    await writeFile(file, `const sgm = require('./index.cjs');\n(async () => {${programs[name]}\n})()`)
    expect(await run(process.execPath, [file])).toEqual({ stdout: output[name], stderr: '' })
  })
})

describe('the built package, without its WASM files', () => {
  it('says where they were expected and how to name another place', async () => {
    const file = join(folder, 'lost.mjs')
    await writeFile(
      file,
      `import { useBackend } from './index.js'
       await useBackend('wasm', { wasmPaths: '/nowhere/' }).catch(({ message }) => console.log(message))`,
    )
    const { stdout } = await run(process.execPath, [file])
    expect(stdout).toMatch(
      /^useBackend: expected 'wasm' to start, got a failure: its .wasm files .*wasmPaths/,
    )
  })
})

describe('a second copy of tfjs and of the package, which join the engine of the first', () => {
  it('are silent, compute and trace, and so does the first after them', async () => {
    const file = join(folder, 'twice.cjs')
    await writeFile(
      file,
      `const load = () => require('./index.cjs')
       const first = load()
       for (const name of Object.keys(require.cache)) delete require.cache[name]
       const second = load()
       const executor = { load: async ({ nodes }) => { throw new Error(nodes.map(({ kernel }) => kernel).join()) } }
       const run = async (sgm) => {
         const name = await sgm.useBackend()
         const f = (x) => sgm.sum(sgm.tanh(x))
         const said = await sgm.compile(f, { executor })(sgm.ones([2])).catch(({ message }) => message)
         console.log(name, said, (await sgm.grad(f)(sgm.zeros([2])).data()).join())
       }
       run(first).then(() => run(second)).then(() => run(first)).then(() => console.log(first === second))`,
    )
    const line = 'wasm Tanh,Sum 1,1\n'
    expect(await run(process.execPath, [file])).toEqual({
      stdout: `${line}${line}${line}false\n`,
      stderr: '',
    })
  })
})

/** A gradient for which tfjs has no kernel on WASM. */
const gradient = `
  const g = tf.grad((w) => tf.sum(tf.conv2d(tf.ones([1, 2, 2, 1]), w, 1, 'same')))(tf.ones([3, 3, 1, 1]))
  console.log((await g.data()).join())`

const orders = {
  'that imports the WASM backend before the package': `
    import '@tensorflow/tfjs-backend-wasm'
    await import('./index.js')
    await tf.setBackend('wasm')`,
  'that imports the WASM backend after the package': `
    import './index.js'
    await import('@tensorflow/tfjs-backend-wasm')
    await tf.setBackend('wasm')`,
  'that lets tfjs choose': `
    import './index.js'
    import '@tensorflow/tfjs-backend-wasm'
    await tf.ready()`,
  'whose WASM backend runs before the package is imported': `
    import '@tensorflow/tfjs-backend-wasm'
    await tf.setBackend('wasm')
    const { repairKernels } = await import('./index.js')
    await repairKernels('wasm')`,
}

describe('raw tfjs code in the same program', () => {
  const names = Object.keys(orders) as (keyof typeof orders)[]
  it.each(names)('gets the repaired kernels: code %s', async (name) => {
    const file = join(folder, `raw-${names.indexOf(name)}.mjs`)
    await writeFile(file, `import * as tf from '@tensorflow/tfjs'\n${orders[name]}\n${gradient}`)
    expect(await run(process.execPath, [file])).toEqual({ stdout: '1,2,1,2,4,2,1,2,1\n', stderr: '' })
  })
})
