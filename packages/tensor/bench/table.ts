import { cpus } from 'node:os'
import * as tf from '@tensorflow/tfjs'
import { Bench } from 'tinybench'

/**
 * Shortest time of each call in milliseconds; what a call returns is freed. The calls take turns, so that other work
 * on the machine falls on all of them.
 */
export function milliseconds(calls: readonly (() => tf.TensorContainer)[]): number[] {
  const best = calls.map(() => Number.POSITIVE_INFINITY)
  for (let turn = 0; turn < 3; turn++) {
    for (const [i, call] of calls.entries()) {
      const bench = new Bench({ time: 200, iterations: 1, warmupTime: 20, warmupIterations: 1, throws: true })
      bench.add('call', () => tf.dispose(call()))
      bench.runSync()
      const { result } = bench.tasks[0]!
      if (!('latency' in result)) throw new Error(`bench: expected a measurement, got ${result.state}`)
      best[i] = Math.min(best[i]!, result.latency.min)
    }
  }
  return best
}

/** The machine, in a line. */
export function machine(): string {
  const cores = cpus()
  return `${cores.length} cores (${cores[0]?.model.trim()}), Node ${process.versions.node}, tfjs ${tf.version_core}`
}

/** Prints rows in columns; numbers to the right. */
export function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  console.log(`\n${title}`)
  for (const row of all) {
    const cells = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
    console.log(`  ${cells.join('   ')}`)
  }
}

/** A time with four significant digits' worth of room. */
export function time(value: number): string {
  return value < 10 ? value.toFixed(3) : value.toFixed(1)
}
