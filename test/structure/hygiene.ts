import type { TextFile } from './tree.ts'

/** What no file of the project may name. */
const unwanted = [
  { what: 'a home folder', pattern: /(?<![\w.-])\/(home|Users|root)\/\w+|[A-Z]:\\Users\\/ },
  { what: 'a folder of the workplace', pattern: /(?<![\w.@-])\/work\/\w+|shared\/reference/ },
  {
    what: 'a host of a package registry',
    pattern: /\bregistry\.[\w-]+\.(org|com|net|io|dev)\b|\bnpm\.pkg\.github\b/,
  },
] as const

/** Lines that name a machine's own path, the workplace or a package registry. */
export function unwantedText(files: readonly TextFile[]): readonly string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => complaints(line, `${path}:${index + 1}`)),
  )
}

function complaints(line: string, place: string): readonly string[] {
  return unwanted.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${place}: names ${what}`)
}
