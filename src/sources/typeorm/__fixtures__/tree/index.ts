export * from './1700000000000-initial'
