export * from './bits-per-dim'
export * from './log-likelihood'
export * from './score-divergence'
