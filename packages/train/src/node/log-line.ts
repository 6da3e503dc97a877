import { expected } from '@sgm/tensor/check'

/** A line of a log: the step, and beside it whatever is known of it. */
export interface LogLine {
  /** 1, 2, … */
  readonly step: number
  readonly [name: string]: unknown
}

/** Writes one line of a log, whose step must be above that of the line before. */
export type WriteLine = (line: LogLine) => Promise<void>

/**
 * A log whose steps rise.
 *
 * @param begin Called before the first line of a run: takes away what it takes the place of.
 */
export function rising(
  where: string,
  begin: (step: number) => Promise<void>,
  write: (line: LogLine) => Promise<void>,
): WriteLine {
  let last: number | undefined
  return async (line) => {
    if (!Number.isSafeInteger(line?.step) || line.step <= (last ?? 0)) {
      throw expected(where, `a step above ${last ?? 0}`, line?.step)
    }
    if (last === undefined) await begin(line.step)
    await write(line)
    last = line.step
  }
}

/** What a line holds beside its step, objects in it taken apart: `{ evaluation: { nats: 2 } }` is `evaluation/nats`. */
export function entriesOf(line: LogLine): readonly (readonly [name: string, value: unknown])[] {
  const { step: _, ...rest } = line
  return flat(rest, '')
}

function flat(values: object, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? flat(value, `${prefix}${name}/`)
      : [[`${prefix}${name}`, value] as const],
  )
}
