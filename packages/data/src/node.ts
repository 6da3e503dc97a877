export { fileSource } from './node/file-source'
export { type OpenImagesOptions, openImages } from './node/open-images'
