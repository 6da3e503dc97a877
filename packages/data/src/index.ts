export * from './batches'
export * from './toy'
