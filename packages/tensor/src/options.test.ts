import { expect, it } from 'vitest'
import { objectOf, optionsOf } from './options'

const names = { churn: true, from: true } as const
type Churn = { readonly churn?: number; readonly from?: number }
const churnOf = (options: Churn) => optionsOf('heun', options, names)

it('give options that have no other names', () => {
  for (const options of [
    {},
    { churn: 1 },
    { churn: undefined },
    Object.create(null),
    Object.create({ to: 1 }),
  ]) {
    expect(churnOf(options)).toBe(options)
  }
})

it('refuse a name that there is not, and say those that there are', () => {
  for (const name of ['Churn', 'toString', 'constructor', '']) {
    const options = { churn: 1, [name]: undefined }
    expect(() => churnOf(options)).toThrow(new TypeError(`heun: expected options churn, from, got '${name}'`))
  }
  expect(() => churnOf(JSON.parse('{ "__proto__": 1 }'))).toThrow("got '__proto__'")
})

it('refuse what is no object', () => {
  expect(() => churnOf(3 as never)).toThrow('heun: expected an object of options, got 3')
  expect(() => objectOf('f', null as never, 'tensors by name')).toThrow(
    'f: expected tensors by name, got null',
  )
})

it('do not compile with a list that lacks a name, or has another', () => {
  const options: Churn = {}
  // @ts-expect-error from is left out
  optionsOf('heun', options, { churn: true })
  // @ts-expect-error there is no to
  optionsOf('heun', options, { churn: true, from: true, to: true })
})
