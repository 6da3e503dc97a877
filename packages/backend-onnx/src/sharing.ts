import type { TypedArray } from '@sgm/tensor'
import {
  type Graph,
  type GraphFamily,
  type HostExecutable,
  type HostExecutor,
  sizeOf,
} from '@sgm/tensor/compile'
import { SharedGraph, ShareSession } from './crew-session'
import { encodeModel } from './encode-model'
import type { Model } from './model'
import { ALONE } from './pack'
import { packingUpdates } from './packed-state'
import { cores } from './platform/cores'
import { type Crew, crewOf } from './platform/crew'
import { type RuntimeOptions, runtimeOf, settingsOf } from './runtime'
import { SharedSessions } from './shared-sessions'
import { type Shares, sharesOf } from './shares'
import { spinOf } from './spin'

/** Multiplications of a share's convolutions for which it is worth to wake a thread and to send it what it needs, some milliseconds. */
const LEAST = 1 << 26

/** Multiplications for each number that is summed over the batch: such numbers go from thread to thread, as those made of them do. */
const LEAST_PER_SUM = 2500

/** Elements of constants that every thread may have a copy of. */
const MOST_CONSTANTS = 1 << 24

/**
 * Loads graphs whose convolutions take long as equal shares of their batch, each on cores of its own. ONNX Runtime's threads work together
 * on one operator after the other instead: at each they wait for the slowest, and many operators have one thread alone.
 */
export class Sharing {
  readonly #options: RuntimeOptions
  readonly #write: (graph: Graph, threads: number) => Promise<Model>
  readonly #rest: HostExecutor
  readonly #sessions = new Map<number, SharedSessions>()

  /** @param write Writes the model of a share for so many threads. @param whole Loads what is made of the shares. */
  constructor(
    options: RuntimeOptions,
    write: (graph: Graph, threads: number) => Promise<Model>,
    whole: HostExecutor,
  ) {
    this.#options = options
    this.#write = write
    this.#rest = packingUpdates(whole, ALONE)
  }

  /** @returns Nothing for graphs that are better worked on whole. */
  async load(
    graph: Graph,
    variables: readonly TypedArray[],
    family: GraphFamily | undefined,
  ): Promise<HostExecutable | undefined> {
    const work = multiplications(graph)
    if (work < 2 * LEAST || constantsOf(graph) > MOST_CONSTANTS) return undefined
    if ((await runtimeOf(this.#options)) !== 'node') return undefined
    const threads = this.#options.threads ?? (await cores())
    const batch = Math.max(1, ...graph.inputs.map(({ shape }) => shape[0] ?? 1))
    const count = divisors(batch, threads).find((n) => work / n >= LEAST)
    const shares = count === undefined ? undefined : sharesOf(graph, batch, count)
    if (count === undefined || !shares || work < LEAST_PER_SUM * shares.sums) return undefined
    // They start while the model is written.
    const starting = crewOf(count).catch(warn)
    const model = await this.#write(shares.share, threads / count)
    const crew = await starting
    if (!crew) return undefined
    const share = await this.#open(shares, model, count, threads / count, family, crew)
    const rest = shares.rest && (await this.#rest.load(shares.rest, variables))
    const executable = new SharedGraph(graph, count, shares, share, rest)
    await executable.writeVariables(variables)
    return executable
  }

  /** A share's session; one for all batch sizes of a function that has several. */
  async #open(
    shares: Shares,
    model: Model,
    count: number,
    threads: number,
    family: GraphFamily | undefined,
    crew: Crew,
  ): Promise<HostExecutable> {
    const { share } = shares
    const open = async ({ proto, ...names }: Model): Promise<ShareSession> => {
      const settings = { ...settingsOf(spinOf(share)), intraOpNumThreads: threads }
      return ShareSession.open(shares, names, count, (common) =>
        crew.open(encodeModel(proto), settings, common),
      )
    }
    if (!family || shares.rest) return open(model)
    const sessions = this.#sessions.get(count) ?? new SharedSessions((graph) => this.#write(graph, threads))
    this.#sessions.set(count, sessions)
    return sessions.load(share, model, shareFamily(family, count), open)
  }
}

/** Says, once for each reason, that there are no threads. */
function warn({ message }: Error): undefined {
  if (warned.has(message)) return
  warned.add(message)
  process.emitWarning(
    `onnx: batches are worked on whole, since threads for shares of them do not start: ${message}`,
  )
}

const warned = new Set<string>()

/** What a share of so many is at other batch sizes. */
function shareFamily({ id, batch, at }: GraphFamily, count: number): GraphFamily {
  return {
    id,
    batch: batch / count,
    async at(size) {
      const shares = sharesOf(await at(size * count), size * count, count)
      if (!shares) throw new Error('onnx: this batch has no shares')
      return shares.share
    },
  }
}

/** How often numbers are multiplied in the convolutions of a graph. */
function multiplications({ nodes }: Graph): number {
  return nodes.reduce((total, { kernel, inputs, attributes, outputs }) => {
    switch (kernel) {
      case 'Conv2D':
        return total + sizeOf(inputs.filter.shape) * places(outputs[0]!.shape)
      case 'Conv2DBackpropInput':
        return total + sizeOf(inputs.filter.shape) * places(inputs.dy.shape)
      case 'Conv2DBackpropFilter':
        return total + sizeOf(attributes.filterShape) * places(inputs.dy.shape)
      default:
        return total
    }
  }, 0)
}

/** Of images `[B, H, W, C]`, the places of all. */
const places = (shape: readonly number[]): number => sizeOf(shape.slice(0, 3))

const constantsOf = ({ constants }: Graph): number =>
  constants.reduce((total, { data }) => total + data.length, 0)

/** The common divisors of two numbers, the largest first, without 1. */
function divisors(a: number, b: number): number[] {
  return Array.from({ length: Math.min(a, b) - 1 }, (_, i) => Math.min(a, b) - i).filter(
    (n) => a % n === 0 && b % n === 0,
  )
}
