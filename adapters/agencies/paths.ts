/** An address below another, with one slash between them. */
export const below = (url = '', path = ''): string => `${url.replace(/\/$/, '')}/${path.replace(/^\//, '')}`

/** The last word of a path, with or without a slash after it. */
export const lastWord = (path: string): string => path.replace(/\/$/, '').split('/').at(-1) ?? ''
