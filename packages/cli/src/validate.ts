import { expected } from '@sgm/tensor/check'
import * as v from 'valibot'
import { BEFORE, FORMAT, type RunConfig } from './config'
import { choose, offered } from './settings/names'
import { identitySettings, lengthSettings } from './settings/run'
import { refuse } from './settings/setting'

const kinds = Object.entries({ ...identitySettings, ...lengthSettings })

const schema = v.strictObject({
  ...Object.fromEntries(kinds.map(([name, { kind }]) => [name, kind.schema])),
  format: v.literal(FORMAT),
  numbers: v.record(v.string(), v.custom<number>(Number.isFinite, 'to be a number'), 'to be numbers by name'),
  shape: v.pipe(
    v.array(
      v.pipe(
        v.number('to be an integer >= 1'),
        v.integer('to be an integer >= 1'),
        v.minValue(1, 'to be >= 1'),
      ),
      'to be a list of sizes',
    ),
    v.check((shape) => [1, 3].includes(shape.length), 'to be the shape of points or images'),
  ),
  classes: v.array(v.string('to be text'), 'to be a list of names'),
  range: v.nullable(
    v.strictTuple([v.number('to be a number'), v.number('to be a number')], 'to be two numbers, or null'),
  ),
  versions: v.record(v.string(), v.string('to be text'), 'to be versions by name'),
})

/** {@link validConfig} of a file's bytes. @throws RangeError, also where they are no JSON. */
export function parsedConfig(bytes: Uint8Array, path: string): RunConfig {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new RangeError(`sgm: expected JSON in ${path}, got what is none`, { cause })
  }
  return validConfig(value, path)
}

/**
 * A configuration as its file holds it.
 *
 * @param path Named in errors.
 * @throws RangeError that names the first member that is unknown, missing or out of its range.
 */
export function validConfig(value: unknown, path: string): RunConfig {
  if ((value as Partial<RunConfig> | null)?.format !== FORMAT) {
    throw expected('sgm', `a configuration of format ${FORMAT} in ${path}`, 'none')
  }
  const config = { ...BEFORE, ...(value as RunConfig) }
  refuse(v.safeParse(schema, config), ` in ${path}`)
  const wanted = Object.keys(choose('sde', offered.sde, config.sde).numbers)
  const got = Object.keys(config.numbers)
  if (wanted.sort().join() !== got.sort().join()) {
    throw expected('sgm', `numbers ${wanted.join(', ')} of --sde ${config.sde} in ${path}`, got.join(', '))
  }
  return config
}
