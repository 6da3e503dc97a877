import { expected } from '@sgm/tensor/check'
import type { Theme, ThemeName } from './types'

const font = "Inter, 'Noto Sans Math', system-ui, -apple-system, 'Segoe UI', sans-serif"

/** After Okabe and Ito (2008), without their yellow, which is lost on white; darkened to a contrast of 3 : 1. */
const light: Theme = {
  background: '#ffffff',
  ink: '#1b1f24',
  muted: '#59636e',
  rule: '#e6e9ec',
  palette: ['#0072b2', '#d55e00', '#008561', '#b8508c', '#2b93cf', '#a86f00'],
  accent: '#4584bd',
  signed: ['#0b5fa5', '#b5460f'],
  font,
}

const dark: Theme = {
  background: '#14181d',
  ink: '#e8ebee',
  muted: '#9aa4ae',
  rule: '#2a3037',
  palette: ['#56b4e9', '#f28e4b', '#2bc49a', '#e092bf', '#8fa8ff', '#e6c84f'],
  accent: '#5a9bcb',
  signed: ['#62b3ee', '#f0915a'],
  font,
}

/** The themes by name, to make one's own from: `{ ...themes.dark, background: '#000000' }`. */
export const themes: Readonly<Record<ThemeName, Theme>> = { light, dark }

/** A theme by its name, or one of your own. @throws RangeError for a name that is none. */
export function themeOf(where: string, theme: ThemeName | Theme): Theme {
  const found = typeof theme === 'string' && Object.hasOwn(themes, theme) ? themes[theme] : theme
  if (typeof found !== 'object' || !found || !Array.isArray(found.palette) || found.palette.length === 0)
    throw expected(where, `theme to be one of ${Object.keys(themes).join(', ')}`, theme)
  return found
}
