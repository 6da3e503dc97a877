import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  add,
  compile,
  conv2d,
  type Executor,
  foldIn,
  full,
  grad,
  type Key,
  key,
  matMul,
  mul,
  normal,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  tidy,
  uniform,
  useBackend,
} from '@sgm/tensor'
import { onnx } from '../src'
import { floorForward, floorStep } from './floor'
import { jaxForward, jaxStep } from './jax'
import { forward, parameters, trainingStep } from './mlp'
import { type Contender, type Item, machine, measure } from './table'

type Make = () => Promise<Contender | string>

/** The same function eagerly on tfjs's cpu and wasm backends (with the kernels that importing sgm repairs), and compiled with one thread and with all. */
function everyWay(fn: () => (...args: Tensor[]) => unknown, inputs: () => Tensor[], eagerCpu = true): Make[] {
  const way = (name: string, backend: 'cpu' | 'wasm', executor?: Executor): Make => {
    return async () => {
      await useBackend(backend)
      const [call, args] = [
        compile(fn() as (...args: Tensor[]) => Tensor, executor ? { executor } : {}),
        inputs(),
      ]
      const run = async (): Promise<void> => {
        await useBackend(backend)
        const result = await call(...args)
        await result.data()
        result.dispose()
      }
      return { name, run, dispose: () => call.dispose() }
    }
  }
  return [
    way('sgm, 1 thread', 'wasm', onnx({ threads: 1 })),
    way('sgm, every core', 'wasm', onnx()),
    way('eager wasm, sgm kernels', 'wasm'),
    ...(eagerCpu ? [way('eager tfjs cpu', 'cpu')] : []),
  ]
}

/** PyTorch, where python3 has it: measured by itself, before the others take turns. */
function torch(kind: 'step' | 'score', width: number, batch: number): Make {
  const script = join(import.meta.dirname, 'torch.py')
  return async () => {
    if (spawnSync('python3', ['-c', 'import torch']).status !== 0) return 'PyTorch: python3 has no torch'
    const { stdout, stderr } = spawnSync('python3', [script, kind, `${width}`, `${batch}`], {
      encoding: 'utf8',
    })
    const measured = Number(stdout.trim() || Number.NaN)
    if (Number.isNaN(measured)) return `PyTorch: ${stderr.trim().split('\n').at(-1)}`
    return { name: 'PyTorch eager, 1 thread', measured }
  }
}

const mlp = (width: number, batch: number, cpu: boolean): Item[] => {
  const batchOf = (): Tensor[] => [normal(key(10), [batch, 2]), uniform(key(11), [batch])]
  const size = `MLP 3-${width}-${width}-${width}-2, batch ${batch}`
  const score = () => {
    const p = parameters(width)
    return (x: Tensor, t: Tensor) => forward(p, x, t)
  }
  return [
    {
      title: `Training step (denoising score matching, Adam), ${size}`,
      contenders: [
        ...everyWay(
          () => trainingStep(width) as never,
          () => [...batchOf(), normal(key(12), [batch, 2])],
          cpu,
        ),
        () => floorStep(width, batch, 1),
        () => jaxStep(width, batch),
        torch('step', width, batch),
      ],
    },
    {
      title: `Score, ${size}`,
      contenders: [
        ...everyWay(score as never, batchOf, cpu),
        () => floorForward(width, batch, 1),
        () => jaxForward(width, batch),
        torch('score', width, batch),
      ],
    },
  ]
}

const STEPS = 500

/** Euler–Maruyama of dx = (s(x, t) − x) dt + √2 dw: the score compiled, or the whole step with its draws. */
function sampling(): Item {
  const batch = 1000
  const p = parameters(128)
  const score = (x: Tensor, t: Tensor): Tensor => forward(p, x, t)
  const update = (x: Tensor, s: Tensor, source: Key): Tensor =>
    add(add(x, mul(sub(s, x), 1 / STEPS)), mul(normal(source, [batch, 2]), Math.sqrt(2 / STEPS)))
  const chain = async (step: (x: Tensor, t: Tensor, source: Key) => Promise<Tensor>): Promise<void> => {
    let x = normal(key(20), [batch, 2])
    for (let i = 0; i < STEPS; i++) {
      const t = full([batch], 1 - i / STEPS)
      const next = await step(x, t, foldIn(key(21), i))
      x.dispose()
      t.dispose()
      x = next
    }
    await x.data()
    x.dispose()
  }
  const byScore = (name: string, options: { executor?: Executor }): Make => {
    return async () => {
      const call = compile(score, options)
      const step = async (x: Tensor, t: Tensor, source: Key): Promise<Tensor> => {
        const s = await call(x, t)
        const next = tidy(() => update(x, s, source))
        s.dispose()
        return next
      }
      return { name, run: () => chain(step), dispose: () => call.dispose() }
    }
  }
  const whole: Make = async () => {
    const call = compile((x: Tensor, t: Tensor, source: Key) => update(x, score(x, t), source), {
      executor: onnx({ threads: 1 }),
    })
    return {
      name: 'sgm, 1 thread, whole step compiled',
      run: () => chain(call),
      dispose: () => call.dispose(),
    }
  }
  return {
    title: `${STEPS} Euler–Maruyama steps of ${batch} points, score MLP 3-128-128-128-2`,
    contenders: [
      byScore('sgm, 1 thread, score compiled', { executor: onnx({ threads: 1 }) }),
      whole,
      byScore('eager wasm, sgm kernels', {}),
    ],
  }
}

const image = () => [normal(key(1), [32, 28, 28, 32]), normal(key(2), [3, 3, 32, 64])]
const convFlops = 2 * 32 * 28 * 28 * 32 * 64 * 9
const conv = (x: Tensor, filter: Tensor): Tensor => conv2d(x, filter, { padding: 'same' })
const convBoth = (x: Tensor, filter: Tensor): Tensor => {
  const gradients = grad(([a, b]: readonly Tensor[]) => sum(square(conv(a!, b!))))([x, filter])
  return gradients
    .map((g) => sum(reshape(g, [-1])))
    .reduce((a, b) => matMul(reshape(a, [1, 1]), reshape(b, [1, 1])))
}
const square1024 = () => [normal(key(3), [1024, 1024]), normal(key(4), [1024, 1024])]

const items: Item[] = [
  ...mlp(128, 512, true),
  ...mlp(256, 2048, false),
  sampling(),
  {
    title: 'Convolution 3×3, 32→64, 28×28, batch 32, forward',
    flops: convFlops,
    contenders: everyWay(() => conv as never, image, false),
  },
  {
    title: 'The same with both gradients',
    flops: 3 * convFlops,
    contenders: everyWay(() => convBoth as never, image, false),
  },
  {
    title: 'Matrix product 1024³',
    flops: 2 * 1024 ** 3,
    contenders: everyWay(() => ((a: Tensor, b: Tensor) => matMul(a, b)) as never, square1024, false),
  },
]

await useBackend('wasm')
console.log(machine())
console.log('Fastest run of each; × is the time over that of sgm with one thread.')
for (const item of items) await measure(item)
console.log(`\n${machine()}`)
process.exit(0)
