import { readFileSync } from 'node:fs'

const folder = new URL('../../packages/samplers/fixtures/', import.meta.url)

/** A file of the fixtures of the samplers. */
export const fixture = (name: string): Buffer => readFileSync(new URL(name, folder))
