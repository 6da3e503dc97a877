import type { Command } from 'commander'
import type { Context } from '../context'
import { addSettings } from '../settings/command-line'
import type { Settings } from '../settings/setting'

/**
 * Runs a command's function and prints what it gives.
 *
 * @param hint What to do next when the command was stopped.
 */
export type Perform = <T extends object>(
  run: (context: Context) => Promise<T>,
  text: (result: T) => string,
  hint?: string,
) => Promise<void>

/** Adds a command to the program. */
export type Declare = (program: Command, perform: Perform) => void

/** A command on a run's folder. */
export interface RunCommand<Options extends { readonly run: string }, Result extends object> {
  readonly name: string
  readonly summary: string
  /** @default the summary */
  readonly description?: string
  /** What its argument is. @default the run's folder */
  readonly argument?: string
  /** The options of its function, `run` and `numbers` among them where it has those. */
  readonly settings: Settings
  /** Options of the command line that its function takes as `numbers`. @default none */
  readonly numbers?: Settings
  readonly run: (options: Options, context: Context) => Promise<Result>
  readonly text: (result: Result) => string
}

/** Declares a command on a run's folder. */
export function onRun<Options extends { readonly run: string }, Result extends object>({
  name,
  summary,
  description,
  argument = "the run's folder",
  settings: { run: _, numbers: __, ...settings },
  numbers = {},
  run,
  text,
}: RunCommand<Options, Result>): Declare {
  return (program, perform) => {
    const command = program.command(name).argument('<run>', argument).summary(summary)
    if (description) command.description(description)
    addSettings(addSettings(command, settings), numbers).action((folder: string, given: object) =>
      perform((context) => run(gather<Options>({ ...given, run: folder }, numbers), context), text),
    )
  }
}

/** Options as the function takes them: numbers that stand beside the others put together. */
export function gather<Options>(given: object, numbers: Settings): Options {
  const entries = Object.entries(given)
  const own = entries.filter(([name]) => !Object.hasOwn(numbers, name))
  const rest = entries.filter(([name]) => Object.hasOwn(numbers, name))
  return Object.fromEntries([
    ...own,
    ...(rest.length > 0 ? [['numbers', Object.fromEntries(rest)]] : []),
  ]) as Options
}
