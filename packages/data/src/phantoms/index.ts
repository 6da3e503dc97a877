export * from './phantoms'
export { type SheppLoganOptions, sheppLogan } from './shepp-logan'
