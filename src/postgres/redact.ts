/**
 * Takes the passwords out of any text: those of URLs (`scheme://user:password@`), of `password=` and `sslpassword=` in DSNs and query strings
 * (quoted or not), and of `PGPASSWORD=`/`DB_PASSWORD=` assignments. Rather too much than too little: a password that was not percent-encoded
 * may contain `/`, `@` and `?`, so everything up to the last `@` of the word goes. `secrets` are further texts to take out wherever they stand.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:@/?#]*):\S*@/gi, '$1:***@')
    .replace(/((?:ssl)?password\s*=\s*)(?:'(?:[^'\\]|\\.)*'?|"[^"]*"?|(?:[^\s&'"\\]|\\.)+)/gi, '$1***')
  for (const secret of secrets) {
    if (secret.length > 0) clean = clean.replaceAll(secret, '***')
  }
  return clean
}
