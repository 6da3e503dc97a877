import type { Value } from '@sgm/tensor/compile'
import type { Call, Work } from '../plan/call'
import type { Group } from '../plan/fuse'
import { isFold, isRow, type Shape } from '../plan/group'
import type { Tuning } from '../plan/tuning'
import { Place } from '../wgsl/place'
import { wgslType } from '../wgsl/types'
import { type Slots, Writer } from '../wgsl/writer'
import { labelOf } from './map'
import { type Context, GroupReader } from './reader'
import { line, type Shader, shaderOf, WORKGROUP } from './shader'

type FoldShape = Extract<Shape, { kind: 'fold' }>
type FoldCall = Call<Extract<Work, { kind: 'fold' }>>

/** Threads that fold one row together, and rows that one workgroup folds. */
interface Team {
  readonly threads: number
  readonly rows: number
}

/** Rows up to this length are folded by one thread each. */
const SHORT = 32

/**
 * A kernel that folds rows and works with the results: first what can be folded at once, then what needs those results, and so on; what has
 * an element for each element of the rows is worked out anew in each pass, and put into memory in the first one that knows it.
 */
export function foldShader(
  group: Group,
  shape: FoldShape,
  slots: Slots,
  context: Context,
  tuning: Tuning,
): Shader {
  const team = teamOf(shape, tuning)
  const writer = new FoldWriter(group, shape, slots, context, team)
  writer.write()
  return shaderOf(
    writer.w,
    labelOf(group.calls),
    team.threads * team.rows,
    line(Math.ceil(shape.rows / team.rows)),
  )
}

function teamOf({ domain, columns }: FoldShape, { map, fold }: Tuning): Team {
  if (columns <= SHORT) return { threads: 1, rows: map }
  const last = domain.at(-1)
  if (!last || last.folded) return { threads: fold, rows: 1 }
  // Neighbours in memory are in neighbouring rows: a workgroup reads several at once.
  const rows = Math.min(2 ** Math.floor(Math.log2(last.length)), fold / 4, 16)
  return { threads: fold / rows, rows }
}

class FoldWriter {
  readonly w: Writer
  readonly #group: Group
  readonly #shape: FoldShape
  readonly #team: Team
  readonly #reader: GroupReader
  readonly #levels: ReadonlyMap<Call, number>
  #element = ''

