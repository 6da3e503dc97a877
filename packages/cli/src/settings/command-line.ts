import { type Command, InvalidArgumentError, Option } from 'commander'
import * as v from 'valibot'
import type { Kind } from './kinds'
import { flagOf, type Settings } from './setting'

/** Gives a command the options of a table. */
export function addSettings(command: Command, settings: Settings): Command {
  for (const [name, { help, kind, value = 'n', short, off, required }] of Object.entries(settings)) {
    const flag = off ? flagOf(name).replace('--', '--no-') : flagOf(name)
    const flags = [short && `${short}, `, flag, kind.read && ` <${value}>`].filter(Boolean).join('')
    const option = new Option(flags, help)
    if (kind.read) option.argParser((text) => parsed(kind, text))
    if (required) option.makeOptionMandatory()
    command.addOption(option)
  }
  return command
}

function parsed(kind: Kind, text: string): unknown {
  const result = v.safeParse(kind.schema, kind.read!(text))
  if (result.success) return result.output
  throw new InvalidArgumentError(`Expected ${kind.words.replace('to be ', '')}.`)
}
