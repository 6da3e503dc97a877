import type { Command } from 'commander'
import type { Context } from '../context'

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
