import type { TypedArray } from '@sgm/tensor'
import { type Graph, type HostExecutable, sizeOf, type Value } from '@sgm/tensor/compile'
import { arrays } from './builder'
import { joined } from './joined'
import type { Model } from './model'
import type { Crew, CrewSession, Feed } from './platform/crew'
import type { Session } from './session'
import type { Read, Shares } from './shares'

type Inputs = readonly Pick<Value, 'shape' | 'dtype'>[]

/** A share's model in the sessions of a crew, and the variables that it reads. */
export class ShareSession implements Pick<Session, 'run' | 'readVariables' | 'writeVariables' | 'dispose'> {
  readonly #names: Pick<Model, 'inputs' | 'outputs'>
  readonly #reads: readonly Read[]
  readonly #inputs: Inputs
  readonly #count: number
  readonly #session: CrewSession
  /** Bundles of variables, where the threads see them. */
  readonly #common: readonly Feed[]
  #areNew = true

  private constructor(
    { share: { inputs }, reads }: Pick<Shares, 'share' | 'reads'>,
    names: Pick<Model, 'inputs' | 'outputs'>,
    count: number,
    common: readonly Feed[],
    session: CrewSession,
  ) {
    this.#names = names
    this.#reads = reads
    this.#inputs = inputs
    this.#count = count
    this.#common = common
    this.#session = session
  }

  static async open(
    shares: Pick<Shares, 'share' | 'reads'>,
    { inputs: names, outputs }: Pick<Model, 'inputs' | 'outputs'>,
    count: number,
    open: (common: readonly Feed[]) => ReturnType<Crew['open']>,
  ): Promise<ShareSession> {
    const common = shares.share.inputs.flatMap(({ shape, dtype }, i): Feed[] => {
      if (shares.reads[i]!.from !== 'variables') return []
      const Values: new (buffer: ArrayBufferLike) => TypedArray = arrays[dtype]
      const buffer = new SharedArrayBuffer(sizeOf(shape) * arrays[dtype].BYTES_PER_ELEMENT)
      return [{ name: names[i]!, type: dtype, shape, data: new Values(buffer) }]
    })
    return new ShareSession(shares, { inputs: names, outputs }, count, common, await open(common))
  }

  /**
   * @param values Of the inputs that are no variables, of all shares: of what is cut, the rows of the whole batch.
   * @returns Output by output, what each share gives.
   */
  async run(values: readonly TypedArray[], inputs: Inputs = this.#inputs): Promise<readonly TypedArray[]> {
    const given = values.values()
    const feeds = Array.from({ length: this.#count }, (): Feed[] => [])
    for (const [i, { from, isCut }] of this.#reads.entries()) {
      if (from === 'variables') continue
      const { shape, dtype } = inputs[i]!
      const data = given.next().value!
      const size = sizeOf(shape)
      for (const [share, list] of feeds.entries()) {
        const begin = isCut ? share * size : 0
        const own = data.slice(begin, begin + size)
        list.push({ name: this.#names.inputs[i]!, type: dtype, shape, data: own })
      }
    }
    const areNew = this.#areNew
    this.#areNew = false
    const results = await this.#session.run(feeds, areNew)
    return this.#names.outputs.flatMap((name) => results.map((of) => of[name]!))
  }

  /** It changes none. */
  async readVariables(): Promise<readonly TypedArray[]> {
    return []
  }

  /** @param values Of all variables of the whole graph. */
  async writeVariables(values: readonly TypedArray[]): Promise<void> {
    const bundles = this.#common.values()
    for (const read of this.#reads) {
      if (read.from !== 'variables') continue
      const { data } = bundles.next().value!
      let begin = 0
      for (const index of read.indices) {
        data.set(values[index]!, begin)
        begin += values[index]!.length
      }
    }
    this.#areNew = true
  }

  dispose(): Promise<void> {
    return this.#session.release()
  }
}

/** A graph whose shares are worked on side by side, and its rest here. */
export class SharedGraph implements HostExecutable {
  /** The variables that the shares read, where they change. */
  readonly #changing: ReadonlySet<number>
  readonly #shares: Pick<Shares, 'reads' | 'rows' | 'outputs'>
  readonly #count: number
  readonly #share: HostExecutable
  readonly #rest: HostExecutable | undefined
  #variables: readonly TypedArray[] = []

  constructor(
    { variables }: Graph,
    count: number,
    { reads, rows, outputs }: Shares,
    share: HostExecutable,
    rest: HostExecutable | undefined,
  ) {
    const read = reads.flatMap((one) => (one.from === 'variables' ? one.indices : []))
    this.#changing = new Set(variables.some(({ next }) => next) ? read : [])
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
    if (this.#changing.size > 0) {
      await this.#share.writeVariables(await this.#rest!.readVariables(this.#changing))
    }
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
    await this.#share.writeVariables(values)
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#share.dispose(), this.#rest?.dispose()])
  }
}

/** 0, 1, … */
const numbers = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i)
