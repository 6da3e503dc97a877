import { type HelperName, helperCode, type Value } from '@sgm/tensor/compile'
import { type WgslType, wgslType } from './types'

/** A number that a shader reads from its uniforms. */
export interface Param {
  readonly type: 'u32' | 'f32'
  readonly value: number
}

/** Where a shader finds a value: at the start of a buffer of its own, or somewhere among the small values. */
export interface Slot {
  /** Place among the small values; undefined for values with a buffer of their own. */
  readonly small?: number
}

/** Where values are. */
export type Slots = (value: Value) => Slot

/**
 * Writes one shader. Sizes and scalars are uniforms, not literals, so that calls which differ in nothing else share a pipeline; what is
 * worked out twice in a scope is written once.
 */
export class Writer {
  readonly params: Param[] = []
  readonly #slots: Slots
  readonly #paramNames = new Map<string, string>()
  readonly #buffers = new Map<number, { name: string; value: Value; written: boolean }>()
  readonly #helpers = new Set<HelperName>()
  readonly #functions: string[] = []
  readonly #globals: string[] = []
  #usesSmall = false
  #lines: string[] = []
  #known = new Map<string, string>()
  #count = 0

  constructor(slots: Slots) {
    this.#slots = slots
  }

  /** An integer of the shader's uniforms; 0 and 1 are literals, which simplify what they enter. */
  size(value: number): string {
    return value === 0 || value === 1 ? `${value}u` : this.#param('u32', value)
  }

  /** A float of the shader's uniforms. */
  float(value: number): string {
    return this.#param('f32', value)
  }

  /** A number of any type. */
  scalar(type: WgslType, value: number): string {
    if (type === 'f32') return this.float(value)
    const bits = this.size(value < 0 ? value + 2 ** 32 : value)
    return type === 'u32' ? bits : `bitcast<i32>(${bits})`
  }

  /** An integer of the uniforms that is set before each run. */
  slot(): string {
    return `p.u${this.params.push({ type: 'u32', value: 0 }) - 1}`
  }

  /** Code outside of functions. */
  global(code: string): void {
    this.#globals.push(code)
  }

