/** A line of the screen from a time on. */
export type Change = readonly [seconds: number, line: number, text: string]

/** A machine, such as `x64` with two processors. */
export interface Machine {
  readonly arch: string
  readonly processors: number
}

/** What commands wrote in a terminal, in the order of time. */
export interface Recording {
  /** Of the terminal, in letters. */
  readonly columns: number
  /** How long it took. */
  readonly seconds: number
  /** When each command had ended, the last one at the end. */
  readonly ends: readonly number[]
  /** What it ran on. */
  readonly machine: Machine
  readonly changes: readonly Change[]
}

/** The lines of the screen at a time. */
export function screenAt({ changes }: Recording, seconds: number): readonly string[] {
  const lines: string[] = []
  for (const [at, line, text] of changes) {
    if (at > seconds) break
    lines[line] = text
  }
  return Array.from(lines, (line) => line ?? '')
}

/** The last time at which a command had ended. */
export function restBefore({ ends }: Recording, seconds: number): number {
  return ends.findLast((end) => end <= seconds) ?? 0
}

/** What a screen says in words: without bars and without what is drawn by letters. */
export function spoken(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => !/[┤┬│╷╵]/u.test(line))
    .map((line) => line.replace(/[█░]+ /gu, '').trim())
    .filter((line) => line !== '')
}
