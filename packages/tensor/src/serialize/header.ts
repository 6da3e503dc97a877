import { expected } from '../check'

/** What a safetensors header says of one tensor. */
export interface Entry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** Where its bytes begin and end, counted from the end of the header. */
  readonly begin: number
  readonly end: number
}

/** A safetensors header: the entries in the order of the file. */
export interface Header {
  readonly entries: readonly Entry[]
  readonly metadata: Readonly<Record<string, string>>
}

/** A name as messages write it, cut where it is long: names come from the file. */
export function quote(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name)
}

/** The name that the format keeps for the metadata. */
export const METADATA = '__metadata__'

/** The longest header, in bytes, that the reference implementation reads. */
export const MAX_HEADER = 100_000_000

/** NumPy's limit; more axes than anything here can use. */
const MAX_AXES = 64

/**
 * Reads the JSON header of a safetensors file. Accepts that one structure and nothing else, so that memory stays in
 * proportion to the text and no key is lost: JSON.parse would build any hostile value before it could be refused, and
 * would keep silently the last of two equal names.
 *
 * @param most Tensors that there may be.
 * @throws RangeError at the first character that does not fit.
 */
export function parseHeader(text: string, most: number): Header {
  let at = 0

  const fail = (what: string): never => {
    const got = at < text.length ? JSON.stringify(text.slice(at, at + 16)) : 'the end'
    throw expected('deserialize', `${what} at character ${at} of the header`, got)
  }
  const skip = (): void => {
    while (at < text.length && ' \t\n\r'.includes(text[at]!)) at++
  }
  const accept = (character: string): boolean => {
    skip()
    if (text[at] !== character) return false
    at++
    return true
  }
  const demand = (character: string): void => {
    if (!accept(character)) fail(`'${character}'`)
  }

  const string = (what: string): string => {
    skip()
    const start = at
    if (text[at] !== '"') fail(what)
    do {
      at += text[at] === '\\' ? 2 : 1
      if (at >= text.length) fail('the end of a string')
    } while (text[at] !== '"')
    at++
    try {
      return JSON.parse(text.slice(start, at)) as string
    } catch {
      at = start
      return fail(what)
    }
  }
  const integer = (): number => {
    skip()
    const digits = /(?:0|[1-9]\d{0,15})(?![\d.eE])/y
    digits.lastIndex = at
    const value = Number(digits.exec(text)?.[0] ?? Number.NaN)
    if (!Number.isSafeInteger(value)) fail('an integer in [0, 2^53)')
    at = digits.lastIndex
    return value
  }
  const integers = (most: number): number[] => {
    const values: number[] = []
    demand('[')
    if (accept(']')) return values
    do {
      if (values.length === most) fail(`at most ${most} integers`)
      values.push(integer())
    } while (accept(','))
    demand(']')
    return values
  }
  const object = (member: (name: string) => void): void => {
    const seen = new Set<string>()
    demand('{')
    if (accept('}')) return
    do {
      const name = string('a quoted name')
      if (seen.has(name)) throw expected('deserialize', 'each name once', `${quote(name)} twice`)
      seen.add(name)
      demand(':')
      member(name)
    } while (accept(','))
    demand('}')
  }

  const entry = (name: string): Entry => {
    let dtype: string | undefined
    let shape: number[] | undefined
    let offsets: number[] | undefined
    object((field) => {
      if (field === 'dtype') dtype = string('a quoted dtype')
      else if (field === 'shape') shape = integers(MAX_AXES)
      else if (field === 'data_offsets') offsets = integers(2)
      else throw expected('deserialize', `dtype, shape and data_offsets of ${quote(name)}`, quote(field))
    })
    if (dtype === undefined || shape === undefined || offsets?.length !== 2) {
      throw expected('deserialize', `dtype, shape and two data_offsets of ${quote(name)}`, 'fewer')
    }
    return { name, dtype, shape, begin: offsets[0]!, end: offsets[1]! }
  }

  const entries: Entry[] = []
  const metadata = new Map<string, string>()
  if (text[0] !== '{') fail("'{'")
  object((name) => {
    if (name !== METADATA) {
      if (entries.length === most) {
        throw expected('deserialize', `at most ${most} tensors (the option tensors)`, 'more')
      }
      entries.push(entry(name))
    } else
      object((field) => {
        metadata.set(field, string(`a quoted value of ${quote(field)}`))
      })
  })
  skip()
  if (at < text.length) fail('nothing more')
  return { entries, metadata: Object.fromEntries(metadata) }
}
