// Written by `pnpm generate`.
export * from './cosine'
export * from './edm'
export * from './rectified-flow'
export * from './sigma-t'
export * from './sub-vp'
export * from './ve'
export * from './vp'
