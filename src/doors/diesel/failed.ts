/** Its own way out: what the tool says on stderr, word for word, and its exit code. */
export class Failed extends Error {
  readonly exit: number
  constructor(message: string, exit = 1) {
    super(message)
    this.exit = exit
  }
}

/** What the tool says of any trouble with migrations. */
export function failedToRun(message: string): Failed {
  return new Failed(`Failed to run migrations: ${message}`)
}

/** An error of the file system as Rust says it: `No such file or directory (os error 2)`. */
export function rustIoError(error: unknown): string {
  const { code, errno, message } = error as NodeJS.ErrnoException
  const texts: Record<string, string> = {
    ENOENT: 'No such file or directory',
    ENOTDIR: 'Not a directory',
    EACCES: 'Permission denied',
    EEXIST: 'File exists',
    EISDIR: 'Is a directory',
    EROFS: 'Read-only file system',
    ENAMETOOLONG: 'File name too long',
  }
  const text = code === undefined ? undefined : texts[code]
  return text === undefined || errno === undefined ? message : `${text} (os error ${-errno})`
}

/** A connection string without its password, for a message. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^:@/\s]*:)[^@\s]*@/g, '$1***@').replace(/([?&]password=)[^&\s]*/g, '$1***')
}
