import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdir } from 'node:process'
import { glyphs } from '@sgm/data'
import { maskOperator } from '@sgm/samplers'
import { gaussian, mlp } from '@sgm/score'
import { vp } from '@sgm/sde'
import { key, mul, normal, ones, serialize, square, sum, sumRows, tensor } from '@sgm/tensor'

/** What functions are called with, where the call is to work. */
export const k = key(1)
export const x = tensor([
  [0.5, -1],
  [2, 0.25],
  [1, 1],
])
export const t = tensor([0.5, 0.4, 0.3])
export const picture = ones([2, 4, 4, 1])
export const filter = ones([3, 3, 1, 1])
export const ints = tensor([0, 1, 1], [3], 'int32')
export const chains = normal(k, [2, 8, 1])
export const bools = tensor([0, 1, 1], [3], 'bool')
export const process = vp()
export const operator = maskOperator([1, 0])
export const { score } = gaussian()
/** A problem for samplers, with all that one may ask. */
export const exact = { process, ...gaussian().diffused(process) }
export const net = mlp({ hidden: [4] })
export const parameters = net.init(k)
export const weights = await serialize(parameters)
export const bytes = await serialize({ x })
export const set = glyphs({ count: 6, key: k })
export const problem = { process, score }
export const run = { key: k, shape: [1, 2], steps: 1 }
/** A run of a short step: adaptive samplers cross the whole interval in thousands. */
export const driven = { key: k, x: ones([3, 2]), times: [0.5, 0.499] }
export const twice = (y: typeof x) => mul(y, 2)
export const energyOf = (y: typeof x) => sum(square(y))
export const energy = (y: typeof x) => sumRows(square(y))
export const folder = mkdtempSync(join(tmpdir(), 'sgm-misuse-'))
chdir(folder)
export const file = join(folder, 'file.bin')
writeFileSync(file, new Uint8Array(8))
export const npy = new Uint8Array([
  0x93,
  78,
  85,
  77,
  80,
  89,
  1,
  0,
  0x76,
  0,
  ...new TextEncoder().encode(
    `${"{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 2), }".padEnd(117)}\n`,
  ),
  1,
  2,
  3,
  4,
])
export const npyFile = join(folder, 'images.npy')
writeFileSync(npyFile, npy)
export const png = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='),
  (c) => c.charCodeAt(0),
)

/** Tensors that functions are given, and must leave alive. */
export const lent = [x, t, picture, filter, ints, bools, chains, ...Object.values(parameters)]

/** Calls that work, by the names of functions. */
export type Calls = Readonly<Record<string, () => readonly unknown[]>>
