import { checkIntegers, checkLists, expected, optionsOf } from '@sgm/tensor/check'
import { type Bytes, memorySource, readAll, sourceOf } from './source'

/** Points of a file, one a row. */
export interface CsvTable {
  /** Names of the columns, where the file begins with them. */
  readonly columns?: readonly string[]
  readonly shape: readonly [rows: number, columns: number]
  /** Row-major, the sizes' product of them. */
  readonly values: Float32Array<ArrayBuffer>
}

/** Options of {@link readCsv}. */
export interface ReadCsvOptions {
  /** The columns wanted, in this order, by their names or by their numbers from 0. @default all */
  readonly columns?: readonly (string | number)[]
  /** What stands between two numbers. @default the first of tab `;` `|` `,` that the first line has */
  readonly delimiter?: string
  /** The most bytes that the file may have. @default 2 ** 28 */
  readonly limit?: number
}

/** A row of text, and the line of the file that it begins on, as errors name it. */
interface Row {
  readonly line: string
  readonly cells: readonly string[]
}

/**
 * Reads points from comma-separated values (RFC 4180), or from a file that separates them by semicolons, bars or tabs: a point a row, a
 * number a column. A first row without any number names the columns. Empty lines and those that begin with `#` are left out.
 *
 * @param file Text, its bytes in UTF-8, or a browser's `File`.
 * @throws RangeError that names the line, where a cell is no finite number, a row has more or fewer cells than the first, or quotes are
 * left open; when the file holds no point, lacks a column, is no UTF-8 or is larger than the limit.
 * @example
 * const { values, shape } = await readCsv('x,y\n0.5,1\n-2,3e-1\n')
 * tensor(values, shape) // → [[0.5, 1], [-2, 0.3]]
 */
export async function readCsv(file: Bytes | string, options: ReadCsvOptions = {}): Promise<CsvTable> {
  const {
    columns: wanted,
    delimiter,
    limit = 2 ** 28,
  } = optionsOf('readCsv', options, { columns: true, delimiter: true, limit: true })
  checkIntegers('readCsv', { limit })
  if (wanted !== undefined) checkLists('readCsv', { columns: wanted })
  if (delimiter !== undefined) checkDelimiter(delimiter)
  const bytes =
    typeof file === 'string'
      ? memorySource(new TextEncoder().encode(file), 'the text')
      : sourceOf('readCsv', file)
  const rows = await rowsOf(textOf(await readAll('readCsv', bytes, limit), bytes.name), bytes.name, delimiter)
  const [head] = rows
  const named = head !== undefined && !head.cells.some((cell) => NUMBER.test(cell))
  const points = named ? rows.slice(1) : rows
  if (head === undefined || points.length === 0)
    throw expected('readCsv', `rows of numbers in ${bytes.name}`, 'none')
  const names = named ? head.cells : undefined
  const picked =
    wanted?.map((column) => placeOf(column, head.cells.length, names)) ?? head.cells.map((_, i) => i)
  const values = new Float32Array(points.length * picked.length)
  points.forEach(({ line, cells }, i) => {
    if (cells.length !== head.cells.length) {
      throw expected('readCsv', `${head.cells.length} cells on ${line}`, cells.length)
    }
    picked.forEach((place, j) => {
      values[i * picked.length + j] = numberOf(cells[place]!, line, names?.[place] ?? place)
    })
  })
  const columns = names && picked.map((place) => names[place]!)
  return { ...(columns && { columns }), shape: [points.length, picked.length], values }
}

/** @throws RangeError unless a text can stand between two numbers. */
function checkDelimiter(delimiter: unknown): void {
  if (typeof delimiter === 'string' && /^[^\d.+\-e"\r\n\ufeff]+$/i.test(delimiter)) return
  throw expected('readCsv', 'a delimiter of nothing that numbers, quotes and lines have', delimiter)
}

/** A decimal number: no empty text, and none of `Infinity`, `NaN` and `0x10`. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

function numberOf(cell: string, line: string, column: string | number): number {
  const value = NUMBER.test(cell) ? Math.fround(Number(cell)) : Number.NaN
  if (Number.isFinite(value)) return value
  throw expected('readCsv', `a finite number on ${line}, column ${column}`, JSON.stringify(cell))
}

/** Commas last: between semicolons they are points of decimals. */
const DELIMITERS = ['\t', ';', '|', ',']

function delimiterOf(text: string): string {
  const first = /^[^#\s].*/m.exec(text)?.[0] ?? ''
  return DELIMITERS.find((delimiter) => first.includes(delimiter)) ?? ','
}

async function rowsOf(text: string, name: string, delimiter = delimiterOf(text)): Promise<readonly Row[]> {
  // Its bundle would come with every import of the package.
  const { default: papa } = await import('papaparse')
  const { data, errors } = papa.parse<string[]>(text, { delimiter })
  let next = 1
  const rows = data.map((cells) => {
    const line = `line ${next} of ${name}`
    // A quoted cell may hold ends of lines.
    next += 1 + cells.reduce((all, cell) => all + cell.split('\n').length - 1, 0)
    return { line, cells: cells.map((cell) => cell.trim()) }
  })
  const open = errors.find(({ type }) => type === 'Quotes')
  if (open)
    throw expected(
      'readCsv',
      `quotes that close on ${rows[open.row ?? 0]?.line ?? `line 1 of ${name}`}`,
      'an open one',
    )
  return rows.filter(({ cells }) => !(cells.length === 1 && cells[0] === '') && !cells[0]!.startsWith('#'))
}

function textOf(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new RangeError(`readCsv: expected ${name} to be text in UTF-8, got other bytes`, { cause })
  }
}

function placeOf(column: string | number, count: number, names: readonly string[] = []): number {
  const place = typeof column === 'number' ? column : names.indexOf(column)
  if (Number.isInteger(place) && place >= 0 && place < count) return place
  throw expected('readCsv', `columns among ${names.join(', ') || `0 … ${count - 1}`}`, column)
}
