export * from './batches'
export * from './glyphs'
export * from './images'
export * from './toy'
