import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import type { Context } from 'mocha'
import { skip } from './skip.ts'

/** Where Debian's libxml-security-java and its relatives put their parts. */
const jars = ['xmlsec', 'commons-logging', 'slf4j-api', 'slf4j-nop', 'commons-codec']
const pathOf = (jar: string): string => `/usr/share/java/${jar}.jar`

/** Class path for a program that uses Apache Santuario: what is there of it. */
export const santuarioClassPath = jars.map(pathOf).filter(existsSync).join(':')

const runs = (command: string, argument: string): boolean => spawnSync(command, [argument]).status === 0

/** Programs that some tests compare us with, and how to see that they are there. */
const tools = {
  xmlsec1: () => runs('xmlsec1', '--version'),
  java: () => runs('java', '-version'),
  santuario: () => runs('java', '-version') && existsSync(pathOf('xmlsec')),
  openssl: () => runs('openssl', 'version'),
  python3: () => runs('python3', '--version'),
  curl: () => runs('curl', '--version'),
} as const satisfies Record<string, () => boolean>

export type Tool = keyof typeof tools

const present = new Map<Tool, boolean>()

/** Skips the running test when a program it compares us with is missing, and says so; with CI=true that is a failure. */
export function needsTool(context: Context, tool: Tool): void {
  const found = present.get(tool) ?? tools[tool]()
  present.set(tool, found)
  if (found) return
  if (process.env['CI'] === 'true')
    throw new Error(`${tool} is missing, and with CI=true every test must run`)
  skip(context, `${tool} is not installed`)
}
