import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { Info } from '../info'
import { compiled, floats, handle, withWindow, zeros } from './heap'
import { transposed } from './matmul'
import { multiply } from './multiply'
import type { Replacement } from './register'

type Conv2DInfo = tf.backend_util.Conv2DInfo

interface ConvAttributes {
  readonly strides: [number, number]
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding
  readonly dataFormat: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

/**
 * `Conv2DBackpropInput` by the forward kernel. With stride s, input u of the padded image meets tap i of output q
 * when u = s q + i, so the inputs with equal u mod s (a phase) are an ordinary convolution of `dy` with every s-th
 * tap, reversed. One convolution makes all phases, as channels, and a copy interleaves them.
 */
export const conv2dBackpropInput: Replacement = (plain) => (args) => {
  const { dy, filter } = args.inputs as { dy: Info; filter: Info }
  const { inputShape, ...attrs } = args.attrs as unknown as ConvAttributes & { inputShape: Shape4 }
  const backend = args.backend as BackendWasm
  if (attrs.dataFormat === 'NCHW') return plain(args)
  if (tf.util.sizeFromShape(dy.shape) === 0) return zeros(backend, inputShape)
  const info = describe(inputShape, filter.shape as Shape4, attrs)
  const rows = axisPhases(
    info.inHeight,
    info.outHeight,
    info.filterHeight,
    info.strideHeight,
    info.padInfo.top,
  )
  const columns = axisPhases(
    info.inWidth,
    info.outWidth,
    info.filterWidth,
    info.strideWidth,
    info.padInfo.left,
  )

  const taps = phaseFilter(backend, filter, info, rows, columns)
  const channels = taps.shape[3]!
  const phases = backend.makeOutput([info.batchSize, rows.count, columns.count, channels], 'float32')
  convolve(backend, dy, taps, phases, rows, columns)
  backend.disposeData(taps.dataId)
  const exact = channels === info.inChannels && rows.count === info.inHeight && columns.count === info.inWidth
  if (exact && rows.skip === 0 && columns.skip === 0) return phases

  const out = zeros(backend, inputShape)
  interleave(floats(backend, phases), floats(backend, out), info, rows, columns)
  backend.disposeData(phases.dataId)
  return out
}

/**
 * `Conv2DBackpropFilter`, which the backend lacks: for each tap, the transposed images times `dy`. With `dy` laid
 * into the grid of the padded images, zero outside, the images that a tap meets are the same matrix some elements
 * further on, so nothing is copied per tap.
 */
export function conv2dBackpropFilter(args: Parameters<tf.KernelFunc>[0]): Info {
  const { x, dy } = args.inputs as { x: Info; dy: Info }
  const { filterShape, ...attrs } = args.attrs as unknown as ConvAttributes & { filterShape: Shape4 }
  const backend = args.backend as BackendWasm
  if (attrs.dataFormat === 'NCHW')
    throw new Error("conv2d: expected the data format 'NHWC' on the wasm backend, got 'NCHW'")
  const info = describe(x.shape as Shape4, filterShape, attrs)
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, strideHeight, strideWidth } = info
  const height = info.outHeight + Math.ceil(filterHeight / strideHeight) - 1
  const width = info.outWidth + Math.ceil(filterWidth / strideWidth) - 1
  const grid = batchSize * height * width
  if (grid === 0) return zeros(backend, filterShape)
  const tail = (Math.ceil(filterHeight / strideHeight) - 1) * width + Math.ceil(filterWidth / strideWidth) - 1

  const cotangent = zeros(backend, [grid, outChannels])
  spread(floats(backend, dy), floats(backend, cotangent), info, height, width)
  const out = backend.makeOutput([...filterShape], 'float32')
  for (let a = 0; a < Math.min(strideHeight, filterHeight); a++) {
    for (let b = 0; b < Math.min(strideWidth, filterWidth); b++) {
      const images = phaseImages(backend, x, info, [a, b], [height, width], tail)
      for (let i = a; i < filterHeight; i += strideHeight) {
        for (let j = b; j < filterWidth; j += strideWidth) {
          const shift = Math.floor(i / strideHeight) * width + Math.floor(j / strideWidth)
          const block = (i * filterWidth + j) * inChannels * outChannels
          withWindow(backend, images, shift, [inChannels, grid], (shifted) =>
            withWindow(backend, out, block, [inChannels, outChannels], (tap) =>
              multiply(backend, shifted, cotangent, tap, [inChannels, grid, outChannels]),
            ),
          )
        }
      }
      backend.disposeData(images.dataId)
    }
  }
  backend.disposeData(cotangent.dataId)
  return out
}

type Shape4 = [number, number, number, number]

function describe(inputShape: Shape4, filterShape: Shape4, attrs: ConvAttributes): Conv2DInfo {
  const { strides, pad, dimRoundingMode } = attrs
  return tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode)
}

/** How one axis of the input falls into phases. */
interface AxisPhases {
  readonly stride: number
  /** Phases that a tap meets; inputs in the others have gradient zero. */
  readonly used: number
  /** Most taps in one phase. */
  readonly taps: number
  /** Positions computed of each phase. */
  readonly count: number
  /** Padded input of the first position, less the padding: where input 0 lies in the computed run. */
  readonly skip: number
  /** Padding of `dy`. */
  readonly before: number
  readonly after: number
}

