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
    async read(name, { signal, onShare } = {}) {
      const { href } = urlOf(name)
      const response = await fetch(href, { signal: signal ?? null })
      if (GONE.includes(response.status)) return undefined
      if (!response.ok) throw new Error(`loadRun: could not fetch ${href}: status ${response.status}`)
      const counted = onShare ? telling(response, onShare) : response
      return new Uint8Array(await counted.arrayBuffer())
    },
  }
}

/** A response that tells how much of it has come, where its length is known. */
function telling(response: Response, onShare: (share: number) => void): Response {
  const { body, headers } = response
  // What is compressed on its way has another length than its content.
  const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'))
  if (!body || !(length > 0)) return response
  let come = 0
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      come += part.length
      onShare(come / length)
      controller.enqueue(part)
    },
  })
  return new Response(body.pipeThrough(count))
}
