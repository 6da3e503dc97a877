import { sdeDenoising } from '@sgm/losses'
import { eulerMaruyama, predictorCorrector, type Sampler, sample } from '@sgm/samplers'
import { ddpm, mlp, type Network, type TutorialUnetOptions, tutorialUnet } from '@sgm/score'
import { vp } from '@sgm/sde'
import {
  compile,
  conv2d,
  dispose,
  type Executor,
  type Key,
  key,
  matMul,
  type NamedTensors,
  normal,
  type Tensor,
  tensorsIn,
  uniform,
  vjp,
} from '@sgm/tensor'
import { train } from '@sgm/train'

/** Work that is ready: `run` does so many calls and waits until the device has done them. */
export interface Job {
  readonly calls: number
  run(): Promise<void>
  dispose(): Promise<void>
}

/** A row of the table. */
export interface Item {
  readonly title: string
  /** Multiplications and additions of a call, where the rate is of interest. */
  readonly flops?: number
  /** @param executor Undefined for eager tensors. */
  start(device: GPUDevice, executor: Executor | undefined): Promise<Job>
}

const process = vp()

function call(fn: (...args: never[]) => unknown, args: readonly (Tensor | Key)[], calls: number) {
  return async (device: GPUDevice, executor?: Executor): Promise<Job> => {
    const compiled = compile(fn as (...args: (Tensor | Key)[]) => unknown, executor && { executor })
    return {
      calls,
      async run() {
        for (let i = 0; i < calls; i++) dispose(tensorsIn(await compiled(...args)))
        await device.queue.onSubmittedWorkDone()
      },
      async dispose() {
        await compiled.dispose()
        dispose(tensorsIn(args))
      },
    }
  }
}

const product = (size: number, calls: number): Item => ({
  title: `Matrix product ${size}³`,
  flops: 2 * size ** 3,
  start: (device, executor) =>
    call(
      (a: Tensor, b: Tensor) => matMul(a, b),
      [0, 1].map((i) => normal(key(i), [size, size])),
      calls,
    )(device, executor),
})

function convolutions(size: number, channels: number, batch: number, calls: number): Item[] {
  const title = `Convolution 3×3, ${channels}→${channels}, ${size}×${size}, batch ${batch}`
  const flops = 2 * 9 * batch * size ** 2 * channels ** 2
  const given = () => [
    normal(key(0), [batch, size, size, channels]),
    normal(key(1), [3, 3, channels, channels]),
  ]
  const gradients = (x: Tensor, w: Tensor, dy: Tensor) =>
    vjp(({ y, v }: NamedTensors) => conv2d(y!, v!), { y: x, v: w } as NamedTensors, dy).vjp
  return [
    {
      title: `${title}: forward`,
      flops,
      start: (...how) => call((x: Tensor, w: Tensor) => conv2d(x, w), given(), calls)(...how),
    },
    {
      title: `${title}: both gradients`,
      flops: 2 * flops,
      start: (...how) =>
        call(gradients, [...given(), normal(key(2), [batch, size, size, channels])], calls)(...how),
    },
  ]
}

function training(title: string, model: Network, shape: readonly number[], calls: number): Item {
  return {
    title: `${title}, batch ${shape[0]}: Adam step`,
    async start(_device, executor) {
      const x = normal(key(0), shape)
      const steps = 2 ** 31 - 1
      const options = { model, loss: sdeDenoising(), data: () => x, steps, key: key(1), reportEvery: calls }
      const run = train({ ...options, ...(executor && { compile: executor }) })
      const each = run[Symbol.asyncIterator]()
      return {
        calls,
        // The report reads the losses, for which the device must be done.
        run: async () => void (await each.next()),
        async dispose() {
          await each.return?.()
          run.dispose()
          x.dispose()
        },
      }
    },
  }
}

function scoring(title: string, model: Network, shape: readonly number[], calls: number): Item {
  return {
    title: `${title}, batch ${shape[0]}: score`,
    async start(device, executor) {
      const parameters = model.init(key(0))
      const args = [normal(key(1), shape), uniform(key(2), [shape[0]!])]
      const score = (x: Tensor, t: Tensor) => model.apply(parameters, x, t)
      const job = await call(score, args, calls)(device, executor)
      return { ...job, dispose: () => job.dispose().finally(() => dispose(parameters)) }
    },
  }
}

function sampling(sampler: Sampler, width: number, batch: number, steps: number): Item {
  const model = mlp({ hidden: [width, width, width] })
  return {
    title: `${batch} points, a step of ${sampler.name}, MLP of width ${width}`,
    async start(device, executor) {
      const parameters = model.init(key(0))
      const score = compile((x: Tensor, t: Tensor) => model.apply(parameters, x, t), executor && { executor })
      const options = { key: key(1), shape: [batch, 2], steps, finite: false, denoise: 'none' } as const
      return {
        calls: steps,
        async run() {
          dispose([await sample({ process, score }, sampler, options)])
          await device.queue.onSubmittedWorkDone()
        },
        async dispose() {
          await score.dispose()
          dispose(parameters)
        },
      }
    },
  }
}

/** The rows of the table; small ones to see that all of them run. */
export function items(smoke: boolean): readonly Item[] {
  const width = smoke ? 16 : 128
  const unet = smoke ? { size: 8, width: 4, multipliers: [1, 2], blocks: 1, attention: [4] } : {}
  const tutorial: TutorialUnetOptions = smoke ? { widths: [4, 8, 8, 8], groups: [2, 4], embedding: 8 } : {}
  const side = smoke ? 8 : 32
  const count = smoke ? 10_000 : 1_000_000
  const many = smoke ? 2 : 100
  const few = smoke ? 1 : 10
  const steps = smoke ? 5 : 500
  return [
    training(
      `MLP 2-${width}-${width}-${width}-2`,
      mlp({ hidden: [width, width, width] }),
      [smoke ? 16 : 512, 2],
      many,
    ),
    training("The tutorial's U-Net", tutorialUnet(tutorial), [smoke ? 2 : 32, 28, 28, 1], few),
    scoring("The tutorial's U-Net", tutorialUnet(tutorial), [smoke ? 2 : 32, 28, 28, 1], few),
    training("DDPM's U-Net", ddpm(unet), [smoke ? 2 : 8, side, side, 3], few),
    scoring("DDPM's U-Net", ddpm(unet), [smoke ? 2 : 8, side, side, 3], few),
    ...convolutions(side, smoke ? 8 : 128, smoke ? 2 : 32, many),
    ...(smoke ? [product(64, 2)] : [product(1024, 100), product(4096, 10)]),
    sampling(eulerMaruyama(), width, smoke ? 16 : 1000, steps),
    sampling(predictorCorrector(), width, smoke ? 16 : 1000, steps),
    {
      title: `${count} normals`,
      start: (...how) => call((k: Key) => normal(k, [count]), [key(0)], many)(...how),
    },
  ]
}
