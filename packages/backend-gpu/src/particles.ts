import { checkShape, expected, type Tensor } from '@sgm/tensor'
import { checkLists, checkMethods, checkPositive, objectOf, optionsOf } from '@sgm/tensor/check'
import type { Gpu } from './open'
import { particles } from './wgsl/particles'

/** Where {@link particleView} draws: a canvas of a page, or a texture that may be drawn to. */
export type ParticleTarget = HTMLCanvasElement | OffscreenCanvas | GPUTexture

/** Red, green, blue and opacity, each in [0, 1]. */
export type Color = readonly [red: number, green: number, blue: number, opacity: number]

/** Options of {@link particleView}. */
export interface ParticleViewOptions {
  /** What of the plane is seen, in the data's units; the second axis points up. @default `[-4, 4, -4, 4]` */
  readonly bounds?: readonly [left: number, right: number, bottom: number, top: number]
  /** Of a particle, in pixels, > 0. @default 1 */
  readonly radius?: number
  /** Of a particle; clear ones show where many are. @default a clear blue */
  readonly color?: Color
  /** Behind them. @default nothing */
  readonly background?: Color
}

/** Draws particles. */
export interface ParticleView {
  /**
   * Draws points `[N, 2]`, which stay the caller's. Where they are on the view's GPU nothing is copied or read.
   *
   * @throws RangeError when x is not `[N, 2]`. `GpuLostError` when the device was lost. Error after {@link dispose}.
   */
  draw(x: Tensor): Promise<void>
  /** Frees what the view holds; the picture stays. */
  dispose(): void
}

/**
 * Draws points of the plane from the GPU's own memory: a hundred thousand particles that a sampler moves are seen as they go, and none is read
 * to the host.
 *
 * A particle is a disc with a soft edge, laid over those before it.
 *
 * @param gpu Whose tensors are drawn.
 * @param target A canvas without another context, or a texture.
 * @throws Error where the canvas gives no WebGPU context, for example since it has another. RangeError for an option out of range.
 * @example
 * const gpu = await openGpu()
 * await useBackend('webgpu')
 * const view = particleView(gpu, document.querySelector('canvas')!)
 * const process = vp()
 * const { score } = gaussianMixture().diffused(process)
 * const options = { key: key(0), shape: [100_000, 2], finite: false }
 * const run = trajectory({ process, score }, eulerMaruyama(), options)
 * for await (const { x } of run) {
 *   await view.draw(x)
 *   await new Promise(requestAnimationFrame)
 * }
 */
export function particleView(
  gpu: Gpu,
  target: ParticleTarget,
  options: ParticleViewOptions = {},
): ParticleView {
  const {
    bounds = [-4, 4, -4, 4],
    radius = 1,
    color = [0.12, 0.35, 0.75, 0.35],
    background = [0, 0, 0, 0],
  } = optionsOf('particleView', options, { bounds: true, radius: true, color: true, background: true })
  checkLists('particleView', { bounds })
  const [left, right, bottom, top] = bounds
  checkPositive('particleView', {
    radius,
    'bounds[1] - bounds[0]': right - left,
    'bounds[3] - bounds[2]': top - bottom,
  })
  checkColor('color', color)
  checkColor('background', background)
  const { device } = objectOf('particleView', gpu, 'a GPU that openGpu() opened')
  checkMethods('particleView', { 'gpu.device': device }, 'createShaderModule')
  const { format, texture } = surface(device, target)
  const module = device.createShaderModule({ code: particles, label: 'particles' })
  const pipeline = device.createRenderPipeline({
    label: 'particles',
    layout: 'auto',
    vertex: { module },
    fragment: {
      module,
      targets: [{ format, blend: { color: over, alpha: over } }],
    },
  })
  const view = device.createBuffer({ size: 48, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST })
  let own: GPUBuffer | undefined
  let end: Error | undefined
  gpu.lost.then((error) => {
    end ??= error
  })

  /** Points that are elsewhere are brought here. */
  const uploaded = async (x: Tensor): Promise<GPUBuffer> => {
    const values = new Float32Array(await x.data())
    if (own?.size !== values.byteLength) {
      own?.destroy()
      const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST
      own = device.createBuffer({ size: values.byteLength, usage })
    }
    device.queue.writeBuffer(own, 0, values)
    return own
  }

  return {
    async draw(x) {
      checkShape('particleView', 'x', x.shape, [x.shape[0] ?? 0, 2])
      const points = x.size === 0 || end ? undefined : (gpu.bufferOf(x) ?? (await uploaded(x)))
      if (end) throw end
      const to = texture()
      const { width, height } = to
      device.queue.writeBuffer(
        view,
        0,
        Float32Array.of(
          left,
          bottom,
          right - left,
          top - bottom,
          (2 * radius) / width,
          (2 * radius) / height,
          radius,
          0,
          ...color,
        ),
      )
      const encoder = device.createCommandEncoder()
      const [r, g, b, a] = background
      const pass = encoder.beginRenderPass({
        colorAttachments: [
          {
            view: to.createView(),
            loadOp: 'clear',
            storeOp: 'store',
            clearValue: { r: r * a, g: g * a, b: b * a, a },
          },
        ],
      })
      if (points) {
        pass.setPipeline(pipeline)
        const entries = [view, points].map((buffer, binding) => ({ binding, resource: { buffer } }))
        pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }))
        pass.draw(6 * x.shape[0]!)
      }
      pass.end()
      device.queue.submit([encoder.finish()])
    },
    dispose() {
      end ??= new Error('particleView: expected a view that draws, got one that is disposed')
      view.destroy()
      own?.destroy()
    },
  }
}

/** Premultiplied colours, each over what is there. */
const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' }

interface Surface {
  readonly format: GPUTextureFormat
  /** What the next picture is drawn to. */
  texture(): GPUTexture
}

function surface(device: GPUDevice, target: ParticleTarget): Surface {
  if ('createView' in target) return { format: target.format, texture: () => target }
  const context = target.getContext('webgpu') as GPUCanvasContext | null
  if (!context) {
    throw new Error('particleView: expected a canvas with a WebGPU context, got one that has another or none')
  }
  const format = navigator.gpu.getPreferredCanvasFormat()
  context.configure({ device, format, alphaMode: 'premultiplied' })
  return { format, texture: () => context.getCurrentTexture() }
}

function checkColor(name: string, color: Color): void {
  const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
  if (!Array.isArray(color) || color.length !== 4 || !color.every(isShare)) {
    throw expected('particleView', `${name} of four numbers in [0, 1]`, color)
  }
}
