/** What follows `//`, and what stands between `/**` and its end on one line. */
const COMMENT = /(?<=\/\/ |\/\*\* ).+?(?=$| \*\/)/gm

/** The comments of a program, as they are written. */
export function commentsOf(program: string): string[] {
  return program.match(COMMENT) ?? []
}

/** A program with its comments in other words; those without a translation stay. */
export function withComments(program: string, words: Readonly<Record<string, string>>): string {
  return program.replaceAll(COMMENT, (comment) => words[comment] ?? comment)
}
