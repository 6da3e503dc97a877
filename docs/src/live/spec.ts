/** What a demo runs on. */
export type EngineName = 'auto' | 'gpu' | 'wasm'

/** Words in the languages of the site. */
export interface Words {
  readonly en: string
  readonly ko: string
}

export type Language = keyof Words

/** A number that the reader moves. */
export interface RangeOption {
  readonly kind: 'range'
  readonly label: Words
  readonly min: number
  readonly max: number
  readonly step: number
  readonly start: number
}

/** One of several. */
export interface ChoiceOption {
  readonly kind: 'choice'
  readonly label: Words
  readonly choices: Readonly<Record<string, Words>>
  readonly start: string
}

export type Point = readonly [x: number, y: number]

/** Points of the plane: handles to be moved, or as many as the reader draws. */
export interface PointsOption {
  readonly kind: 'points'
  readonly label: Words
  /** What both coordinates lie between. */
  readonly within: readonly [low: number, high: number]
  /** The most points that can be drawn; without it their number is that of `start`. */
  readonly most?: number
  readonly start: readonly Point[]
  /** The choice that they belong to: they are shown while that is made. */
  readonly when?: { readonly option: string; readonly is: string }
}

export type Option = RangeOption | ChoiceOption | PointsOption
export type Options = Readonly<Record<string, Option>>
export type Value = number | string | readonly Point[]

/** What the reader has chosen, whatever the demo. */
export type AnyValues = Readonly<Record<string, Value>>

/** What the reader has chosen of a demo's options. */
export type Values<O extends Options> = {
  readonly [K in keyof O]: O[K] extends RangeOption
    ? number
    : O[K] extends ChoiceOption
      ? string
      : readonly Point[]
}

/** What of a demo is known before it starts. */
export interface Spec<O extends Options = Options> {
  readonly title: Words
  /** One sentence: what to do, and what is seen then. */
  readonly about: Words
  /** What the picture shows, for those who do not see it. */
  readonly shows: Words
  /** Whether the picture takes the whole width. @default true */
  readonly wide?: boolean
  /** What it always runs on, where that is what it is about. */
  readonly engine?: EngineName
  readonly options: O
}

/** A number that a demo computes. */
export interface Fact {
  readonly name: string
  readonly label: Words
  readonly value: number
  /** What it should be, from a closed form. */
  readonly truth?: number
  /** Digits after the point. @default 3 */
  readonly digits?: number
}

export const spec = <const O extends Options>(given: Spec<O>): Spec<O> => given

export const range = (label: Words, [min, max]: readonly [number, number], step: number, start: number) =>
  ({ kind: 'range', label, min, max, step, start }) satisfies RangeOption

export const choice = (label: Words, choices: Readonly<Record<string, Words>>, start: string) =>
  ({ kind: 'choice', label, choices, start }) satisfies ChoiceOption

/** A formula that stays on one line: none of its spaces breaks it. */
export const formula = (text: string): string => text.replaceAll(' ', '\u00a0')

/** The values that a demo starts with. */
export function startOf<O extends Options>(options: O): Values<O> {
  return Object.fromEntries(Object.entries(options).map(([name, { start }]) => [name, start])) as Values<O>
}
