export * from './guidance'
export * from './operators'
export * from './projection'
export * from './replacement'
