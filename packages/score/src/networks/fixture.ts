import { readFileSync } from 'node:fs'
import { deserialize, type NamedTensors, type Tensor } from '@sgm/tensor'

/** What a script beside it wrote: a network's parameters, and tensors of its own under names without a dot. */
export interface Fixture {
  readonly parameters: NamedTensors
  readonly values: Readonly<Record<string, Tensor>>
  readonly metadata: Readonly<Record<string, string>>
}

/** Reads `fixtures/<name>.safetensors` of this package. */
export function readFixture(name: string): Fixture {
  const path = new URL(`../../fixtures/${name}.safetensors`, import.meta.url)
  const { tensors, metadata } = deserialize(readFileSync(path))
  const entries = Object.entries(tensors)
  const part = (dotted: boolean) =>
    Object.fromEntries(entries.filter(([key]) => key.includes('.') === dotted))
  return { parameters: part(true), values: part(false), metadata }
}
