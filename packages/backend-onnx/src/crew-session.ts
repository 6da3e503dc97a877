import type { TypedArray } from '@sgm/tensor'
import { type Graph, type HostExecutable, sizeOf, type Value } from '@sgm/tensor/compile'
import { joined } from './joined'
import type { Model } from './model'
import type { CrewSession, Feed } from './platform/crew'
import type { Session } from './session'
import type { Read, Shares } from './shares'

type Inputs = readonly Pick<Value, 'shape' | 'dtype'>[]

/** A share's model in the sessions of a crew, and what of it is the same from call to call. */
export class ShareSession implements Pick<Session, 'run' | 'readVariables' | 'writeVariables' | 'dispose'> {
  readonly #names: readonly string[]
  readonly #outputs: readonly string[]
  readonly #reads: readonly Read[]
  readonly #inputs: Inputs
  readonly #count: number
  readonly #session: CrewSession
  #variables: readonly TypedArray[] = []
  #areNew = true

  constructor(
    { share: { inputs }, reads }: Pick<Shares, 'share' | 'reads'>,
    { inputs: names, outputs }: Pick<Model, 'inputs' | 'outputs'>,
    count: number,
    session: CrewSession,
  ) {
    this.#names = names
    this.#outputs = outputs
    this.#reads = reads
    this.#inputs = inputs
    this.#count = count
    this.#session = session
  }

  /**
   * @param values Of the inputs that are no variables, of all shares: of what is cut, the rows of the whole batch.
   * @returns Output by output, what each share gives.
   */
  async run(values: readonly TypedArray[], inputs: Inputs = this.#inputs): Promise<readonly TypedArray[]> {
    const given = values.values()
    const kept = this.#variables.values()
    const feeds = Array.from({ length: this.#count }, (): Feed[] => [])
    for (const [i, { from, isCut }] of this.#reads.entries()) {
      const { shape, dtype } = inputs[i]!
      const data = (from === 'variables' ? kept : given).next().value!
      if (from === 'variables' && !this.#areNew) continue
      const size = sizeOf(shape)
      for (const [share, list] of feeds.entries()) {
        const begin = isCut ? share * size : 0
        list.push({ name: this.#names[i]!, type: dtype, shape, data: data.slice(begin, begin + size) })
      }
    }
    this.#areNew = false
    const results = await this.#session.run(feeds)
    return this.#outputs.flatMap((name) => results.map((of) => of[name]!))
  }

  async readVariables(): Promise<readonly TypedArray[]> {
    return this.#variables
  }

  /** They go over to the threads with the next call. */
  async writeVariables(values: readonly TypedArray[]): Promise<void> {
    this.#variables = values
    this.#areNew = true
  }

  dispose(): Promise<void> {
    return this.#session.release()
  }
}

/** A graph whose shares are worked on side by side, and its rest here. */
export class SharedGraph implements HostExecutable {
  readonly #graph: Pick<Graph, 'inputs' | 'variables'>
  readonly #shares: Pick<Shares, 'reads' | 'rows' | 'outputs'>
  readonly #count: number
  readonly #share: HostExecutable
  readonly #rest: HostExecutable | undefined
  #variables: readonly TypedArray[] = []

  constructor(
    { inputs, variables }: Graph,
    count: number,
    { reads, rows, outputs }: Shares,
    share: HostExecutable,
    rest: HostExecutable | undefined,
  ) {
    this.#graph = { inputs, variables }
    this.#shares = { reads, rows, outputs }
    this.#count = count
    this.#share = share
    this.#rest = rest
  }

  async run(inputs: readonly TypedArray[]): Promise<readonly TypedArray[]> {
    const { reads, rows, outputs } = this.#shares
    const values = reads.flatMap((read) =>
      read.from === 'inputs' ? [inputs[read.index]!] : read.from === 'rows' ? [numbers(read.length)] : [],
    )
    const parts = await this.#share.run(values)
    const rest = await this.#rest?.run([...inputs, ...parts.slice(rows * this.#count)])
    if (this.#graph.variables.some(({ next }) => next)) await this.#tellVariables()
    return outputs.map(({ from, index }) => {
      if (from === 'rest') return rest![index]!
      return joined(parts.slice(index * this.#count, (index + 1) * this.#count))
    })
  }

  async readVariables(): Promise<readonly TypedArray[]> {
    return this.#rest ? this.#rest.readVariables() : this.#variables
  }

  async writeVariables(values: readonly TypedArray[]): Promise<void> {
    if (this.#rest) await this.#rest.writeVariables(values)
    else this.#variables = values
    await this.#tellVariables()
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#share.dispose(), this.#rest?.dispose()])
  }

  async #tellVariables(): Promise<void> {
    const values = await this.readVariables()
    const { reads } = this.#shares
    await this.#share.writeVariables(
      reads.flatMap((read) =>
        read.from === 'variables' ? [joined(read.indices.map((index) => values[index]!))] : [],
      ),
    )
  }
}

/** 0, 1, … */
const numbers = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)