  constructor(group: Group, shape: FoldShape, slots: Slots, context: Context, team: Team) {
    this.w = new Writer(slots)
    this.#group = group
    this.#shape = shape
    this.#team = team
    this.#levels = levelsOf(group.calls, context)
    this.#reader = new GroupReader(this.w, group.calls, context, (value) =>
      isRow(value, shape) ? 'row' : this.#element,
    )
  }

  write(): void {
    const { w } = this
    const { threads, rows } = this.#team
    w.line(`let thread = ${threads === 1 ? '0u' : rows === 1 ? 'local' : `local / ${rows}u`};`)
    const lane = rows === 1 ? '' : ` * ${rows}u + local${threads === 1 ? '' : ` % ${rows}u`}`
    w.line(`let own_row = (${WORKGROUP})${lane};`)
    w.line(`let row = min(own_row, ${w.size(Math.max(this.#shape.rows - 1, 0))});`)
    const last = Math.max(...this.#levels.values())
    for (let level = 0; level <= last; level++) this.#pass(level)
    const made = this.#group.written
      .filter((value) => isRow(value, this.#shape))
      .map((value) => ({ value, name: this.#reader.own(value) }))
    if (made.length === 0) return
    w.block(`if (thread == 0u && own_row < ${w.size(this.#shape.rows)})`, () => {
      for (const { value, name } of made) w.store(value, 'row', name)
    })
  }

  /** Works out what needs so many folds before it, and folds what can be folded then. */
  #pass(level: number): void {
    const at = this.#group.calls.filter((call) => this.#levels.get(call) === level)
    for (const call of at) {
      if (!isFold(call) && isRow(call.outputs[0]!, this.#shape)) this.#reader.own(call.outputs[0]!)
    }
    const folds = this.#group.calls.filter(isFold).filter((call) => this.#levels.get(call) === level + 1)
    const large = at.flatMap(({ outputs }) => outputs).filter((value) => this.#isLarge(value))
    if (folds.length === 0 && large.length === 0) return
    const totals = folds.map((fold) => new Total(this.w, fold))
    this.#eachElement((column) => {
      for (const total of totals) total.take(this.#read(total.call), column)
      if (large.length === 0) return
      const elements = large.map((value) => this.#reader.own(value))
      this.w.block(`if (own_row < ${this.w.size(this.#shape.rows)})`, () => {
        large.forEach((value, i) => {
          this.w.store(value, this.#element, elements[i]!)
        })
      })
    })
    if (this.#team.threads > 1 && totals.length > 0) this.#together(totals)
    for (const total of totals) {
      this.#reader.set(total.call.outputs[0]!, total.result(this.w.size(this.#shape.columns)))
    }
  }

  #isLarge(value: Value): boolean {
    return !isRow(value, this.#shape) && this.#group.written.some(({ id }) => id === value.id)
  }

  /** A fold's operand at the element at hand. */
  #read({ inputs }: FoldCall): string {
    return this.#reader.read(inputs[0]!, Place.flat(inputs[0]!.shape, this.#element))
  }

  /** A loop over the elements of the row that fall to this thread. */
  #eachElement(write: (column: string) => void): void {
    const { w } = this
    const { domain, columns } = this.#shape
    const head = `for (var column = thread; column < ${w.size(columns)}; column += ${this.#team.threads}u)`
    w.block(head, () =>
      this.#reader.scope(() => {
        const along = (folded: boolean, index: string): string[] => {
          const shape = domain.filter((axis) => axis.folded === folded).map(({ length }) => length)
          return [...Place.flat(shape, index).coordinates(w)]
        }
        const [rows, inRow] = [along(false, 'row'), along(true, 'column')]
        const coordinates = domain.map(({ folded }) => (folded ? inRow.shift()! : rows.shift()!))
        const shape = domain.map(({ length }) => length)
        this.#element = Place.at(shape, coordinates).index(w)
        write('column')
      }),
    )
  }

  /** Folds the threads' totals by halves. */
  #together(totals: readonly Total[]): void {
    const { w } = this
    const { threads, rows } = this.#team
    for (const total of totals) total.share(threads * rows)
    w.line('workgroupBarrier();')
    w.block(`for (var half = ${threads / 2}u; half > 0u; half /= 2u)`, () => {
      w.block('if (thread < half)', () => {
        for (const total of totals) total.takeOther(`local + half * ${rows}u`)
      })
      w.line('workgroupBarrier();')
    })
    for (const total of totals) total.fetch(rows === 1 ? '0u' : `local % ${rows}u`)
  }
}

/** What a thread has folded so far. */
class Total {
  readonly call: FoldCall
  readonly #w: Writer
  readonly #type: string
  readonly #total: string
  /** Where the best element is, for folds that find one. */
  readonly #best: string | undefined
  #shared = ''
  #sharedBest = ''

  constructor(w: Writer, call: FoldCall) {
    const { folding } = call.work
    const type = wgslType((folding.better ? call.inputs[0]! : call.outputs[0]!).dtype)
    this.call = call
    this.#w = w
    this.#type = type
    this.#total = w.variable(type, folding.first(w))
    this.#best = folding.better && w.variable('u32', '0xffffffffu')
  }

  take(element: string, column: string): void {
    const { folding } = this.call.work
    if (!folding.better) this.#w.line(`${this.#total} = ${folding.step(this.#w, this.#total, element)};`)
    else this.#improve(this.#total, this.#best!, element, column)
  }

  /** Takes the other one where it is better, or as good and earlier. */
  #improve(total: string, best: string, other: string, place: string): void {
    const { better } = this.call.work.folding
    const tie = `(!(${better!(this.#w, total, other)}) && ${place} < ${best})`
    this.#w.line(
      `if (${better!(this.#w, other, total)} || ${tie}) { ${total} = ${other}; ${best} = ${place}; }`,
    )
  }

  /** Puts the total where the other threads see it. */
  share(threads: number): void {
    this.#shared = this.#w.shared(`array<${this.#type}, ${threads}>`)
    this.#w.line(`${this.#shared}[local] = ${this.#total};`)
    if (!this.#best) return
    this.#sharedBest = this.#w.shared(`array<u32, ${threads}>`)
    this.#w.line(`${this.#sharedBest}[local] = ${this.#best};`)
  }

  /** Takes up another thread's total. */
  takeOther(index: string): void {
    const [own, other] = [`${this.#shared}[local]`, `${this.#shared}[${index}]`]
    if (!this.#best) this.#w.line(`${own} = ${this.call.work.folding.step(this.#w, own, other)};`)
    else this.#improve(own, `${this.#sharedBest}[local]`, other, `${this.#sharedBest}[${index}]`)
  }

  /** Takes over what all have folded. */
  fetch(index: string): void {
    this.#w.line(`${this.#total} = ${this.#shared}[${index}];`)
    if (this.#best) this.#w.line(`${this.#best} = ${this.#sharedBest}[${index}];`)
  }

  result(count: string): string {
    const { folding } = this.call.work
    if (this.#best) return this.#w.let('i32', `i32(min(${this.#best}, ${count} - 1u))`)
    const type = wgslType(this.call.outputs[0]!.dtype)
    return this.#w.let(type, folding.last ? folding.last(this.#w, this.#total, count) : this.#total)
  }
}

/** How many folds of the kernel, one after the other, each call comes after; a fold counts itself. */
function levelsOf(calls: readonly Call[], { sources }: Context): Map<Call, number> {
  const makers = new Map(calls.flatMap((call) => call.outputs.map(({ id }) => [id, call] as const)))
  const levels = new Map<Call, number>()
  for (const call of calls) {
    const before = sources.of(call).map(({ value }) => levels.get(makers.get(value.id)!) ?? 0)
    levels.set(call, Math.max(0, ...before) + Number(isFold(call)))
  }
  return levels
}
