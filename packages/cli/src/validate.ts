import { expected } from '@sgm/tensor/check'
import * as v from 'valibot'
import { FORMAT, type RunConfig } from './config'
import { choose, offered } from './settings/names'
import { identitySettings, lengthSettings } from './settings/run'
import { refuse } from './settings/setting'

const kinds = Object.entries({ ...identitySettings, ...lengthSettings })

const schema = v.strictObject({
  ...Object.fromEntries(kinds.map(([name, { kind }]) => [name, kind.schema])),
  format: v.literal(FORMAT),
  numbers: v.record(v.string(), v.custom<number>(Number.isFinite, 'to be a number')),
  shape: v.pipe(
    v.array(
      v.pipe(
        v.number('to be an integer >= 1'),
        v.integer('to be an integer >= 1'),
        v.minValue(1, 'to be >= 1'),
      ),
    ),
    v.check((shape) => [1, 3].includes(shape.length), 'to be the shape of points or images'),
  ),
  classes: v.array(v.string('to be text')),
  range: v.nullable(v.tuple([v.number('to be a number'), v.number('to be a number')])),
  versions: v.record(v.string(), v.string('to be text')),
})

/** {@link validConfig} of a file's bytes. @throws RangeError, also where they are no JSON. */
export function parsedConfig(bytes: Uint8Array, path: string): RunConfig {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw expected('sgm', `JSON in ${path}`, (cause as Error).message)
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
  refuse(v.safeParse(schema, value), ` in ${path}`)
  const config = value as RunConfig
  const wanted = Object.keys(choose('sde', offered.sde, config.sde).numbers)
  const got = Object.keys(config.numbers)
  if (wanted.sort().join() !== got.sort().join()) {
    throw expected('sgm', `numbers ${wanted.join(', ')} of --sde ${config.sde} in ${path}`, got.join(', '))
  }
  return config
}
