/** onnxruntime-web on WebGPU: our graphs, exported, all that is large staying on the device from call to call. */

import { toOnnx } from '@sgm/backend-onnx'
import {
  conv2d,
  dispose,
  key,
  matMul,
  type NamedTensors,
  normal,
  type Tensor,
  uniform,
  useBackend,
} from '@sgm/tensor'
import * as ort from 'onnxruntime-web/webgpu'
import { adamStep, convGradients, convolution, imagesOf, samplingStep, squares } from '../functions'
import { networkOf, perceptron } from '../networks'
import { serve } from '../serve'
import type { Job, Makers, WorkOf } from '../work'

/** Node's Dawn takes no shared memory, which that of WebAssembly with threads is. */
function copyShared(): void {
  const { writeBuffer } = GPUQueue.prototype
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...range) {
    const { buffer: memory } = data as Uint8Array
    const own = memory instanceof SharedArrayBuffer ? new Uint8Array(data as Uint8Array) : data
    return writeBuffer.call(this, buffer, offset, own as GPUAllowSharedBufferSource, ...range)
  }
}

/** A model and its first inputs, each in the memory of the device after the first call. */
interface Model {
  readonly session: ort.InferenceSession
  readonly feeds: Record<string, ort.Tensor>
}

async function open(fn: (...args: Tensor[]) => unknown, args: readonly Tensor[]): Promise<Model> {
  const bytes = await toOnnx(fn, [...args], { batch: 'fixed' })
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['webgpu'],
    preferredOutputLocation: 'gpu-buffer',
  })
  const feeds: Record<string, ort.Tensor> = {}
  for (const [i, x] of args.entries()) feeds[`input_${i}`] = await onDevice(x)
  dispose(args)
  return { session, feeds }
}

async function onDevice(x: Tensor): Promise<ort.Tensor> {
  const values = Float32Array.from(await x.data())
  const device = (await ort.env.webgpu.device) as GPUDevice
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const buffer = device.createBuffer({ size: Math.ceil(values.byteLength / 16) * 16, usage })
  device.queue.writeBuffer(buffer, 0, values)
  return ort.Tensor.fromGpuBuffer(buffer, {
    dataType: 'float32',
    dims: x.shape,
    dispose: () => buffer.destroy(),
  })
}

/** Work whose outputs are the first inputs of the next call. */
function job({ session, feeds }: Model, calls: number, fed: number, each?: (call: number) => void): Job {
  return {
    async run() {
      for (let call = 0; call < calls; call++) {
        each?.(call)
        const made = Object.values(await session.run(feeds))
        for (const [i, output] of made.entries()) {
          if (i >= fed) output.dispose()
          else {
            feeds[`input_${i}`]!.dispose()
            feeds[`input_${i}`] = output
          }
        }
      }
      const device = (await ort.env.webgpu.device) as GPUDevice
      await device.queue.onSubmittedWorkDone()
    },
    async dispose() {
      for (const x of Object.values(feeds)) x.dispose()
      await session.release()
    },
  }
}

async function training(work: WorkOf<'mlp-step' | 'unet-step'>): Promise<Job> {
  const { model, shape } = networkOf(work)
  const { state, given, step } = adamStep(model, shape)
  const [kept, named] = [Object.keys(state), Object.keys(given)]
  const pick = (names: readonly string[], values: readonly Tensor[]): NamedTensors =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!]))
  const fn = (...args: Tensor[]): Tensor[] => {
    const next = step(pick(kept, args), pick(named, args.slice(kept.length)))
    return kept.map((name) => next[name]!)
  }
  const args = [...Object.values(state), ...Object.values(given)]
  return job(await open(fn, args), work.calls, kept.length)
}

const sampling =
  (corrects: boolean) =>
  async (work: WorkOf<'euler-maruyama' | 'predictor-corrector'>): Promise<Job> => {
    const model = perceptron(work)
    const parameters = model.init(key(0))
    const step = samplingStep(model, parameters, 1 / work.calls, corrects)
    const shape = [work.batch, 2]
    const args = [normal(key(1), shape), uniform(key(2), []), normal(key(3), shape)]
    const opened = await open(step as (...args: Tensor[]) => unknown, args)
    dispose(parameters)
    return job(opened, work.calls, 1, (call) => {
      opened.feeds.input_1 = new ort.Tensor('float32', [1 - call / work.calls], [])
    })
  }

const makers: Makers = {
  'mlp-step': training,
  'unet-step': training,
  async 'unet-score'(work) {
    const { model, shape } = networkOf(work)
    const parameters = model.init(key(0))
    const args = [normal(key(1), shape), uniform(key(2), [work.batch])]
    const opened = await open((x, t) => model.apply(parameters, x!, t!), args)
    dispose(parameters)
    return job(opened, work.calls, 0)
  },
  conv: async (work) => job(await open((x, w) => conv2d(x!, w!), convolution(work)), work.calls, 0),
  'conv-gradients': async (work) =>
    job(
      await open(
        (x, w, dy) => convGradients(x!, w!, dy!),
        [...convolution(work), normal(key(2), imagesOf(work))],
      ),
      work.calls,
      0,
    ),
  matmul: async (work) => job(await open((a, b) => matMul(a!, b!), squares(work)), work.calls, 0),
  'euler-maruyama': sampling(false),
  'predictor-corrector': sampling(true),
  normals: 'ONNX has no keyed draws',
}

await serve(async () => {
  await useBackend('cpu')
  copyShared()
  ort.env.wasm.numThreads = 1
  ort.env.logLevel = 'error'
  return { name: `onnxruntime-web ${ort.env.versions.common}`, makers }
})
