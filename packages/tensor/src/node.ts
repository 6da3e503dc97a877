export { linkFile } from './node/link-file'
export { type FolderLock, LockedError, lockFolder } from './node/lock-folder'
export { naming, replaceFile, statOf, writeWhole } from './node/write-whole'
