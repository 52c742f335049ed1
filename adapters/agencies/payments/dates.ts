import { z } from 'zod'

/** How a partner writes moments. */
export const DateStyle = z.enum(['compact', 'dashed', 'iso']).default('compact')

const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/

const styles: Readonly<Record<z.infer<typeof DateStyle>, string>> = {
  compact: '$1$2$3$4$5$6',
  dashed: '$1-$2-$3 $4:$5:$6',
  iso: '$1-$2-$3T$4:$5:$6+07:00',
}

/** yyyyMMddHHmmss in a partner's style; any other text as it is. */
export const styledDate = (text: string, style: z.infer<typeof DateStyle>): string =>
  text.replace(parts, styles[style])