  #param(type: Param['type'], value: number): string {
    const key = `${type} ${Object.is(value, -0) ? '-0' : value}`
    const known = this.#paramNames.get(key)
    if (known) return known
    const name = `p.${type[0]}${this.params.length}`
    this.params.push({ type, value })
    this.#paramNames.set(key, name)
    return name
  }

  /** A name for an expression: an old one where this scope has worked it out. */
  let(type: WgslType | 'bool', expression: string): string {
    if (/^[\w.]+$/.test(expression)) return expression
    const known = this.#known.get(expression)
    if (known) return known
    const name = this.#fresh('v')
    this.line(`let ${name}: ${type} = ${expression};`)
    this.#known.set(expression, name)
    return name
  }

  /** A variable that can be assigned to. */
  variable(type: WgslType, initial: string): string {
    const name = this.#fresh('a')
    this.line(`var ${name}: ${type} = ${initial};`)
    return name
  }

  line(code: string): void {
    this.#lines.push(code)
  }

  /** A block `head { … }`; what is worked out inside is forgotten after it. */
  block(head: string, write: () => void): void {
    this.line(`${head} {`)
    const known = this.#known
    this.#known = new Map(known)
    write()
    this.#known = known
    this.line('}')
  }

  /** A loop over 0, …, count − 1. */
  loop(count: string, write: (index: string) => void): void {
    const index = this.#fresh('k')
    this.block(`for (var ${index} = 0u; ${index} < ${count}; ${index}++)`, () => write(index))
  }

  /** A function of the shader's own; `write` gives what it returns. */
  fn(name: string, parameters: string, result: WgslType | undefined, write: () => string | undefined): void {
    const [lines, known] = [this.#lines, this.#known]
    this.#lines = []
    this.#known = new Map()
    const returned = write()
    const body = [...this.#lines, ...(returned === undefined ? [] : [`return ${returned};`])]
    this.#functions.push(`fn ${name}(${parameters})${result ? ` -> ${result}` : ''} {\n${indented(body)}\n}`)
    this.#lines = lines
    this.#known = known
  }

  /** Memory that the threads of a workgroup share. */
  shared(type: string): string {
    const name = this.#fresh('s')
    this.#globals.push(`var<workgroup> ${name}: ${type};`)
    return name
  }

  /** A call of a helper function. */
  call(helper: HelperName, ...operands: readonly string[]): string {
    this.#helpers.add(helper)
    return `${helper}(${operands.join(', ')})`
  }

  /** An element of a value that is in memory. */
  load(value: Value, index: string): string {
    const type = wgslType(value.dtype)
    const { small } = this.#slots(value)
    if (small === undefined) return this.let(type, `${this.#buffer(value, false)}[${index}]`)
    this.#usesSmall = true
    const bits = `small[${sum(this.size(small), index)}]`
    return this.let(type, type === 'u32' ? bits : `bitcast<${type}>(${bits})`)
  }

  store(value: Value, index: string, element: string): void {
    const { small } = this.#slots(value)
    if (small === undefined) {
      this.line(`${this.#buffer(value, true)}[${index}] = ${element};`)
      return
    }
    this.#usesSmall = true
    this.line(`small[${sum(this.size(small), index)}] = bitcast<u32>(${element});`)
  }

  #buffer(value: Value, written: boolean): string {
    const known = this.#buffers.get(value.id)
    if (known) return known.name
    const name = `b${this.#buffers.size}`
    this.#buffers.set(value.id, { name, value, written })
    return name
  }

  #fresh(prefix: string): string {
    return `${prefix}${this.#count++}`
  }

  /** The values whose buffers the shader binds, in order; then come the small values, if it reads or writes any, and the uniforms. */
  get bound(): readonly Value[] {
    return [...this.#buffers.values()].map(({ value }) => value)
  }

  get usesSmall(): boolean {
    return this.#usesSmall
  }

  /** The whole shader around the lines written so far. */
  source(workgroupSize: number): string {
    const buffers = [...this.#buffers.values()].map(
      ({ name, value, written }, i) =>
        `@group(0) @binding(${i}) var<storage, ${written ? 'read_write' : 'read'}> ${name}: array<${wgslType(value.dtype)}>;`,
    )
    const next = buffers.length
    const small = `@group(0) @binding(${next}) var<storage, read_write> small: array<u32>;`
    const fields = this.params.map(({ type }, i) => `${type[0]}${i}: ${type},`)
    const uniforms = `struct Params { ${fields.join(' ')} }\n@group(0) @binding(${next + Number(this.#usesSmall)}) var<uniform> p: Params;`
    return [
      ...(this.params.length > 0 ? [uniforms] : []),
      ...buffers,
      ...(this.#usesSmall ? [small] : []),
      ...this.#globals,
      ...helperCode(this.#helpers),
      ...this.#functions,
      `@compute @workgroup_size(${workgroupSize})`,
      'fn main(@builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {',
      indented(this.#lines),
      '}',
    ].join('\n')
  }
}

function indented(lines: readonly string[]): string {
  let depth = 1
  return lines
    .map((line) => {
      if (line.startsWith('}')) depth--
      const text = '  '.repeat(depth) + line
      if (line.endsWith('{')) depth++
      return text
    })
    .join('\n')
}

/** a + b, without zeros. */
export function sum(...terms: readonly string[]): string {
  return terms.filter((term) => term !== '0u').join(' + ') || '0u'
}

/** a · b, without ones. */
export function product(a: string, b: string): string {
  if (a === '0u' || b === '0u') return '0u'
  if (a === '1u') return b
  return b === '1u' ? a : `${a} * ${b}`
}
