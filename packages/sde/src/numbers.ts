import { expected, objectOf, optionsOf } from '@sgm/tensor/check'

/** A number that something takes by name: its default, and what it may be. */
export interface NumberSetting {
  /** What it is, in a few words. */
  readonly summary: string
  readonly default: number
  /** Smallest value. @default none */
  readonly least?: number
  /** Below every value. @default none */
  readonly above?: number
  /** Largest value. @default none */
  readonly most?: number
  /** Above every value. @default none */
  readonly below?: number
  /** Whether it is an integer. @default false */
  readonly whole?: boolean
}

/** Numbers by name: the one place where their defaults and bounds stand. */
export type NumberSettings = Readonly<Record<string, NumberSetting>>

/** Values of {@link NumberSettings}. */
export type NumbersOf<T extends NumberSettings> = { readonly [K in keyof T]: number }

/**
 * What a number may be, as messages say it: `> 0`, `in [0, 1)`, `to be an integer >= 1`.
 *
 * @param range What a number must lie in.
 * @example
 * rangeInWords({ least: 0, below: 1 }) // → 'in [0, 1)'
 */
export function rangeInWords(range: Omit<NumberSetting, 'summary' | 'default'>): string {
  const { least, above, most, below, whole } = objectOf('rangeInWords', range, 'a range')
  const [low, high] = [least ?? above, most ?? below]
  const kind = whole ? 'to be an integer ' : ''
  if (low !== undefined && high !== undefined) {
    return `${kind}in ${least === undefined ? '(' : '['}${low}, ${high}${most === undefined ? ')' : ']'}`
  }
  if (low !== undefined) return `${kind}${least === undefined ? '>' : '>='} ${low}`
  if (high !== undefined) return `${kind}${most === undefined ? '<' : '<='} ${high}`
  return whole ? 'to be an integer' : 'to be finite'
}

/**
 * Whether a value is a number that the setting allows.
 *
 * @param range What it must lie in.
 * @example
 * isAllowed({ least: 0, below: 1 }, 1) // → false
 */
export function isAllowed(
  range: Omit<NumberSetting, 'summary' | 'default'>,
  value: unknown,
): value is number {
  const {
    least = -Infinity,
    above = -Infinity,
    most = Infinity,
    below = Infinity,
    whole,
  } = objectOf('isAllowed', range, 'a range')
  if (typeof value !== 'number' || !(whole ? Number.isSafeInteger(value) : Number.isFinite(value)))
    return false
  return value >= least && value > above && value <= most && value < below
}

/**
 * The given numbers, and the defaults of those that are not.
 *
 * @param settings The numbers that there are, with their ranges and defaults.
 * @param given Those that are not the defaults.
 * @throws RangeError when one is out of its range. TypeError when none of the settings has its name.
 * @example
 * numbersOf('vp', vpNumbers, { betaMax: 10 }) // → { betaMin: 0.1, betaMax: 10 }
 */
export function numbersOf<T extends NumberSettings>(
  where: string,
  settings: T,
  given: { readonly [K in keyof T]?: number | undefined },
): NumbersOf<T> {
  objectOf(where, settings, 'numbers by name')
  optionsOf<Readonly<Record<string, unknown>>>(where, given, settings)
  return Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => {
      const value: unknown = given[name] === undefined ? setting.default : given[name]
      if (isAllowed(setting, value)) return [name, value]
      throw expected(
        where,
        `${name} ${rangeInWords(setting)}`,
        typeof value === 'string' ? `'${value}'` : value,
      )
    }),
  ) as NumbersOf<T>
}
