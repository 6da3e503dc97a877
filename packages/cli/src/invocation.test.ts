import { expect, it } from 'vitest'
import { invocation } from './invocation'

it.each([
  ['npx @sgm/cli', 'exec', '/home/me/.npm/_npx/1f/node_modules/.bin/sgm'],
  ['npx @sgm/cli', 'exec', 'C:\\cache\\node_modules\\@sgm\\cli\\dist\\bin.cjs'],
  ['sgm', 'exec', '/repo/node_modules/.bin/vitest'],
  ['sgm', undefined, '/usr/local/bin/sgm'],
  ['sgm', 'run-script', '/repo/node_modules/.bin/sgm'],
])('is %s when npm runs %s of %s', (wanted, npm_command, file) => {
  expect(invocation({ npm_command }, file)).toBe(wanted)
})
