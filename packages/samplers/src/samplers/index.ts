export * from './euler-maruyama'
