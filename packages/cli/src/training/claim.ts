import { mkdir } from 'node:fs/promises'
import { expected } from '@sgm/tensor'
import { type FolderLock, LockedError, lockFolder } from '@sgm/tensor/node'

/**
 * Makes a run's folder and takes it for this process alone.
 *
 * @throws Error when another process trains in it. RangeError when it is no folder.
 */
export async function claimFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST' || error.code === 'ENOTDIR') {
      throw expected('sgm', '--out to be a folder', `the file ${folder}`)
    }
    throw new Error(`sgm: could not make the folder ${folder}: ${error.message}`, { cause: error })
  })
  try {
    return await lockFolder(folder)
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    throw new Error(
      `sgm: expected a run that no one trains, got ${folder}, which ${error.holder} trains. ` +
        `If it does no more, delete ${error.path}`,
      { cause: error },
    )
  }
}
