import {
  checkExtent,
  checkHalfOpen,
  checkLists,
  checkStrings,
  expected,
  expectedType,
  optionsOf,
} from '@sgm/tensor/check'
import { scaleLinear, scaleLog } from 'd3-scale'
import type { AxisOptions, Extent, Tick } from '../types'

/** One axis ready to be drawn. */
export interface Axis {
  readonly domain: Extent
  readonly ticks: readonly Tick[]
  readonly label: string
  /** From the domain to 0…1. */
  unit(value: number): number
}

/** An axis over a domain, with about as many ticks as asked for. */
export function axisOf(options: AxisOptions, domain: Extent, count: number): Axis {
  const { scale: type = 'linear', label = '', ticks = count } = options
  const scale = scaleFor(type, domain)
  return {
    domain,
    label,
    ticks: typeof ticks === 'number' ? chosen(scale, ticks) : given(ticks, scale, domain),
    unit: (value) => scale(value),
  }
}

/** A map from a domain to 0…1. */
export function unitOf(type: 'linear' | 'log', domain: Extent): (value: number) => number {
  const scale = scaleFor(type, domain)
  return (value) => scale(value)
}

/** @throws RangeError unless the options make sense. */
export function checkAxis(where: string, name: string, options: AxisOptions): void {
  const { label, domain, scale, ticks } = optionsOf(where, options, {
    label: true,
    domain: true,
    scale: true,
    ticks: true,
    grid: true,
    line: true,
    show: true,
  })
  if (domain !== undefined) checkExtent(where, `${name}.domain`, domain)
  if (scale !== undefined && scale !== 'linear' && scale !== 'log') {
    throw expected(where, `${name}.scale to be linear or log`, scale)
  }
  if (scale === 'log' && domain && domain[0] <= 0) throw expected(where, `${name}.domain > 0`, domain)
  if (label !== undefined) checkStrings(where, { [`${name}.label`]: label })
  if (typeof ticks === 'number') checkHalfOpen(where, { [`${name}.ticks`]: ticks }, 0, 1000)
  else if (ticks !== undefined) {
    checkLists(where, { [`${name}.ticks`]: ticks })
    for (const tick of ticks) checkTick(where, `${name}.ticks`, tick)
  }
}

function checkTick(where: string, name: string, tick: unknown): void {
  if (typeof tick === 'number') return
  const { at, label } = (tick ?? {}) as Partial<Tick>
  if (typeof at !== 'number' || typeof label !== 'string') {
    throw expectedType(where, `${name} to be numbers, or at and label`, tick)
  }
}

type Scale = ReturnType<typeof scaleFor>

function scaleFor(type: 'linear' | 'log', domain: Extent) {
  return (type === 'log' ? scaleLog() : scaleLinear()).domain(domain)
}

function chosen(scale: Scale, count: number): Tick[] {
  const ends = scale.domain() as [number, number]
  // Steps that numbers below 1e-308 cannot hold.
  if (!(ends[1] - ends[0] > 1e-300)) return ends.map((at) => ({ at, label: at === 0 ? '0' : inTens(at) }))
  const powers = 'base' in scale ? powersOfTen(ends) : []
  if (powers.length > 2) {
    const every = Math.ceil(powers.length / Math.max(count, 1))
    return powers.filter((_, i) => i % every === 0).map((at) => ({ at, label: inTens(at) }))
  }
  const all = scale.ticks(count).filter((at) => Number.isFinite(scale(at)))
  if ('base' in scale && all.length <= 2 * count) return all.map((at) => ({ at, label: inTens(at) }))
  const format = formatFor(scale, count)
  return all.map((at) => ({ at, label: format(at) })).filter(({ label }) => label !== '')
}

function powersOfTen([low, high]: readonly [number, number]): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => 10 ** (first + i))
}

/** Ticks as they were given: numbers with as many digits as all of them need, up to a thousandth of the domain. */
function given(ticks: readonly (number | Tick)[], scale: Scale, [low, high]: Extent): Tick[] {
  const formats = [10, 100, 1000].map((count) => formatFor(scale, count))
  const numbers = ticks.filter((tick) => typeof tick === 'number')
  const exact = (label: string, at: number): boolean =>
    Number(label.replace('−', '-').replaceAll(',', '')) === at
  const format = formats.find((one) => numbers.every((at) => exact(one(at), at))) ?? formats[0]!
  return ticks
    .map((tick) => (typeof tick === 'number' ? { at: tick, label: format(tick) } : tick))
    .filter(({ at }) => at >= low && at <= high)
}

/** d3's labels, with powers of ten in place of many zeros. */
function formatFor(scale: Scale, count: number): (value: number) => string {
  const format = scale.tickFormat(count)
  const [low, high] = scale.domain().map(Math.abs) as [number, number]
  const largest = Math.max(low, high)
  const logarithmic = 'base' in scale
  if (!logarithmic && largest < 1e6 && largest >= 1e-3) return (value) => format(value)
  return (value) => {
    if (format(value) === '') return ''
    return value === 0 ? '0' : inTens(value)
  }
}

function inTens(value: number): string {
  const [mantissa, power10] = value.toExponential(2).split('e') as [string, string]
  const exponent = Number(power10)
  if (exponent > -4 && exponent < 4) return String(Number(value.toPrecision(6))).replace('-', '−')
  const digits = String(Number(mantissa)).replace('-', '−')
  const power = `10${[...String(exponent)].map((c) => raised[c]).join('')}`
  return digits === '1' ? power : `${digits}×${power}`
}

const raised: Readonly<Record<string, string>> = Object.fromEntries(
  [...'-0123456789'].map((c, i) => [c, [...'⁻⁰¹²³⁴⁵⁶⁷⁸⁹'][i]!]),
)
