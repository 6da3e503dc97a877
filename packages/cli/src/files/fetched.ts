import type { Folder } from './read-from'

/** The statuses of a file that is not there. */
const GONE = [404, 410]

/** Files of a folder that is served, with the search of its URL. */
export function fetched(folder: URL): Folder {
  const urlOf = (name: string): URL => {
    const url = new URL(folder)
    url.pathname = `${url.pathname.replace(/\/$/, '')}/${name}`
    return url
  }
  return {
    where: (name) => urlOf(name).href,
    async read(name) {
      const { href } = urlOf(name)
      const response = await fetch(href)
      if (GONE.includes(response.status)) return undefined
      if (!response.ok) throw new Error(`loadRun: could not fetch ${href}: status ${response.status}`)
      return new Uint8Array(await response.arrayBuffer())
    },
  }
}
