import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { CpuBackend } from '../cpu/host'
import type { Info } from '../info'
import { floats } from './heap'
import type { Call, Replacement } from './register'

/** Whether a tensor holds neither NaN nor infinities, 0 times which are NaN; integers and bools hold none. */
export function isAllFinite(backend: BackendWasm, x: Info): boolean {
  if (x.dtype !== 'float32') return true
  const values = floats(backend, x)
  const whole = values.length - (values.length % 4)
  // Four sums, of which none waits for another: three times as fast as one.
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * 0
    b += values[i + 1]! * 0
    c += values[i + 2]! * 0
    d += values[i + 3]! * 0
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * 0
  return a + b + c + d === 0
}

/** The CPU backend's kernel on copies of the operands. */
function onCpu(kernelName: string, { inputs, attrs, backend: held }: Call): Info {
  const backend = held as BackendWasm
  const cpu = tf.findBackend('cpu') as CpuBackend
  const operands = Object.entries(inputs as Record<string, Info | undefined>).flatMap(([name, x]) =>
    x ? [[name, cpu.makeTensorInfo(x.shape, x.dtype, backend.typedArrayFromHeap(x).slice())] as const] : [],
  )
  const { kernelFunc } = tf.getKernel(kernelName, 'cpu')
  const result = kernelFunc({ inputs: Object.fromEntries(operands), attrs: attrs!, backend: cpu }) as Info
  const out = backend.makeOutput(result.shape, result.dtype)
  backend.typedArrayFromHeap(out).set(cpu.data.get(result.dataId).values)
  for (const [, x] of operands) cpu.disposeData(x.dataId)
  cpu.disposeData(result.dataId)
  return out
}

/** A kernel whose place the CPU backend's takes for some calls. */
export const onCpuIf =
  (isNeeded: (args: Call, backend: BackendWasm) => boolean): Replacement =>
  (plain, kernelName) =>
  (args) =>
    isNeeded(args, args.backend as BackendWasm) ? onCpu(kernelName, args) : plain(args)

/** A kernel that is right for operands that are finite, and may lose NaN of others. */
export const forFinite = onCpuIf(({ inputs }, backend) =>
  (Object.values(inputs) as (Info | undefined)[]).some((x) => x && !isAllFinite(backend, x)),
)

/** A kernel whose result is right where it is finite: elsewhere it may hold −∞ for NaN, or NaN from zeros of its own making. */
export const exactIfFinite: Replacement = (plain, kernelName) => (args) => {
  const backend = args.backend as BackendWasm
  const out = plain(args) as Info
  if (isAllFinite(backend, out)) return out
  backend.disposeData(out.dataId)
  return onCpu(kernelName, args)
}

/** A convolution, whose kernel for one weight a channel makes −∞ of NaN. */
export const exactPerChannel: Replacement = (plain, kernelName) => {
  const exact = exactIfFinite(plain, kernelName)
  return (args) => {
    const [h, w, , multiplier] = (args.inputs.filter as Info).shape as [number, number, number, number]
    return h * w * multiplier === 1 ? exact(args) : plain(args)
  }
}

/** So many numbers lose no digits to speak of where they are added in one float32. */
const FEW = 128

/** Means over windows, of which the module adds large ones up in one float32. */
export const ofLargeWindows = onCpuIf(({ attrs }) => {
  const { filterSize } = attrs as unknown as { filterSize: [number, number] | number }
  const [height, width] = typeof filterSize === 'number' ? [filterSize, filterSize] : filterSize
  return height * width > FEW
})
