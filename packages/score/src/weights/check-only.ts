import { checkOneOf } from '@sgm/tensor/check'

/** Throws RangeError, under the name of `fromDiffusers`, where a configuration has a value that is not among those there are. */
export function checkOnly(config: object, only: Readonly<Record<string, readonly unknown[]>>): void {
  for (const [name, values] of Object.entries(only)) {
    const value: unknown = Reflect.get(config, name)
    if (value !== undefined) checkOneOf('fromDiffusers', { [name]: value }, values)
  }
}
