import type { TensorInfo } from '@tensorflow/tfjs'
import { dispose } from '../../memory'
import type { Draw } from '../../random/host-values'
import type { Key } from '../../random/key'
import { raw } from '../../tf'
import type { Tensor } from '../../types'
import type { Site, Value } from '../graph'
import { Recorder } from '../recorder'
import { type Keeper, keepWith } from '../recording-backend'
import type { Inlined } from './inlined'

/** A call of a function that has a graph of its own. */
export interface Call {
  readonly inlined: Inlined
  readonly inputs: readonly Value[]
  readonly output: Value
  /** How many nodes come before it. */
  readonly after: number
}

/** What was recorded since values were last computed. */
export class Segment extends Recorder {
  readonly calls: Call[] = []
  readonly keys: Key[] = []
  /** Values of the tensors that are alive, by data id. */
  readonly alive = new Map<object, Value>()
  /** Nodes, those of called functions included. */
  size = 0
  readonly #keeper: Keeper
  readonly #known: (dataId: object) => Tensor | undefined
  readonly #familiar: () => boolean

  /**
   * @param known What was computed before.
   * @param familiar Whether what comes is likely to have a program already, which no error can come of.
   */
  constructor(keeper: Keeper, known: (dataId: object) => Tensor | undefined, familiar: () => boolean) {
    super()
    this.#keeper = keeper
    this.#known = known
    this.#familiar = familiar
  }

  /** Taking a stack for every node would take most of the time of recording a small step. */
  override site(): Site | undefined {
    return this.#familiar() ? undefined : super.site()
  }

  override define(dataId: object, shape: readonly number[], dtype: Value['dtype']): Value {
    const value = super.define(dataId, shape, dtype)
    keepWith(dataId, this.#keeper)
    this.alive.set(dataId, value)
    this.size++
    return value
  }

  override lookUp(tensor: TensorInfo): Value {
    const known = this.#known(tensor.dataId)
    return super.lookUp(known ? raw(known) : tensor)
  }

  /** Keys are known while steps are recorded: every draw has its own. */
  override draw({ key, ...draw }: Draw): Tensor {
    return this.drawFrom({ argument: this.keys.push(key) - 1, path: [] }, draw)
  }

  /** Frees what it holds of tensors from outside. */
  release(): void {
    dispose(this.captured.map(({ tensor }) => tensor))
  }

  call(inlined: Inlined, args: readonly Tensor[]): Tensor {
    const inputs = args.map((x) => this.lookUp(raw(x)))
    const { shape, dtype } = inlined.output
    const made = this.placeholder(shape, dtype)
    const output = this.valueOf(raw(made).dataId)
    this.calls.push({ inlined, inputs, output, after: this.nodes.length })
    this.size += inlined.graph.nodes.length
    return made
  }
}
