import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { runLikelihood } from './commands/likelihood'
import { describeMachine, machineInfo } from './commands/machine'
import { runSample } from './commands/sample'
import { runTrain } from './commands/train'
import { main } from './main'
import { runFiles } from './run-folder'
import { temporaryFolder, tiny } from './testing'

const folder = await temporaryFolder()
const { threads: _, ...small } = tiny
const gpu = { ...small, device: 'gpu', width: 8 } as const

// In Node the first GPU that is opened brings WebGPU's classes, which tests replace methods of.
beforeAll(() => machineInfo())
afterEach(() => vi.restoreAllMocks())

/** A run that nothing stopped. */
const whole = join(folder, 'whole')

const checkpoint = (run: string) => readFile(runFiles(run).checkpoint)

describe('--device gpu', () => {
  it('trains, samples and judges as the CPU does', async () => {
    const native = join(folder, 'native')
    const wanted = await runTrain({ ...gpu, device: 'cpu', out: native })
    const got = await runTrain({ ...gpu, out: whole })
    expect(Math.abs(got.loss! / wanted.loss! - 1)).toBeLessThan(1e-4)
    const drawn = await runSample({ run: whole, n: 2, sampler: 'em', steps: 3, device: 'gpu' })
    expect(drawn).toMatchObject({ n: 2, step: 6, evaluations: 3 })
    const judging = { run: native, n: 4, tolerance: 1e-3 }
    const bits = await runLikelihood({ ...judging, device: 'gpu' })
    expect(bits.mean).toBeCloseTo((await runLikelihood(judging)).mean, 2)
  })

  it('reads losses where they are logged or shown, not after each step', async () => {
    const read = vi.spyOn(GPUBuffer.prototype, 'mapAsync')
    const shown: number[] = []
    const report = (_: string, done: number) => shown.push(done)
    const options = { ...gpu, steps: 40, saveEvery: 1000 }
    await runTrain({ ...options, logEvery: 20, out: join(folder, 'seldom') }, { report })
    expect(shown).toEqual([0, 10, 20, 30, 40])
    const { length } = read.mock.calls
    await runTrain({ ...options, logEvery: 1, out: join(folder, 'often') })
    // Once for each of the steps that were not read before.
    expect(read.mock.calls.length - 2 * length).toBe(40 - 4)
  })

  it('stops with the last checkpoint when the device is lost, and goes on from there', async () => {
    const broken = join(folder, 'broken')
    const devices: GPUDevice[] = []
    const request = GPUAdapter.prototype.requestDevice
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (
      this: GPUAdapter,
      ...args
    ) {
      const device = await request.apply(this, args)
      devices.push(device)
      return device
    })
    const report = (_: string, done: number): void => {
      if (done === 3) devices[0]!.destroy()
    }
    const run = runTrain({ ...gpu, saveEvery: 2, out: broken }, { report })
    await expect(run).rejects.toMatchObject({ name: 'GpuLostError' })
    expect(await runTrain({ out: broken, device: 'gpu' })).toMatchObject({ resumedFrom: 2, step: 6 })
    expect(devices).toHaveLength(2)
    expect(await checkpoint(broken)).toEqual(await checkpoint(whole))
  })

  it('that is lost is told of in the words of the command, with what to do next', async () => {
    const out = join(folder, 'lost')
    const request = GPUAdapter.prototype.requestDevice
    vi.spyOn(GPUAdapter.prototype, 'requestDevice').mockImplementation(async function (
      this: GPUAdapter,
      ...args
    ) {
      const device = await request.apply(this, args)
      device.destroy()
      return device
    })
    const args = ['train', '--data', 'glyphs:8', '--net', 'mlp', '--width', '8', '--steps', '2']
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    expect(await main([...args, '--device', 'gpu', '--out', out], { stdout, stderr })).toBe(1)
    expect(String(stderr.read()).trim().split('\n').at(-1)).toMatch(
      /^sgm: expected a device for --device gpu, got one that was lost \(it was closed.*\); to go on: sgm train --out /,
    )
  })

  it('has no threads', async () => {
    await expect(runTrain({ ...gpu, threads: 1, out: join(folder, 'none') })).rejects.toThrow(
      'sgm: expected --threads with --device cpu, got --device gpu',
    )
  })
})

it('tells what the command can run on', async () => {
  const info = await machineInfo()
  expect(describeMachine(info)).toMatch(/\n--device gpu +.+\n {2}maxBufferSize +\d+\n/)
  const { engines, limits, versions } = info
  expect(engines.onnx).toMatchObject({ description: expect.stringMatching(/^onnxruntime-node \d/) })
  expect(engines.gpu).toMatchObject({ available: true })
  expect(limits!.maxBufferSize).toBeGreaterThanOrEqual(2 ** 28)
  expect(versions).toMatchObject({ node: process.version, tfjs: expect.stringMatching(/^4\./) })
})
