export * from './encode'
export * from './slerp'
