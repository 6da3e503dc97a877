/** Glues what stands on both sides of it, without being seen. */
export const JOINER = '\u2060'

/** Besides letters, what a Korean particle follows without a space. */
const BEFORE = /(?<=[)\]”’])(?=\p{Script=Hangul})/gu

/** Keeps Korean particles on the line of the word that they belong to: browsers break lines after a bracket in spite of `keep-all`. */
export const joined = (text: string): string => text.replace(BEFORE, JOINER)
