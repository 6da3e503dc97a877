/** The bytes at a URL. @throws Error when they cannot be fetched. */
export async function fetched(url: string): Promise<Uint8Array> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`openPipeline: could not fetch ${url}: status ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
