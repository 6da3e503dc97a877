import type { AnyValues, Option, Options, Point, Value } from './spec'
import { startOf } from './spec'

/** Cells along each axis that points are written in: two digits of base 36. */
const CELLS = 36 ** 2 - 1

/** The values of a demo that an address names, `?NAME.OPTION=…`; others are what the demo starts with. */
export function valuesIn(search: string, demo: string, options: Options): AnyValues {
  const query = new URLSearchParams(search)
  const given = Object.entries(options).flatMap(([name, option]) => {
    const value = read(option, query.get(`${demo}.${name}`))
    return value === undefined ? [] : [[name, value] as const]
  })
  return { ...startOf(options), ...Object.fromEntries(given) }
}

/** An address's query with the values of a demo, those left out that it starts with. */
export function searchWith(search: string, demo: string, options: Options, values: AnyValues): string {
  const query = new URLSearchParams(search)
  for (const [name, option] of Object.entries(options)) {
    const text = written(option, values[name]!)
    if (text === written(option, option.start)) query.delete(`${demo}.${name}`)
    else query.set(`${demo}.${name}`, text)
  }
  const text = query.toString()
  return text && `?${text}`
}

function read(option: Option, text: string | null): Value | undefined {
  if (text === null) return undefined
  switch (option.kind) {
    case 'range': {
      const value = Number(text)
      const steps = (value - option.min) / option.step
      const fits = Math.abs(steps - Math.round(steps)) < 1e-6
      return fits && value >= option.min && value <= option.max ? value : undefined
    }
    case 'choice':
      return Object.hasOwn(option.choices, text) ? text : undefined
    case 'points': {
      const [low, high] = option.within
      const place = (digits: string) => low + ((high - low) * Number.parseInt(digits, 36)) / CELLS
      const points = (text.match(/[0-9a-z]{4}/g) ?? []).map(
        (four): Point => [place(four.slice(0, 2)), place(four.slice(2))],
      )
      const fits =
        option.most === undefined ? points.length === option.start.length : points.length <= option.most
      return fits ? points : undefined
    }
  }
}

function written(option: Option, value: Value): string {
  if (option.kind !== 'points' || typeof value !== 'object') return String(value)
  const [low, high] = option.within
  const digits = (at: number) =>
    Math.round((CELLS * (at - low)) / (high - low))
      .toString(36)
      .padStart(2, '0')
  return value.map(([x, y]) => digits(x) + digits(y)).join('')
}
