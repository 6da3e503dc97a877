import { expected } from '@sgm/tensor/check'

/** A line of a run's log. */
export interface LogLine {
  readonly step: number
  readonly [name: string]: unknown
}

/** The lines of a log of JSON. @throws RangeError that names the first that is none. */
export function linesOf(path: string, bytes: Uint8Array = new Uint8Array()): readonly LogLine[] {
  return new TextDecoder()
    .decode(bytes)
    .split('\n')
    .flatMap((text, i) => (text === '' ? [] : [lineOf(path, text, i + 1)]))
}

function lineOf(path: string, text: string, number: number): LogLine {
  const line = parsed(text)
  if (typeof line === 'object' && line !== null && Number.isFinite((line as Partial<LogLine>).step)) {
    return line as LogLine
  }
  throw expected('sgm', `JSON with a step on line ${number} of ${path}`, text.slice(0, 80))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
