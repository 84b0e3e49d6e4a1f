import pg from 'pg';
import { type Binaries } from '../src/scratch/find-binaries.ts';
/** A running server that a test may connect to. */
export interface TestServer {
    major: number;
    pid: number;
    port: number;
    socketDir: string;
    /** The URL of one of its databases, as the superuser postgres. */
    url(database?: string): string;
    /** A new connection to the database postgres; the caller ends it. */
    admin(): Promise<pg.Client>;
}
export interface TestDatabase {
    url: string;
    name: string;
    server: TestServer;
    /** Removes it, disconnecting everyone. Not needed: all goes when the run ends. */
    drop(): Promise<void>;
}
/** A server of one test. `url` stays the same over restarts. */
export interface PrivateServer extends TestServer {
    start(): Promise<void>;
    stop(mode?: 'fast' | 'immediate'): Promise<void>;
    /** As a power cut: SIGKILL to the server; its backends end when they notice. */
    kill9(): Promise<void>;
    restart(): Promise<void>;
}
/**
 * The major versions that this run is to be tested on, oldest first: SKEIN_TEST_MAJORS, or 13, 15, 17 and 18. Those for which there are no
 * programs on this platform are left out (13 and 14 exist for linux-x64 only).
 */
export declare function majors(): number[];
/** The shared server of a major version, started by whoever asks first. */
export declare function server(major?: number): Promise<TestServer>;
/** A new, empty database on the shared server. */
export declare function freshDatabase(major?: number): Promise<TestDatabase>;
/**
 * A new server for one test. Each is made by initdb rather than copied: copies share their system identifier, by which Skein knows servers
 * from one another.
 */
export declare function privateServer(major?: number, extra?: Record<string, string>): Promise<PrivateServer>;
/** The programs of a major version: 18 is the embedded server's own, the others are in test/servers. */
export declare function binaries(major: number): Binaries;
/** A connection that survives, as an object, the end of its server: without a listener that would end the process. */
export declare function connect(url: string): Promise<pg.Client>;
/** Where the programs are copied to: the same shelf as the embedded server's, since a version's copy is the same everywhere. */
export declare function shelf(): string;
/** A new, empty folder, removed when the run ends. */
export declare function temporaryFolder(): string;
/** The folder of this run's servers. */
export declare function runFolder(): string;
