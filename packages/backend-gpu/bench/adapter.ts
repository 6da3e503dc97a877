/** What an adapter can do at most. */
export interface Roofline {
  /** Bytes read and written a second by copies from buffer to buffer. */
  readonly bandwidth: number
  /** Multiplications and additions of float32 a second, in registers. */
  readonly rate: number
}

/** Measures an adapter by a long copy and by a kernel that multiplies and adds. */
export async function roofline(device: GPUDevice): Promise<Roofline> {
  return { bandwidth: await bandwidthOf(device), rate: await rateOf(device) }
}

const [BYTES, COPIES] = [2 ** 28, 10]

async function bandwidthOf(device: GPUDevice): Promise<number> {
  const usage = GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
  const [from, to] = [0, 1].map(() => device.createBuffer({ size: BYTES, usage })) as [GPUBuffer, GPUBuffer]
  const seconds = await least(device, (encoder) => {
    for (let i = 0; i < COPIES; i++) encoder.copyBufferToBuffer(from, 0, to, 0, BYTES)
  })
  from.destroy()
  to.destroy()
  return (2 * BYTES * COPIES) / seconds
}

const [GROUPS, THREADS, TURNS] = [8192, 256, 1024]

async function rateOf(device: GPUDevice): Promise<number> {
  const code = `
    @group(0) @binding(0) var<storage, read_write> sink: array<vec4<f32>>;
    @compute @workgroup_size(${THREADS}) fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      let x = vec4<f32>(f32(id.x) * 1e-9 + 1.0);
      var a = x; var b = x + 1.0; var c = x + 2.0; var d = x + 3.0;
      for (var i = 0u; i < ${TURNS}u; i++) {
        a = fma(a, x, b); b = fma(b, x, c); c = fma(c, x, d); d = fma(d, x, a);
      }
      sink[id.x % 64u] = a + b + c + d;
    }`
  const module = device.createShaderModule({ code })
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } })
  const sink = device.createBuffer({ size: 64 * 16, usage: GPUBufferUsage.STORAGE })
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: sink } }],
  })
  const seconds = await least(device, (encoder) => {
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(0, group)
    pass.dispatchWorkgroups(GROUPS)
    pass.end()
  })
  sink.destroy()
  return (GROUPS * THREADS * TURNS * 16 * 2) / seconds
}

/** Seconds of work on the device, the least of a few times. */
async function least(device: GPUDevice, encode: (encoder: GPUCommandEncoder) => void): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < 4; i++) {
    const encoder = device.createCommandEncoder()
    encode(encoder)
    const begun = performance.now()
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
    if (i > 0) best = Math.min(best, (performance.now() - begun) / 1000)
  }
  return best
}
