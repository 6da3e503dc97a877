import { expected } from '@sgm/tensor'
import type { Tile } from './tuning'

const tile = (rows: number, columns: number, inner: number, perThread: number): Tile => ({
  rows,
  columns,
  inner,
  perThread,
})

/** Tiles that an adapter is tried with, the one to prefer first where they are equally fast. */
export const tiles: readonly Tile[] = [
  tile(64, 64, 16, 4),
  tile(32, 32, 16, 4),
  tile(64, 64, 16, 8),
  tile(128, 64, 16, 8),
  tile(128, 128, 8, 16),
]

/** For adapters that compute in software: their time goes into compiling, a quarter of which is left where all threads run as one. */
export const softwareTile: Tile = tile(4, 4, 4, 1)

/** Columns that a thread makes at once. */
export const COLUMNS = 4

/** Threads of the workgroup that makes a tile. */
export const threadsOf = ({ rows, columns, perThread }: Tile): number =>
  (rows / perThread) * (columns / COLUMNS)

/** Whether a device can make a tile. */
export function fits(tile: Tile, limits: GPUSupportedLimits): boolean {
  const shared = 4 * tile.inner * (tile.rows + tile.columns)
  const threads = threadsOf(tile)
  return (
    threads <= Math.min(limits.maxComputeInvocationsPerWorkgroup, limits.maxComputeWorkgroupSizeX) &&
    shared <= limits.maxComputeWorkgroupStorageSize
  )
}

/** @throws RangeError for a tile that no kernel can make. */
export function checkTile(tile: Tile): void {
  const { rows, columns, inner, perThread } = tile
  const whole = [rows, columns, inner, perThread].every((n) => Number.isInteger(n) && n >= 1)
  if (!whole || columns % COLUMNS !== 0 || rows % perThread !== 0) {
    throw expected(
      'openGpu',
      `a tile's columns to be a multiple of ${COLUMNS}, its rows one of perThread`,
      JSON.stringify(tile),
    )
  }
}
