// On a scratch database the DataSource connects there, whatever its file says: no other database is to be touched.
// Source: TypeORM 0.3.31 and 1.1.1 driver/postgres/PostgresDriver.js (connect, createPool), driver/DriverUtils.js (buildDriverOptions).

/** Skein has made DATABASE_URL the URL of a scratch database. */
export function isScratch() {
  return process.env.SKEIN_SCRATCH === '1'
}

/** The same DataSource, leading to DATABASE_URL. */
export function leadToScratch(dataSource) {
  const url = new URL(process.env.DATABASE_URL)
  const {
    ssl: _ssl,
    host: _host,
    port: _port,
    user: _user,
    password: _password,
    database: _database,
    connectionString: _,
    ...extra
  } = dataSource.options.extra ?? {}
  return dataSource.setOptions({
    url: url.href,
    host: url.searchParams.get('host') ?? decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    username: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    replication: undefined,
    ssl: ['require', 'verify-ca', 'verify-full'].includes(url.searchParams.get('sslmode')) ? { rejectUnauthorized: false } : false,
    extra,
  })
}
