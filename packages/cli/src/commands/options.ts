import { type Command, InvalidArgumentError, Option } from 'commander'
import { samplerSummaries } from '../choices/samplers'

/** Bounds of a number on the command line. */
interface Bounds {
  readonly least?: number
  /** Whether `least` itself is refused. */
  readonly open?: boolean
  readonly most?: number
  readonly whole?: boolean
}

/** Reads a number within bounds. */
export function number({ least, open = false, most, whole = false }: Bounds = {}): (text: string) => number {
  return (text) => {
    const value = Number(text)
    const low = least === undefined || (open ? value > least : value >= least)
    const high = most === undefined || value <= most
    if (
      text.trim() !== '' &&
      Number.isFinite(value) &&
      low &&
      high &&
      (!whole || Number.isSafeInteger(value))
    ) {
      return value
    }
    const bounds = [
      ...(least === undefined ? [] : [`${open ? '>' : '>='} ${least}`]),
      ...(most === undefined ? [] : [`<= ${most}`]),
    ]
    const kind = whole ? 'an integer' : 'a number'
    throw new InvalidArgumentError(`Expected ${[kind, bounds.join(' and ')].join(' ').trim()}.`)
  }
}

/** An integer >= 1. */
export const count = number({ least: 1, whole: true })

/** An integer >= 0. */
export const whole = number({ least: 0, whole: true })

/** A number > 0. */
export const positive = number({ least: 0, open: true })

/** An option whose value is one of a few names. */
export function among(flags: string, description: string, names: readonly string[]): Option {
  return new Option(flags, `${names.join('|')} (${description})`).argParser(oneOf(names))
}

function oneOf(names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text
    throw new InvalidArgumentError(`Expected ${names.join('|')}.`)
  }
}

/** The options of {@link Speed}. */
export function speedOptions(command: Command): Command {
  return command
    .option('--threads <n>', 'threads of the native runtime', count)
    .option('--eager', 'run without compiling, for debugging')
}

/** The options of {@link Sampling}. */
export function samplingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--sampler <name>', 'sgm samplers lists them (pc)').argParser(
        oneOf(samplerSummaries.map(([name]) => name)),
      ),
    )
    .option('--steps <n>', '(as published for the sampler, or the process)', count)
    .option('--snr <r>', 'signal-to-noise ratio of the Langevin corrector (pc) (0.16)', positive)
    .option('--corrector-steps <n>', 'corrector steps before each predictor step (pc) (1)', whole)
    .option('--tolerance <e>', 'of the adaptive solvers (ode, adaptive)', positive)
    .option('--eta <e>', 'noise of ddim, 0 to 1 (0)', number({ least: 0, most: 1 }))
    .option('--churn <c>', 'noise that edm adds back (0)', number({ least: 0 }))
    .option('--seed <n>', 'sample i depends on the seed and i only (0)', whole)
}
