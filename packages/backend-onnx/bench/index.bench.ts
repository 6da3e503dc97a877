/**
 * Compiled functions beside their alternatives, in one table: `pnpm bench`, or `pnpm bench -- mlp-step unet` for the items whose names
 * begin so. SGM_BENCH_THREADS sets the threads of all that can have more than one; SGM_PYTHON names the Python of PyTorch and JAX.
 */

import { availableParallelism } from 'node:os'
import { useBackend } from '@sgm/tensor'
import { keepPrograms } from '@sgm/tensor/compile'
import { onnx } from '../src'
import { floor } from './contenders/floor.bench'
import { sgm, sgmSteps } from './contenders/sgm.bench'
import { flops } from './flops'
import { type Item, items, yardstick } from './items'
import { type Contender, type Prepared, typical } from './measure'
import { memory } from './memory.bench'
import { peers } from './peers'
import { subjectOf } from './subjects.bench'
import { digits, machine, type Row, table } from './table'
import { tracing } from './tracing.bench'
import { NotOffered } from './work'

const threads = Number(process.env.SGM_BENCH_THREADS || availableParallelism())
const wanted = process.argv.slice(2).filter((name) => name !== '--')
const isWanted = (name: string): boolean =>
  wanted.length === 0 || wanted.some((start) => name.startsWith(start))

const contenders: readonly Contender[] = [
  sgm('sgm', threads, onnx({ threads })),
  sgmSteps('sgm, steps compiled', threads, keepPrograms(onnx({ threads }))),
  floor(threads),
  sgm('eager, sgm kernels on wasm', 1),
  ...peers(threads),
]

/** Reasons why cells are empty, said once each. */
const left = new Set<string>()
const operations = new Map<Item, number>()

async function measure(item: Item): Promise<Row> {
  const { title, work } = item
  const { fn, args, calls = 1 } = subjectOf(work)
  const count = calls * (await flops(fn, args))
  operations.set(item, count)
  const ready: (Prepared & { readonly index: number })[] = []
  for (const [index, contender] of contenders.entries()) {
    if (count > (contender.limit ?? Number.POSITIVE_INFINITY)) {
      left.add(`${contender.name}: work of more than ${digits(contender.limit! / 1e9)} GFLOP is left out`)
      continue
    }
    try {
      ready.push({ ...(await contender.prepare(work)), index })
    } catch (error) {
      const [why] = (error as Error).message.split('\n')
      const known = error instanceof NotOffered || why === new NotOffered().message
      if (!known) left.add(`${contender.name}, ${title}: ${why}`)
    }
  }
  compareResults(item, ready)
  const measured = await typical(ready)
  for (const { dispose } of ready) await dispose()
  const times = contenders.map((_, i) => measured[ready.findIndex(({ index }) => index === i)])
  console.error(`${title}: ${times.map((time) => (time === undefined ? '–' : digits(time))).join(' | ')}`)
  return { title, times, flops: item.rate ? count : undefined }
}

/** Float32 rounding, or another way to the same tolerance. */
const ROOM = 2e-3

/** All must have computed the same. */
function compareResults({ title }: Item, ready: readonly (Prepared & { readonly index: number })[]): void {
  const [ours] = ready
  for (const { index, check } of ready) {
    if (check === undefined || ours?.check === undefined) continue
    if (Math.abs(check - ours.check) <= ROOM * Math.abs(ours.check)) continue
    throw new Error(`${title}: expected ${ours.check}, got ${check} from ${contenders[index]!.name}`)
  }
}

/** What share of a contender's own rate of matrix products its U-Net reaches. */
function shares(rows: readonly Row[]): string[] {
  const rate = (row: Row | undefined, i: number): number => row!.flops! / row!.times[i]!
  const products = rows.find(({ title }) => title === yardstick.title)
  return rows.flatMap((row) => {
    if (row === products || !row.flops || !products) return []
    const each = contenders.flatMap(({ name }, i) => {
      const share = rate(row, i) / rate(products, i)
      return Number.isNaN(share) ? [] : [`${name} ${digits(share)}`]
    })
    return [
      `${row.title} (${digits(row.flops / 1e9)} GFLOP), of the rate of ${yardstick.title}: ${each.join(', ')}`,
    ]
  })
}

// Peers end with the bench, whatever ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

console.log(machine())
await useBackend('wasm')
const chosen = items.filter(({ name }) => isWanted(name))
const needsRate = chosen.some(({ rate }) => rate)
const rows: Row[] = []
for (const item of items) {
  if (chosen.includes(item) || (item === yardstick && needsRate)) rows.push(await measure(item))
}
if (rows.length > 0) console.log(`\n${table(contenders, rows)}\n`)
for (const line of shares(rows)) console.log(line)
if (isWanted('memory')) for (const line of await memory(threads)) console.log(line)
if (isWanted('tracing')) for (const line of await tracing(threads)) console.log(line)
for (const contender of contenders) {
  if ('hello' in contender && contender.hello) console.log(`${contender.name}: ${contender.hello}`)
  contender.close?.()
}
for (const line of left) console.log(`left out: ${line}`)
console.log(machine())
process.exit(0)
