/** A moment's parts in a time zone. */
interface Parts {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  nanosecond: number
  weekday: number
  dayOfYear: number
  /** Minutes east of Greenwich. */
  offset: number
  zone: string
}

const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The pieces of a layout, longest first where one begins another. Source: Go 1.24 src/time/format.go, nextStdChunk. */
const pieces =
  /January|Jan|Monday|Mon|MST|2006|__2|_2006|_2|002|01|02|03|04|05|06|15|PM|pm|-07:00:00|-070000|-07:00|-0700|-07|Z07:00:00|Z070000|Z07:00|Z0700|Z07|[.,](?:0+|9+)(?![0-9])|1|2|3|4|5/g

/** A moment by a Go layout ("20060102150405"); anything that is no piece of one stands for itself, as in Go. */
export function formatGoTime(moment: Date, layout: string, timeZone: string): string {
  const at = partsIn(moment, timeZone)
  return layout.replace(pieces, (piece, index: number) => {
    // "Jan" inside of a longer word is no month (Go looks whether a lower-case letter follows).
    if (/^(?:Jan|Mon)$/.test(piece) && /^[a-z]/.test(layout.slice(index + 3))) return piece
    return textOf(piece, at)
  })
}

/** Throws RangeError for a zone that nobody knows. "" and "UTC" are UTC, "Local" is this machine's, as in Go's LoadLocation. */
export function goTimeZone(name: string): string {
  if (name === '' || name === 'UTC') return 'UTC'
  if (name === 'Local') return Intl.DateTimeFormat().resolvedOptions().timeZone
  return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
}

function textOf(piece: string, at: Parts): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const hour12 = at.hour % 12 === 0 ? 12 : at.hour % 12
  if (/^[.,]/.test(piece)) return fraction(piece, at.nanosecond)
  if (/^[-Z]0/.test(piece)) return zoneOffset(piece, at.offset)
  const texts: Record<string, string> = {
    January: months[at.month - 1] ?? '',
    Jan: (months[at.month - 1] ?? '').slice(0, 3),
    Monday: days[at.weekday] ?? '',
    Mon: (days[at.weekday] ?? '').slice(0, 3),
    MST: at.zone,
    '2006': String(at.year).padStart(4, '0'),
    _2006: `_${String(at.year).padStart(4, '0')}`,
    '06': two(at.year % 100),
    '01': two(at.month),
    '1': String(at.month),
    '02': two(at.day),
    _2: String(at.day).padStart(2, ' '),
    '2': String(at.day),
    '002': String(at.dayOfYear).padStart(3, '0'),
    __2: String(at.dayOfYear).padStart(3, ' '),
    '15': two(at.hour),
    '03': two(hour12),
    '3': String(hour12),
    '04': two(at.minute),
    '4': String(at.minute),
    '05': two(at.second),
    '5': String(at.second),
    PM: at.hour >= 12 ? 'PM' : 'AM',
    pm: at.hour >= 12 ? 'pm' : 'am',
  }
  return texts[piece] ?? piece
}

function fraction(piece: string, nanosecond: number): string {
  const digits = String(nanosecond)
    .padStart(9, '0')
    .slice(0, piece.length - 1)
  if (piece.endsWith('0')) return `${piece[0]}${digits}`
  const short = digits.replace(/0+$/, '')
  return short === '' ? '' : `${piece[0]}${short}`
}

function zoneOffset(piece: string, offset: number): string {
  if (piece.startsWith('Z') && offset === 0) return 'Z'
  const sign = offset < 0 ? '-' : '+'
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((value) => String(value).padStart(2, '0'))
  const separator = piece.includes(':') ? ':' : ''
  if (piece.length === 3) return `${sign}${hours}`
  const seconds = /:00:00$|0000$/.test(piece) && piece.length > 6 ? `${separator}00` : ''
  return `${sign}${hours}${separator}${minutes}${seconds}`
}

function partsIn(moment: Date, timeZone: string): Parts {
  const format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    timeZoneName: 'short',
  })
  const found = new Map(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(found.get(type))
  const [year, month, day, hour, minute, second] = [
    number('year'),
    number('month'),
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  ] as const
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second)
  return {
    year,
    month,
    day,
    hour,
    minute,
    second,
    nanosecond: moment.getUTCMilliseconds() * 1_000_000,
    weekday: new Date(asUtc).getUTCDay(),
    dayOfYear: (Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 1)) / 86_400_000 + 1,
    offset: Math.round((asUtc - Math.floor(moment.getTime() / 1000) * 1000) / 60_000),
    zone: found.get('timeZoneName') ?? 'UTC',
  }
}
