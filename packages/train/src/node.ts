export { type FileStoreOptions, fileStore, keptCheckpoints } from './node/file-store'
export { jsonLog, type LogLine } from './node/json-log'
export { type FolderLock, LockedError, lockFolder } from './node/lock-folder'
export { writeWhole } from './node/write-whole'
