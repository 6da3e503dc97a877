import { useBackend } from '@sgm/tensor'
import { Command, CommanderError } from 'commander'
import { declareClass } from './commands/class'
import { declareColorize } from './commands/colorize'
import type { Perform } from './commands/command'
import { declareExport } from './commands/export'
import { declareInfo } from './commands/info'
import { declareInpaint } from './commands/inpaint'
import { declareInterpolate } from './commands/interpolate'
import { declareLikelihood } from './commands/likelihood'
import { declareLog } from './commands/log'
import { declareRestore } from './commands/restore'
import { declareSample } from './commands/sample'
import { declareSamplers } from './commands/samplers'
import { declareTrain } from './commands/train'
import type { Report } from './context'
import { invocation } from './invocation'
import { progressBars } from './progress'
import { Stopped } from './stop'
import { versions } from './versions'

/** Where {@link main} writes, and what stops it. */
export interface MainOptions {
  /** Results. @default `process.stdout` */
  readonly stdout?: NodeJS.WritableStream
  /** Progress and errors. @default `process.stderr` */
  readonly stderr?: NodeJS.WritableStream
  /** Ends the command; training saves first. */
  readonly signal?: AbortSignal
}

const declarations = [
  declareTrain,
  declareSample,
  declareLikelihood,
  declareClass,
  declareInpaint,
  declareColorize,
  declareRestore,
  declareInterpolate,
  declareExport,
  declareInfo,
  declareLog,
  declareSamplers,
]

/**
 * The `sgm` command.
 *
 * @param args What follows `sgm` on the command line.
 * @returns The exit code: 0, 1 after a failure, 2 after a usage error or an option out of range; when stopped by the signal, that
 * of its reason where that is one of the command's own (130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP), else 130.
 * @example
 * // As the command does.
 * const code = await main(['sample', 'run', '--sampler', 'ddim'])
 */
export async function main(
  args: readonly string[],
  { stdout = process.stdout, stderr = process.stderr, signal }: MainOptions = {},
): Promise<number> {
  const name = invocation()
  if (args.length === 0) {
    stderr.write(`${firstSteps(name)}\n`)
    return 2
  }
  const program = new Command(name)
  const bars = progressBars(stderr as NodeJS.WriteStream)
  let resume = (): string => ''
  const perform: Perform = async (run, text, hint) => {
    if (hint) resume = () => `; ${hint}`
    const { json = false } = program.opts<{ readonly json?: boolean }>()
    await useBackend()
    const notices: string[] = []
    // A command that is refused says only why.
    const tell = () => {
      for (const said of notices.splice(0)) stderr.write(`sgm: ${said}\n`)
    }
    const report: Report = (...progress) => {
      tell()
      bars.report(...progress)
    }
    const result = await run({ report, notice: (said) => notices.push(said), ...(signal && { signal }) })
    bars.stop()
    tell()
    stdout.write(`${json ? JSON.stringify(result, undefined, 2) : text(result)}\n`)
  }
  program
    .description('Score-based generative modelling: train, sample, judge and export score models.')
    .version(versions().sgm!)
    .option('--json', 'print results as JSON')
    .showHelpAfterError(false)
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'sgm: ')),
    })
    .addHelpText(
      'after',
      `\n${name} COMMAND --help tells the options of a command. SGM_DEBUG=1 shows where an error comes from.`,
    )
    .exitOverride()
  for (const declare of declarations) declare(program, perform)
  for (const command of program.commands) {
    command.exitOverride().configureHelp({ helpWidth: 100 }).copyInheritedSettings(program)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    bars.stop()
    if (error instanceof CommanderError) {
      if (MISSING.has(error.code)) stderr.write(`${name} ${program.args[0]} --help tells the options\n`)
      return error.exitCode === 0 ? 0 : 2
    }
    const stopped = signal?.aborted === true && error === signal.reason
    if (!(error instanceof Stopped && error.quiet)) {
      stderr.write(`${messageOf(error)}${stopped || isLostGpu(error) ? resume() : ''}\n`)
    }
    if (stopped) return error instanceof Stopped ? error.exitCode : 130
    return error instanceof RangeError ? 2 : 1
  }
}

/** What commander says of something that a command cannot do without: which values there are, only the help tells. */
const MISSING: ReadonlySet<string> = new Set([
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
])

/** What is said to one who names no command. */
function firstSteps(name: string): string {
  const rows = [
    ['train --out run', 'learn to draw digits; or --data FOLDER of images, or two-moons'],
    ['sample run', 'draw samples into run/samples.png'],
    ['likelihood run', 'tell how probable held-out data are, in bits/dim'],
  ] as const
  const lines = rows.map(([command, does]) => `  ${name} ${command.padEnd(18)}${does}`)
  return [
    'sgm trains score models and samples from them.',
    '',
    ...lines,
    '',
    `${name} --help lists all commands, ${name} COMMAND --help the options of one.`,
  ].join('\n')
}

/** Whether the GPU was taken away: a run goes on from its last checkpoint. */
const isLostGpu = (error: unknown): error is Error & { readonly name: 'GpuLostError' } =>
  error instanceof Error && error.name === 'GpuLostError'

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `sgm: ${error}`
  if (process.env.SGM_DEBUG) return error.stack ?? error.message
  if (isLostGpu(error))
    return `sgm: expected a device for --device gpu, got one that was lost (${error.cause})`
  // Functions of the libraries begin with their names, which users of the command do not know.
  return `sgm: ${error.message.replaceAll(/\b[a-z]\w*: (?=expected |could not |step )/gi, '')}`
}
