export { type GlyphOptions, glyphs } from './glyphs'
