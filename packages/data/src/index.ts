export {
  type Batches,
  type BatchOptions,
  batches,
  type RowSource,
  type StreamOptions,
  stream,
} from './batches'
export * from './formats'
export * from './glyphs'
export * from './images'
export * from './phantoms'
export * from './toy'
