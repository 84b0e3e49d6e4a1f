export declare class Never1700000700000 { up(): void }