function axisPhases(
  input: number,
  output: number,
  filter: number,
  stride: number,
  padding: number,
): AxisPhases {
  const taps = Math.ceil(filter / stride)
  const first = Math.min(Math.floor(padding / stride), taps - 1)
  const end = Math.max(Math.ceil((padding + input) / stride), output)
  return {
    stride,
    used: Math.min(stride, filter),
    taps,
    count: end - first,
    skip: padding - first * stride,
    before: taps - 1 - first,
    after: end - output,
  }
}

/** Filter `[h, w, C, O]` → `[h′, w′, O, phases · C]`, each phase's taps reversed, zero where it has none. */
function phaseFilter(
  backend: BackendWasm,
  filter: Info,
  info: Conv2DInfo,
  rows: AxisPhases,
  columns: AxisPhases,
): Info {
  const { inChannels, outChannels, filterHeight, filterWidth } = info
  const width = rows.used * columns.used * inChannels
  const out = zeros(backend, [rows.taps, columns.taps, outChannels, width])
  const [from, to] = [floats(backend, filter), floats(backend, out)]
  for (let i = 0; i < filterHeight; i++) {
    for (let j = 0; j < filterWidth; j++) {
      const phase = (i % rows.stride) * columns.used + (j % columns.stride)
      const row = rows.taps - 1 - Math.floor(i / rows.stride)
      const column = columns.taps - 1 - Math.floor(j / columns.stride)
      const target = (row * columns.taps + column) * outChannels * width + phase * inChannels
      const source = (i * filterWidth + j) * inChannels * outChannels
      for (let o = 0; o < outChannels; o++) {
        for (let c = 0; c < inChannels; c++) to[target + o * width + c] = from[source + c * outChannels + o]!
      }
    }
  }
  return out
}

function convolve(
  backend: BackendWasm,
  x: Info,
  filter: Info,
  out: Info,
  rows: AxisPhases,
  columns: AxisPhases,
): void {
  const [batch, height, width, channels] = x.shape as Shape4
  const [h, w, , outChannels] = filter.shape as Shape4
  const size = [handle(backend, x), batch, height, width, handle(backend, filter), h, w]
  const padding = [rows.before, columns.after, rows.after, columns.before, 0]
  compiled(backend, 'Conv2D', 19)(
    ...size,
    ...padding,
    1,
    1,
    1,
    1,
    channels,
    outChannels,
    handle(backend, out),
  )
}

/** Phases `[B, q, q′, phases · C]` → images `[B, H, W, C]`, which start `skip` inputs into the run. */
function interleave(
  from: Float32Array,
  to: Float32Array,
  info: Conv2DInfo,
  rows: AxisPhases,
  columns: AxisPhases,
): void {
  const { batchSize, inHeight, inWidth, inChannels } = info
  const pixel = rows.used * columns.used * inChannels
  for (let n = 0; n < batchSize; n++) {
    for (let y = 0; y < inHeight; y++) {
      const u = y + rows.skip
      const a = u % rows.stride
      if (a >= rows.used) continue
      const line = (n * rows.count + (u - a) / rows.stride) * columns.count
      for (let x = 0; x < inWidth; x++) {
        const v = x + columns.skip
        const b = v % columns.stride
        if (b >= columns.used) continue
        const source = (line + (v - b) / columns.stride) * pixel + (a * columns.used + b) * inChannels
        const target = ((n * inHeight + y) * inWidth + x) * inChannels
        for (let c = 0; c < inChannels; c++) to[target + c] = from[source + c]!
      }
    }
  }
}

/** `dy` `[B, H′, W′, O]` laid into the top left of each image of a `[B, height, width, O]` grid. */
function spread(from: Float32Array, to: Float32Array, info: Conv2DInfo, height: number, width: number): void {
  const { batchSize, outHeight, outWidth, outChannels } = info
  const run = outWidth * outChannels
  for (let n = 0; n < batchSize; n++) {
    for (let y = 0; y < outHeight; y++) {
      const source = (n * outHeight + y) * run
      to.set(from.subarray(source, source + run), (n * height + y) * width * outChannels)
    }
  }
}

/** One phase of the padded images, channels first: `[C, B · height · width]`, with `tail` zeros behind the last. */
function phaseImages(
  backend: BackendWasm,
  x: Info,
  info: Conv2DInfo,
  [a, b]: readonly [number, number],
  [height, width]: readonly [number, number],
  tail: number,
): Info {
  const { batchSize, inHeight, inWidth, inChannels, strideHeight, strideWidth, padInfo } = info
  const grid = batchSize * height * width
  const phase = zeros(backend, [grid, inChannels])
  const [from, to] = [floats(backend, x), floats(backend, phase)]
  for (let n = 0; n < batchSize; n++) {
    for (let q = 0; q < height; q++) {
      const y = q * strideHeight + a - padInfo.top
      if (y < 0 || y >= inHeight) continue
      for (let r = 0; r < width; r++) {
        const at = r * strideWidth + b - padInfo.left
        if (at < 0 || at >= inWidth) continue
        const source = ((n * inHeight + y) * inWidth + at) * inChannels
        const target = ((n * height + q) * width + r) * inChannels
        for (let c = 0; c < inChannels; c++) to[target + c] = from[source + c]!
      }
    }
  }
  const turned = transposed(backend, phase)
  backend.disposeData(phase.dataId)
  const out = zeros(backend, [inChannels * grid + tail])
  floats(backend, out).set(floats(backend, turned))
  backend.disposeData(turned.dataId)
  return out
}
