import { compile, conv2d, matMul, type Tensor, tensor } from '@sgm/tensor'
import { afterEach, describe, expect, test } from 'vitest'
import { type Gpu, type GpuOptions, openGpu, type Tile } from './index'
import { softwareTile, tiles } from './plan/tiles'
import { fastestTile } from './run/measure'

const opened: Gpu[] = []
const open = async (options: GpuOptions): Promise<Gpu> => {
  const gpu = await openGpu(options)
  opened.push(gpu)
  return gpu
}

afterEach(() => {
  for (const gpu of opened.splice(0)) gpu.close()
})

/** Integers whose sums of products float32 holds exactly, in whatever order. */
const integers = (length: number, step: number): number[] =>
  Array.from({ length }, (_, i) => ((i * step) % 13) - 6)

const small: readonly Tile[] = [softwareTile, { rows: 8, columns: 4, inner: 4, perThread: 2 }]

describe('products', () => {
  // The inner axis is long enough to be cut into parts.
  const [m, k, n] = [37, 530, 19]
  const [a, b] = [integers(m * k, 7), integers(k * n, 5)]
  const wanted = Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return Array.from({ length: k }, (_, l) => a[i * k + l]! * b[l * n + j]!).reduce((x, y) => x + y)
  })

  // As deep as those for GPUs, and as high a thread; but of few threads, which adapters in software compile in a moment.
  const alike = tiles.map(
    ({ inner, perThread }): Tile => ({ rows: 2 * perThread, columns: 8, inner, perThread }),
  )

  test.each([...alike, ...small])('of $rows × $columns tiles, $inner deep, are exact', async (tile) => {
    const gpu = await open({ tiles: [tile] })
    expect(await gpu.tile()).toEqual(tile)
    const f = compile((x: Tensor, y: Tensor) => matMul(x, y), { executor: gpu.executor() })
    expect([...(await (await f(tensor(a, [m, k]), tensor(b, [k, n]))).data())]).toEqual(wanted)
    await f.dispose()
  })

  test.each(small)('give a convolution of $rows × $columns tiles', async (tile) => {
    const gpu = await open({ tiles: [tile] })
    const f = compile((x: Tensor, w: Tensor) => conv2d(x, w), { executor: gpu.executor() })
    const x = tensor(integers(25, 3), [1, 5, 5, 1])
    // The filter moves the image one to the left.
    const w = tensor([0, 0, 0, 0, 0, 1, 0, 0, 0], [3, 3, 1, 1])
    const moved = integers(25, 3).map((_, i, all) => (i % 5 === 4 ? 0 : all[i + 1]!))
    expect([...(await (await f(x, w)).data())]).toEqual(moved)
    await f.dispose()
  })
})

describe('the tile of products', () => {
  test('is the fastest, or the one before it where they are nearly as fast', async () => {
    const [first, second] = small as [Tile, Tile]
    const timed = (a: number, b: number) => fastestTile(small, async (tile) => (tile === first ? a : b))
    expect(await timed(1, 2)).toBe(first)
    expect(await timed(2, 1)).toBe(second)
    expect(await timed(1, 0.98)).toBe(first)
  })

  test('is measured once, leaves nothing, and can be handed in the next time', async () => {
    const gpu = await open({ tiles: small })
    const tile = await gpu.tile()
    expect(small).toContain(tile)
    expect(gpu.usage).toMatchObject({ buffers: 0, bytes: 0 })
    const other = await open({ tiles: small })
    expect(await other.tile()).toBe(tile)
    expect(other.usage.pipelines).toBe(0)
    const again = await open({ tiles: [JSON.parse(JSON.stringify(tile)) as Tile] })
    expect(await again.tile()).toEqual(tile)
  })

  test('must be one', async () => {
    const tile = { rows: 8, columns: 6, inner: 4, perThread: 2 }
    await expect(openGpu({ tiles: [tile] })).rejects.toThrow(
      "openGpu: expected a tile's columns to be a multiple of 4, its rows one of perThread, got",
    )
    const huge = { rows: 1024, columns: 1024, inner: 16, perThread: 1 }
    await expect(openGpu({ tiles: [huge] })).rejects.toThrow(
      'openGpu: expected tiles that the device can make',
    )
  })
})
