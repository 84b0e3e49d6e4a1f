/** Its own way out: what the tool says, word for word, and exit code 1. */
export class Fatal extends Error {}
